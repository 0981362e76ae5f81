"""What the docs say of the package is true of it."""

import ast
import inspect
import re
from functools import reduce

import pytest
from places import ROOT

import genearena as ga

DOCS = ROOT / "docs"
PAGES = {str(path.relative_to(DOCS)): path.read_text() for path in sorted(DOCS.glob("**/*.md"))}
PYTHON = re.compile(r"```(?:python|\{code-cell\} ipython3)\n((?::\w+: .*\n)*)(.*?)```", re.S)


def public():
    """Return every public name, those of the parts under the part."""
    parts = {name for name in ga.__all__ if inspect.ismodule(getattr(ga, name))}
    below = {f"{part}.{name}" for part in parts for name in getattr(ga, part).__all__}
    return {*ga.__all__} - parts - {"__version__"} | below


@pytest.mark.parametrize("entry", [r"^   ([\w.]+)$", r":: genearena\.([\w.]+)$"])
def test_the_reference_has_every_public_name_and_no_other(entry):
    """In the table at its top, and each with its whole description."""
    told = re.findall(entry, PAGES["api.md"], re.M)
    inner = {name for name in told if name.startswith(("data.", "methods.", "metrics."))}
    assert sorted({*told} - inner) == sorted(public())
    assert len(told) == len({*told})


def python():
    """Yield what is called of the package in the docs: page, dotted name, call."""
    for page, text in PAGES.items():
        for _, source in PYTHON.findall(text):
            shown = "".join(line for line in source.splitlines(True) if not line.startswith("%"))
            for node in ast.walk(ast.parse(shown)):
                if isinstance(node, ast.Call):
                    name = ast.unparse(node.func)
                    if name.startswith("ga."):
                        yield page, name.removeprefix("ga."), node


CALLS = [*python()]


@pytest.mark.parametrize(("page", "name", "call"), CALLS, ids=[f"{p}:{n}" for p, n, _ in CALLS])
def test_what_is_called_takes_what_it_is_given(page, name, call):
    """The names exist, and so do their parameters."""
    called = reduce(getattr, name.split("."), ga)
    given = {word.arg: None for word in call.keywords if word.arg}
    inspect.signature(called).bind(*call.args, **given)


def test_many_calls_are_looked_at():
    """Of all parts."""
    assert len(CALLS) > 15
    assert {name.partition(".")[0] for _, name, _ in CALLS} >= {"datasets", "pp", "tl", "pl", "run"}


@pytest.mark.parametrize("page", PAGES)
def test_what_is_imported_is_there(page):
    """Of the package and of its parts."""
    for _, source in PYTHON.findall(PAGES[page]):
        for line in re.findall(r"^from genearena.* import .*$", source, re.M):
            exec(line, {})
