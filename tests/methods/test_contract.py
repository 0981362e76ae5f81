"""Every registered method keeps the contract."""

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from genearena.methods.base import Method
from genearena.methods.checks import CHECKS, Check, applicable_checks
from genearena.methods.example import example_graphs
from genearena.methods.registry import METHODS, OF_A_FILE


@pytest.fixture(scope="module")
def vector_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of vectors of most genes of the kit's example."""
    genes = list(dict.fromkeys(gene for graph in example_graphs() for gene in graph.genes))[2:]
    path = tmp_path_factory.mktemp("vectors") / "made.csv"
    pd.DataFrame(np.random.default_rng(0).normal(size=(len(genes), 8)), genes).to_csv(path)
    return path


def small(method: type[Method], vector_file: Path) -> dict[str, Any]:
    """Return parameters that make the method quick, and what it cannot do without."""
    params = {"dim": 8, **method.fast}
    if method.name == OF_A_FILE:
        params["file"] = vector_file
    if "epochs" in inspect.signature(method).parameters:
        params["epochs"] = 2
    return params


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", METHODS.names)
def test_method_passes_check(name: str, check: Check, vector_file: Path) -> None:
    """The method passes the check with small parameters."""
    method = METHODS.load(name)
    if check not in applicable_checks(method):
        pytest.skip(f"{name} declares that it cannot run")
    check(method, small(method, vector_file))


@pytest.mark.parametrize("name", METHODS.names)
def test_class_carries_its_registered_name(name: str) -> None:
    """The name in the registry is the name in the records."""
    assert METHODS.load(name).name == name


@pytest.mark.parametrize("name", METHODS.names)
def test_embedding_before_fitting_is_refused(name: str) -> None:
    """An unfitted instance says to call fit."""
    with pytest.raises(RuntimeError, match="not fitted yet; call 'fit' first"):
        METHODS.load(name)().embed()
