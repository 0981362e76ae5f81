"""What holds for every registered metric: contract, invariances, and a file for each."""

from pathlib import Path

import numpy as np
import pytest

from genearena.metrics import registry
from genearena.metrics.checks import CHECKS
from genearena.metrics.example import ideal_space, moved, random_space
from genearena.metrics.registry import METRICS

BUILTIN = tuple(METRICS.builtin)


@pytest.mark.parametrize("name", METRICS.names)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_contract(name, check):
    """Every metric passes every check a plugin can be run through."""
    check(METRICS.load(name))


def test_files_and_registry_agree():
    """Each file that defines METRIC is registered under its own name, and nothing else is."""
    folder = Path(registry.__file__).parent
    files = {path.stem for path in folder.glob("*.py") if "\nMETRIC = " in path.read_text()}
    assert files == {*BUILTIN, "skeleton"}  # which plugins are written after
    assert all(METRICS.load(name).name == name for name in BUILTIN)


def test_every_metric_has_a_test_file():
    """tests/metrics holds test_<name>.py for each metric."""
    files = {path.stem for path in Path(__file__).parent.glob("test_*.py")}
    assert {f"test_{name}" for name in BUILTIN} <= files


def test_the_papers_six_are_scored():
    """Avg Score and Avg Rank are over the paper's six, under its names."""
    labels = [METRICS.load(name).label for name in BUILTIN if METRICS.load(name).scored]
    assert sorted(labels) == sorted(["AUC", "ASW", "GC", "iLISI", "CGR", "NO"])


@pytest.mark.parametrize("name", BUILTIN)
def test_values_of_data_sets_average_to_the_metrics(name):
    """Of data sets that all can be scored, which of a new donor is one alone."""
    score = METRICS.load(name)(random_space())
    if METRICS.load(name).headline:
        assert score.parts
    known = [part for part in score.parts if part is not None]
    if known:
        assert np.mean(known) == pytest.approx(score.value)


@pytest.mark.parametrize("name", METRICS.names)
@pytest.mark.parametrize("make", [ideal_space, random_space])
def test_powers_of_two_change_no_bit(name, make):
    """Every metric, with clusters found anew, from the smallest to the largest single precision."""
    space, metric = make(), METRICS.load(name)
    for exponent in (-110, -1, 120):
        scaled = moved(space, lambda z, e=exponent: np.ldexp(z, e))
        assert metric(scaled).value == metric(space).value, exponent
