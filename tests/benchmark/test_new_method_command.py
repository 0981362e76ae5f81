"""`bench new-method` writes a plugin that works as it is."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from genearena.benchmark.commands.check import load_method
from genearena.benchmark.commands.new_method import command, write_plugin
from genearena.data.common.errors import StoreError, UsageError
from genearena.methods.checks import run_checks


def test_the_written_method_keeps_the_contract(tmp_path: Path) -> None:
    """The generated class has the asked name and passes every check."""
    folder = write_plugin("my-method", tmp_path)
    method = load_method(f"{folder / 'src' / 'my_method' / 'method.py'}:MyMethod")
    assert method.name == "my_method"
    assert "skeleton" not in (folder / "src/my_method/method.py").read_text("utf-8").lower()
    assert [result.name for result in run_checks(method) if not result.passed] == []


def test_the_written_tests_pass(tmp_path: Path) -> None:
    """The plugin's own test suite is green before its author changes anything."""
    folder = write_plugin("mine", tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "14 passed" in done.stdout


def test_the_entry_point_names_the_class(tmp_path: Path) -> None:
    """The metadata let GeneArena find the method under its name."""
    project = tomllib.loads((write_plugin("my-method", tmp_path) / "pyproject.toml").read_text())
    assert project["project"]["entry-points"] == {
        "genearena.methods": {"my_method": "my_method.method:MyMethod"}
    }
    assert project["project"]["dependencies"] == ["genearena"]


def test_the_command_says_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin lands in the current folder, with the next steps on the screen."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(command, ["fine-method"])
    assert result.exit_code == 0
    assert "pip install -e fine-method" in result.stdout
    assert "bench check fine_method" in result.stdout
    assert (tmp_path / "fine-method" / "README.md").is_file()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """An existing folder, even an empty one, is left as it is."""
    (tmp_path / "mine").mkdir()
    with pytest.raises(StoreError, match="'mine' exists already"):
        write_plugin("mine", tmp_path)
    assert list((tmp_path / "mine").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("3d", "with a letter first"),
        ("My", "lower-case"),
        ("a/b", "cannot name a method"),
        ("../up", "cannot name a method"),
        ("", "cannot name a method"),
        ("ends-", "cannot name a method"),
        ("pca", "exists already"),
        ("gene-name", "'gene_name' exists already"),
        ("lambda", "keyword or module"),
        ("json", "keyword or module"),
        ("numpy", "keyword or module"),
        ("gene-graph", "hide GeneArena's 'GeneGraph'"),
        ("self", "hide GeneArena's 'Self'"),
    ],
)
def test_bad_names_are_refused(tmp_path: Path, name: str, message: str) -> None:
    """Names that cannot be a package, or are taken, are refused before anything is written."""
    with pytest.raises(UsageError, match=message):
        write_plugin(name, tmp_path)
    assert list(tmp_path.iterdir()) == []
