"""`bench check` reports on any method class it can reach."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from genearena.benchmark.commands.check import command, load_method
from genearena.data.common.errors import MethodError, UsageError
from genearena.methods.checks import CHECKS
from genearena.methods.pca import PCA

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
    assert isinstance(result.exception, MethodError)
    assert "  FAIL  shape" in result.stdout


def test_a_failure_is_explained_and_fails_the_command(tmp_path: Path) -> None:
    """The broken check is named with its reason; the exit code is 1."""
    path = written(tmp_path, GOOD.replace("default_rng(self.seed)", "default_rng()"))
    result = check(f"{path}:Noise")
    assert result.exit_code == 1
    assert "  FAIL  determinism" in result.stdout
    assert "two fits with one seed differ" in result.stdout
    assert isinstance(result.exception, MethodError)
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
    assert check(f"{path}:Noise", "-p", "scale=2.5").exit_code == 0
    spoiled = check(f"{path}:Noise", "-p", "scale=0")
    assert "same vector for every gene" in spoiled.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pcaa"], "did you mean 'pca'"),
        (["nowhere.py:Noise"], "no file 'nowhere.py'"),
        (["nowhere.at_all:Noise"], "cannot be imported"),
        (["genearena.methods.base:check_vectors"], "want a class derived from"),
        (["pca", "-p", "depth=3"], "depth is no setting; choose from dim"),
        (["gae", "-p", "epoch=3"], "did you mean 'epochs'?"),
        (["gae", "-p", "epochs=-3"], "epochs is -3, want at least 1"),
        (["pca", "-p", "dim"], "sets no parameter"),
        (["gin", "-p", "dim=3"], "'gin' is an encoder, which has no settings"),
        (["musegnn", "-p", "encoder=gim"], "unknown encoder 'gim'; did you mean 'gin'"),
    ],
)
def test_wrong_requests_say_what_is_wanted(arguments: list[str], message: str) -> None:
    """A wrong target or parameter is a usage error of one line."""
    error = check(*arguments).exception
    assert isinstance(error, UsageError)
    assert message in str(error)
    assert "\n" not in str(error)


def test_a_broken_file_says_why(tmp_path: Path) -> None:
    """What stops the file from being imported is in the message, and so is a missing class."""
    with pytest.raises(UsageError, match=r"cannot be imported: ModuleNotFoundError: .*numpi"):
        load_method(f"{written(tmp_path, GOOD.replace('import numpy', 'import numpi'))}:Noise")
    with pytest.raises(UsageError, match="defines no 'Silence'"):
        load_method(f"{written(tmp_path, GOOD)}:Silence")


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
    assert isinstance(result.exception, MethodError)
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
    with pytest.raises(UsageError, match=re.escape(words.format(path))):
        load_method(str(path))


def test_a_file_without_a_method_says_so(tmp_path: Path) -> None:
    """`Method` itself, imported, is none."""
    with pytest.raises(UsageError, match="no class derived from"):
        load_method(str(written(tmp_path, "from genearena.methods.base import Method\n")))


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


def test_the_class_itself_is_returned() -> None:
    """No copy of a registered class is made."""
    assert load_method("pca") is PCA
