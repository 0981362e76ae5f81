"""Every registered method keeps the contract."""

import inspect
from typing import Any

import pytest

from genearena.methods.base import Method
from genearena.methods.checks import CHECKS, Check, applicable_checks
from genearena.methods.registry import METHODS


def small(method: type[Method]) -> dict[str, Any]:
    """Return parameters that make the method quick."""
    params = {"dim": 8, **method.fast}
    if "epochs" in inspect.signature(method).parameters:
        params["epochs"] = 2
    return params


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("name", METHODS.names)
def test_method_passes_check(name: str, check: Check) -> None:
    """The method passes the check with small parameters."""
    method = METHODS.load(name)
    if check not in applicable_checks(method):
        pytest.skip(f"{name} declares that it cannot run")
    check(method, small(method))


@pytest.mark.parametrize("name", METHODS.names)
def test_class_carries_its_registered_name(name: str) -> None:
    """The name in the registry is the name in the records."""
    assert METHODS.load(name).name == name


@pytest.mark.parametrize("name", METHODS.names)
def test_embedding_before_fitting_is_refused(name: str) -> None:
    """An unfitted instance says to call fit."""
    with pytest.raises(RuntimeError, match="not fitted yet; call 'fit' first"):
        METHODS.load(name)().embed()
