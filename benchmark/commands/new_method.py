"""``bench new-method``: write the skeleton of a plugin package."""

import inspect
import keyword
import re
from importlib.util import find_spec
from pathlib import Path

import click

from genearena.data.common.errors import StoreError, UsageError
from genearena.data.common.screen import tell
from genearena.methods import skeleton
from genearena.methods.registry import METHODS

PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{project}"
version = "0.1.0"
description = "A gene-embedding method for GeneArena"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["genearena"]

[project.entry-points."genearena.methods"]
{module} = "{module}.method:{cls}"

[tool.hatch.build.targets.wheel]
packages = ["src/{module}"]
"""

PACKAGE = '''\
"""A gene-embedding method for GeneArena."""

from {module}.method import {cls}

__all__ = ["{cls}"]
'''

TEST = '''\
"""The method keeps GeneArena's contract."""

import pytest
from genearena.methods.checks import CHECKS

from {module} import {cls}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_contract(check):
    """The method passes the check."""
    check({cls}, {{"dim": 8, **{cls}.fast}})
'''

README = """\
# {project}

A gene-embedding method for GeneArena. The method is in `src/{module}/method.py`.

    pip install -e .
    bench check {module}
    bench run --tissue lung --methods {module},pca
"""


@click.command("new-method")
@click.argument("name")
def command(name: str) -> None:
    """Write an installable plugin with a working method called NAME into ./NAME/."""
    folder = write_plugin(name, Path.cwd())
    module = _module(name)
    tell(f"Wrote a working method to {folder.name}/src/{module}/method.py. Now:")
    tell(f"  pip install -e {folder.name}")
    tell(f"  bench check {module}")


def write_plugin(name: str, parent: Path) -> Path:
    """Write the plugin package `name` into a new folder.

    Parameters
    ----------
    name
        Lower-case letters, digits, hyphens and underscores, starting with a letter.
    parent
        Where the new folder goes.

    Returns
    -------
    The new folder.

    Raises
    ------
    UsageError
        If the name cannot be a method's, or is taken.
    StoreError
        If the folder exists or cannot be written.
    """
    _check_name(name)
    folder = parent / name
    if folder.exists():
        raise StoreError(f"'{folder.name}' exists already; choose another name or remove it")
    try:
        for path, text in _files(name).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot write to '{folder}': {error.strerror}") from error
    return folder


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-z]([a-z0-9_-]*[a-z0-9])?", name):
        raise UsageError(
            f"'{name}' cannot name a method; use lower-case letters, digits, - and _, "
            "with a letter first"
        )
    module = _module(name)
    if module in METHODS.entries:
        raise UsageError(f"method '{module}' exists already; choose another name")
    if keyword.iskeyword(module) or find_spec(module) is not None:
        raise UsageError(f"'{module}' is a keyword or module of Python; choose another name")
    if hasattr(skeleton, _class(name)):
        raise UsageError(f"the class of '{name}' would hide GeneArena's '{_class(name)}'; rename")


def _module(name: str) -> str:
    return name.replace("-", "_")


def _class(name: str) -> str:
    return "".join(part.capitalize() for part in _module(name).split("_"))


def _files(name: str) -> dict[str, str]:
    module, cls = _module(name), _class(name)
    words = {"project": name, "module": module, "cls": cls}
    return {
        "pyproject.toml": PYPROJECT.format(**words),
        "README.md": README.format(**words),
        f"src/{module}/__init__.py": PACKAGE.format(**words),
        f"src/{module}/method.py": _method(module, cls),
        "tests/test_method.py": TEST.format(**words),
    }


def _method(module: str, cls: str) -> str:
    return (
        inspect.getsource(skeleton)
        .replace('"""Skeleton: random', f'"""{cls}: random')
        .replace("class Skeleton(", f"class {cls}(")
        .replace('name = "skeleton"', f'name = "{module}"')
    )
