"""What is known of the suite's methods without importing them is what their classes say."""

import inspect

import pytest

from genearena.data.common.errors import MethodError, UsageError
from genearena.methods import catalogue
from genearena.methods.base import PRESETS, Method
from genearena.methods.catalogue import check_declared, declared
from genearena.methods.gae import GAE
from genearena.methods.registry import METHODS
from genearena.methods.settings import meanings, read_settings

VALUES = (
    0,
    1,
    -1,
    0.5,
    1e6,
    True,
    None,
    "fast",
    "own",
    "all",
    [4, 2],
    [0, 2],
    [0.1, 0.2],
    {"a": 1},
)


def answer(method, setting, value):
    """Return what a value is read as, or why it is refused."""
    try:
        return read_settings(method, {setting: value})
    except UsageError as problem:
        return str(problem)


@pytest.mark.parametrize("name", METHODS.builtin)
def test_the_catalogue_says_what_the_class_says(name):
    """Settings, presets and declarations are the same; `make catalogue` where they are not."""
    method, known = METHODS.load(name), declared(name)
    assert known is not method
    assert inspect.signature(known) == inspect.signature(method)
    assert {p: known.preset(p) for p in PRESETS} == {p: method.preset(p) for p in PRESETS}
    told = meanings(method)
    assert meanings(known) == {
        s: told[s] for s in inspect.signature(method).parameters if s in told
    }
    public = [n for n, v in vars(Method).items() if not (n.startswith("_") or callable(v))]
    assert {n: getattr(known, n) for n in public if n != "preset"} == {
        n: getattr(method, n) for n in public if n != "preset"
    }
    check_declared(name, method)


@pytest.mark.parametrize("name", METHODS.builtin)
def test_settings_are_read_alike(name):
    """Every value is taken or refused in the same words."""
    method, known = METHODS.load(name), declared(name)
    for setting in inspect.signature(method).parameters:
        answers = [[answer(each, setting, v) for v in VALUES] for each in (known, method)]
        assert answers[0] == answers[1]


def test_a_class_that_was_changed_is_not_trained(monkeypatch):
    """What runs are known by would be another method's."""
    monkeypatch.setattr(GAE, "version", "100")
    with pytest.raises(MethodError, match=r"says otherwise of gae than its class: make catalogue"):
        check_declared("gae", GAE)


def test_what_is_not_in_the_catalogue_is_imported(monkeypatch):
    """A method that was just written, or stands in the place of another, speaks for itself."""
    monkeypatch.setattr(catalogue, "_table", dict)
    assert declared("gae") is GAE
    monkeypatch.undo()
    monkeypatch.setitem(METHODS.builtin, "pca", ("genearena.methods.gae:GAE", ""))
    monkeypatch.delitem(vars(METHODS), "_found", raising=False)
    assert declared("pca") is GAE
