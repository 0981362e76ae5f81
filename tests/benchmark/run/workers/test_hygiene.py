"""Company and order of runs change nothing: every run finds its process in the same state."""

import io
import json

import anndata
import numpy as np
import pytest

DRAWS, VANDAL, WITNESS = (f"bad_neighbours:{n}" for n in ("GlobalGenerator", "Vandal", "Witness"))


def vectors(outcome):
    """Read the vectors of a run."""
    return anndata.read_h5ad(io.BytesIO(outcome.embedding)).X


@pytest.fixture(scope="module")
def alone(carry_out):
    """Run a witness and one who draws from the global generators, in a fresh process."""
    return carry_out(WITNESS, DRAWS, workers=1)


@pytest.fixture(scope="module")
def in_company(carry_out, strays):
    """Run them behind a vandal."""
    return carry_out(VANDAL, WITNESS, DRAWS, workers=1, seeds=(0, 1))


def test_a_vandal_leaves_no_traces(alone, in_company):
    """Directory, environment, signals, torch, NumPy, descriptors: as if it had not been there."""
    assert in_company["Vandal", 0].outcome.status == "ok"
    before, after = (
        json.loads(ends["Witness", 0].outcome.reason.partition(": ")[2])
        for ends in (alone, in_company)
    )
    assert before == after
    assert before["stdout"]
    assert before["vandal"] is None


def test_global_generators_begin_every_run_alike(alone, in_company):
    """Who ignores its seed repeats in any company, and differs between seeds."""
    first, again, other = (
        vectors(ends["GlobalGenerator", seed].outcome)
        for ends, seed in ((alone, 0), (in_company, 0), (in_company, 1))
    )
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0.1


def test_a_run_that_leaves_a_child_costs_its_process(carry_out, left_alive, strays):
    """The child is gone before the next run, which does not notice; so is a daemon."""
    ends = carry_out("Orphanage", "Daemonises", "Raises", workers=1)
    assert ends["Orphanage", 0].outcome.status == ends["Daemonises", 0].outcome.status == "ok"
    assert ends["Raises", 0].attempts == 1
    assert left_alive("orphan") == left_alive("daemon") == []


def test_a_daemon_does_not_outlive_a_crash(carry_out, left_alive, strays):
    """Nor did anyone know it while its worker lived."""
    ends = carry_out("DaemonisesAndCrashes", workers=1)
    assert "SIGSEGV" in ends["DaemonisesAndCrashes", 0].outcome.reason
    assert left_alive("crashed") == []


def test_what_plugins_print_goes_to_standard_error(carry_out, capsys):
    """Not among bench's own output, be it from Python, C or a child; of bars the last state."""
    ((_, end),) = carry_out("Prints", workers=1).items()
    assert end.outcome.status == "ok"
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    for line in ("hello from a plugin", "straight to the descriptor", "100 %", "from a child"):
        assert line in lines
    assert "50 %" not in captured.err
