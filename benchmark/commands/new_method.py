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

FILES = {
    "pyproject.toml": """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "0.1.0"
description = "A gene-embedding method for GeneArena"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["genearena"]

[project.entry-points."genearena.methods"]
{module} = "{module}.method:{cls}"

[tool.hatch.build.targets.wheel]
packages = ["src/{module}"]
""",
    "README.md": """\
# {name}

A gene-embedding method for GeneArena. The method is in `src/{module}/method.py`.

    pip install -e .
    bench check {module}
    bench run --tissue lung --methods {module},pca
""",
    "src/{module}/__init__.py": '''\
"""A gene-embedding method for GeneArena."""

from {module}.method import {cls}

__all__ = ["{cls}"]
''',
    "tests/test_method.py": '''\
"""The method keeps GeneArena's contract."""

import pytest
from genearena.methods.checks import CHECKS

from {module} import {cls}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_contract(check):
    """The method passes the check."""
    check({cls}, {{"dim": 8, **{cls}.fast}})
''',
}
"""What a plugin consists of beside its method, by path."""


@click.command("new-method")
@click.argument("name")
def command(name: str) -> None:
    """Write an installable plugin with a working method called NAME into ./NAME/."""
    folder = write_plugin(name, Path.cwd())
    module = name.replace("-", "_")
    tell(f"Wrote a working method to {folder.name}/src/{module}/method.py. Now:")
    tell(f"  pip install -e {folder.name}")
    tell(f"  bench check {module}")


def write_plugin(name: str, parent: Path) -> Path:
    """Write the plugin package `name` into a new folder of this name in `parent`, and return it.

    Raises
    ------
    UsageError
        If the name cannot be a method's, or is taken.
    StoreError
        If the folder exists or cannot be written.
    """
    module, cls = _names(name)
    folder = parent / name
    if folder.exists():
        raise StoreError(f"'{folder.name}' exists already; choose another name or remove it")
    words = {"name": name, "module": module, "cls": cls}
    files = {path.format(**words): text.format(**words) for path, text in FILES.items()}
    files[f"src/{module}/method.py"] = (
        inspect.getsource(skeleton)
        .replace('"""Skeleton: random', f'"""{cls}: random')
        .replace("class Skeleton(", f"class {cls}(")
        .replace('name = "skeleton"', f'name = "{module}"')
    )
    try:
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot write to '{folder}': {error.strerror}") from error
    return folder


def _names(name: str) -> tuple[str, str]:
    """Return the names of the plugin's module and class, or say why it cannot have them."""
    if not re.fullmatch(r"[a-z]([a-z0-9_-]*[a-z0-9])?", name):
        raise UsageError(
            f"'{name}' cannot name a method; use lower-case letters, digits, - and _, "
            "with a letter first"
        )
    module = name.replace("-", "_")
    cls = "".join(part.capitalize() for part in module.split("_"))
    if module in METHODS.entries:
        raise UsageError(f"method '{module}' exists already; choose another name")
    if keyword.iskeyword(module) or find_spec(module) is not None:
        raise UsageError(f"'{module}' is a keyword or module of Python; choose another name")
    if hasattr(skeleton, cls):
        raise UsageError(f"the class of '{name}' would hide GeneArena's '{cls}'; rename")
    return module, cls
