"""``bench new-method``, ``new-metric`` and so on: write the skeleton of a plugin package."""

import inspect
import keyword
import re
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from genearena.data.common.errors import StoreError, UsageError
from genearena.data.common.registry import Registry
from genearena.data.common.screen import tell
from genearena.data.datasets import DATASETS
from genearena.methods.encoders.registry import ENCODERS
from genearena.methods.registry import METHODS
from genearena.metrics.registry import METRICS

FILES = {
    "pyproject.toml": """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "0.1.0"
description = "{about} for GeneArena"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["genearena"]

[project.entry-points."{group}"]
"{entry}" = "{target}"

[tool.hatch.build.targets.wheel]
packages = ["src/{module}"]
""",
    "README.md": """\
# {name}

{about} for GeneArena, in `src/{module}/{kind}.py`.

    pip install -e .
    bench check {entry}
    {run}
""",
    "src/{module}/__init__.py": '''\
"""{about} for GeneArena."""
''',
    "tests/test_{kind}.py": '''\
"""The {kind} keeps GeneArena's contract."""

from click.testing import CliRunner
from genearena.benchmark.cli import bench


def test_contract():
    """It passes every check, which also `bench check {entry}` tells."""
    result = CliRunner().invoke(bench, ["check", "{target}"])
    assert result.exit_code == 0, result.output
''',
}
"""What a plugin consists of beside its module, by path."""


@dataclass(frozen=True)
class Kind:
    """A kind of plugin: its word, what it is, and what is written of one.

    `skeleton` is the module it is copied from, in which its name is "skeleton"; `entry` the name
    and `attribute` the object of its entry point, and `run` a command that uses it.
    """

    word: str
    about: str
    registry: Registry[Any]
    skeleton: str
    attribute: str
    run: str
    entry: str = "{module}"


METHOD = Kind(
    "method",
    "A gene-embedding method",
    METHODS,
    "genearena.methods.skeleton",
    "{cls}",
    "bench run --tissue lung --methods {module},pca",
)
METRIC = Kind(
    "metric",
    "A metric of gene embeddings",
    METRICS,
    "genearena.metrics.skeleton",
    "METRIC",
    "bench run --tissue lung --metrics default,{module}",
)
DATASET = Kind(
    "dataset",
    "A data set",
    DATASETS,
    "genearena.data.skeleton",
    "graphs",
    "bench run --tissue {module} --dim 16",
    "{module}.made_up",
)
ENCODER = Kind(
    "encoder",
    "An encoder of MuSe-GNN",
    ENCODERS,
    "genearena.methods.encoders.skeleton",
    "{cls}",
    "bench run --tissue lung --methods musegnn --set musegnn.encoder={module}",
)


def _command(kind: Kind) -> click.Command:
    def command(name: str) -> None:
        folder, entry = write_plugin(kind, name, Path.cwd())
        tell(f"Wrote a working {kind.word} to {folder.name}. Now:")
        tell(f"  pip install -e {folder.name}")
        tell(f"  bench check {entry}")

    about = f"Write an installable plugin with a working {kind.word} called NAME into ./NAME/."
    return click.command(f"new-{kind.word}", help=about)(click.argument("name")(command))


method, metric, dataset, encoder = map(_command, (METHOD, METRIC, DATASET, ENCODER))


def write_plugin(kind: Kind, name: str, parent: Path) -> tuple[Path, str]:
    """Write the plugin package `name` into a new folder of this name in `parent`.

    Returns
    -------
    The folder, and the name under which the plugin is registered once it is installed.

    Raises
    ------
    UsageError
        If the name cannot be a plugin's, or is taken.
    StoreError
        If the folder exists or cannot be written.
    """
    words = _words(kind, name)
    folder = parent / name
    if folder.exists():
        raise StoreError(f"'{folder.name}' exists already; choose another name or remove it")
    files = {path.format(**words): text.format(**words) for path, text in FILES.items()}
    source = inspect.getsource(import_module(kind.skeleton))
    own = source.replace("Skeleton", words["cls"]).replace("skeleton", words["module"])
    files[f"src/{words['module']}/{kind.word}.py"] = own
    try:
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot write to '{folder}': {error.strerror}") from error
    return folder, words["entry"]


def _words(kind: Kind, name: str) -> dict[str, str]:
    """Return what stands for the words in braces, or say why nothing can be called so."""
    if not re.fullmatch(r"[a-z]([a-z0-9_-]*[a-z0-9])?", name):
        raise UsageError(
            f"'{name}' cannot name a {kind.word}; use lower-case letters, digits, - and _, "
            "with a letter first"
        )
    module = name.replace("-", "_")
    cls = "".join(part.capitalize() for part in module.split("_"))
    entry = kind.entry.format(module=module)
    if entry in kind.registry.entries:
        raise UsageError(f"{kind.word} '{entry}' exists already; choose another name")
    if keyword.iskeyword(module) or find_spec(module) is not None:
        raise UsageError(f"'{module}' is a keyword or module of Python; choose another name")
    for hidden in {cls, module} & set(vars(import_module(kind.skeleton))):
        raise UsageError(f"'{name}' would hide GeneArena's '{hidden}'; rename")
    attribute = kind.attribute.format(cls=cls)
    return {
        "kind": kind.word,
        "about": kind.about,
        "group": kind.registry.group,
        "name": name,
        "module": module,
        "cls": cls,
        "entry": entry,
        "target": f"{module}.{kind.word}:{attribute}",
        "run": kind.run.format(module=module),
    }
