"""`bench check` reports on any method class it can reach."""

import os
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from genearena.benchmark.commands.check import command
from genearena.data.common.errors import ContractError, UsageError
from genearena.methods.checks import CHECKS

GOOD = """
import numpy as np
from genearena.methods.base import Method


class Noise(Method):
    name = "noise"
    needs = frozenset()

    def __init__(self, *, dim=32, seed=0, scale=1.0):
        super().__init__(dim=dim, seed=seed)
        self.scale = scale

    def fit(self, graphs):
        draw = np.random.default_rng(self.seed).normal
        shapes = [(graph.n_genes, self.dim) for graph in graphs]
        self.vectors_ = [draw(0, self.scale, shape).astype(np.float32) for shape in shapes]
        return self

    def embed(self):
        return list(self._fitted("vectors_"))
"""


ENCODER = """
from torch import nn


class Lone(nn.Linear):
    uses_edges = False

    def forward(self, x, edges):
        return super().forward(x)


def lone(width_in, width, heads):
    return Lone(width_in, heads * width)


lone.uses_edges = False
"""


def check(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(command, list(arguments))


def refuse(target: str, message: str) -> None:
    """Require that a target is refused with a line that matches."""
    error = check(target).exception
    assert isinstance(error, UsageError)
    assert re.search(message, str(error))


def written(folder: Path, text: str) -> Path:
    """Write a file with a method in it."""
    path = folder / "noise_method.py"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("target", ["pca", "genearena.methods.pca:PCA"])
def test_names_and_modules_are_checked(target: str) -> None:
    """A registered name and a module target are found; one line per check is printed."""
    result = check(target)
    assert result.exit_code == 0
    assert result.stdout.count("  pass  ") == len(CHECKS)
    assert f"All {len(CHECKS)} checks passed" in result.stdout


def test_a_file_is_checked(tmp_path: Path) -> None:
    """A method in a single file passes every check, pickling included."""
    result = check(f"{written(tmp_path, GOOD)}:Noise")
    assert result.exit_code == 0
    assert result.stdout.count("  pass  ") == len(CHECKS)


@pytest.mark.parametrize("target", ["gin", "genearena.methods.encoders.gin:GIN", "{}:lone"])
def test_encoders_are_checked(target: str, tmp_path: Path) -> None:
    """By name, as a class, and as a function in a file."""
    result = check(target.format(written(tmp_path, ENCODER)))
    assert result.exit_code == 0, result.output
    assert "  pass  gradient" in result.stdout
    assert "All 7 checks passed" in result.stdout


def test_a_failure_of_an_encoder_is_explained(tmp_path: Path) -> None:
    """As of methods; the class makes layers of the wrong width."""
    result = check(f"{written(tmp_path, ENCODER)}:Lone")
    assert isinstance(result.exception, ContractError)
    assert "  FAIL  shape" in result.stdout


def test_a_failure_is_explained_and_fails_the_command(tmp_path: Path) -> None:
    """The broken check is named with its reason; the exit code is 1."""
    path = written(tmp_path, GOOD.replace("default_rng(self.seed)", "default_rng()"))
    result = check(f"{path}:Noise")
    assert result.exit_code == 1
    assert "  FAIL  determinism" in result.stdout
    assert "two fits with one seed differ" in result.stdout
    assert isinstance(result.exception, ContractError)
    assert "checks: determinism" in str(result.exception)


def test_a_crash_is_told_once(tmp_path: Path) -> None:
    """A method that always raises fails with the reason, without repeating it."""
    path = written(tmp_path, GOOD.replace("return self\n", "raise KeyError('lost')\n"))
    result = check(f"{path}:Noise")
    assert result.exit_code == 1
    assert result.stdout.count("KeyError: 'lost'") == 1
    assert "as above" in result.stdout


def test_parameters_are_passed_on(tmp_path: Path) -> None:
    """A parameter reaches the method as a Python value."""
    path = written(tmp_path, GOOD)
    assert check(f"{path}:Noise", "--set", "scale=2.5").exit_code == 0
    spoiled = check(f"{path}:Noise", "--set", "scale=0")
    assert "same vector for every gene" in spoiled.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pcaa"], "did you mean 'pca'"),
        (["nowhere.py:Noise"], "no file 'nowhere.py'"),
        (["nowhere.at_all:Noise"], "cannot be imported"),
        (["genearena.methods.base:check_vectors"], "want a class derived from"),
        (["pca", "--set", "depth=3"], "depth is no setting; choose from dim"),
        (["gae", "--set", "epoch=3"], "did you mean 'epochs'?"),
        (["gae", "--set", "epochs=-3"], "epochs is -3, want at least 1"),
        (["pca", "--set", "dim"], "sets no parameter"),
        (["gin", "--set", "dim=3"], "'gin' is no method and has no settings"),
        (["musegnn", "--set", "encoder=gim"], "unknown encoder 'gim'; did you mean 'gin'"),
    ],
)
def test_wrong_requests_say_what_is_wanted(arguments: list[str], message: str) -> None:
    """A wrong target or parameter is a usage error of one line."""
    error = check(*arguments).exception
    assert isinstance(error, UsageError)
    assert message in str(error)
    assert "\n" not in str(error)


def test_a_broken_file_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stops the file from being imported is in the message, and so is a missing class.

    Also when the file was mended within a second, to the same size.
    """
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = written(tmp_path, GOOD.replace("import numpy", "import numpi"))
    before = path.stat()
    refuse(f"{path}:Noise", r"cannot be imported: ModuleNotFoundError: .*numpi")
    written(tmp_path, GOOD)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    refuse(f"{path}:Silence", "defines no 'Silence'")


METRIC = """
from genearena.metrics.base import Metric

FIXED = Metric(name="fixed", label="", function=lambda space: 0.5, low=1.0, high=0.0)
"""
DATASET = """
import genearena as ga

def graphs():
    return ga.datasets.simulated("lung", name="few", donors=1, genes=20, modalities=["scrna"])
"""
FILES = {
    METRIC: ("", ("label is ''", "low 1.0 is not below high", "want 1.0 to 0.0", "gets 0.5 and")),
    DATASET: (":graphs", ("has one graph", "has 20 genes, want more than the 32")),
}


@pytest.mark.parametrize("text", FILES, ids=["metric", "data set"])
def test_metrics_and_data_sets_are_checked(text: str, tmp_path: Path) -> None:
    """As methods, from a file, with every fault in one run."""
    name, faults = FILES[text]
    result = check(f"{written(tmp_path, text)}{name}")
    assert isinstance(result.exception, ContractError)
    for words in faults:
        assert words in result.stdout


def test_no_fault_hides_another(tmp_path: Path) -> None:
    """Of a method that gives double precision, and breaks nearly all else as well."""
    lines = (
        "deterministic = True",
        "equivariant = True",
        "def fit(self, graphs):",
        "    np.random.seed(1)",
        "    self.held_ = lambda: 0",
        "    graphs[0].x[:] = graphs[0].n_edges",
        "    draw = np.random.default_rng().normal",
        "    self.vectors_ = [draw(size=(graph.n_genes, 2 * self.dim)) for graph in graphs]",
        "    self.vectors_[0][3] = np.nan",
        "    if len(graphs) == 1: raise KeyError('alone')",
    )
    text = GOOD + "\n\nclass Worse(Noise):\n" + "".join(f"    {line}\n" for line in lines)
    result = check(f"{written(tmp_path, text)}:Worse")
    assert result.stdout.count("as above") == 0
    for words in (
        "reads 'expression'", "reads 'graph'", "(40, 16) float64", "not finite", "two fits",
        "changed x", "generator of numpy", "KeyError: 'alone'", "equivariant = False", "pickled",
    ):  # fmt: skip
        assert words in result.stdout, words


FAULTS = {
    "version = 2": "version is 2, want a line of text",
    "needs = None": "needs is None, want a frozenset",
    "fast = {'scal': 2}": "scal is no setting; did you mean 'scale'?",
    "skip = None": "skip is None, want a function",
    "trained_on = 'm' * 1_000_000": "characters cut",
}


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    """The author of a method mends all of them after one look."""
    lines = "".join(f"    {line}\n" for line in FAULTS)
    path = written(tmp_path, GOOD.replace("    needs = frozenset()\n", lines))
    result = check(f"{path}:Noise")
    assert result.exit_code == 1
    assert isinstance(result.exception, ContractError)
    for words in FAULTS.values():
        assert len([line for line in result.stdout.splitlines() if words in line]) == 1
    assert max(map(len, result.stdout.splitlines())) < 700


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("", ""),
        ("class Loud(Noise):\n    name = 'loud'\n", "choose {0}:Noise or {0}:Loud"),
    ],
)
def test_a_file_of_one_method_needs_no_class(tmp_path: Path, more: str, words: str) -> None:
    """Of several methods the choice is the user's; what is imported does not count."""
    path = written(tmp_path, GOOD + "\n\n" + more)
    if not words:
        assert check(str(path)).exit_code == 0
        return
    refuse(str(path), re.escape(words.format(path)))


def test_a_file_without_a_method_says_so(tmp_path: Path) -> None:
    """`Method` itself, imported, is none."""
    refuse(
        str(written(tmp_path, "from genearena.methods.base import Method\n")), "defines no method"
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise ValueError('x' * 10**7)", "characters cut"),
        ("class E(Exception):\n    def __str__(self): raise E\nraise E", "E: no message"),
    ],
)
def test_a_file_that_ends_says_how(tmp_path: Path, line: str, words: str) -> None:
    """Nothing that importing a file raises is left to itself, or longer than a line."""
    error = check(f"{written(tmp_path, line)}:Noise").exception
    assert isinstance(error, UsageError)
    assert words in str(error)
    assert len(str(error)) < 800
