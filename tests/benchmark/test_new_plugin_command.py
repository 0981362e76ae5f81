"""`bench new-method`, `new-metric` and so on write plugins that work as they are."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from genearena.benchmark.cli import bench
from genearena.benchmark.commands.new_plugin import (
    DATASET,
    ENCODER,
    METHOD,
    METRIC,
    Kind,
    write_plugin,
)
from genearena.data.common.errors import StoreError, UsageError

KINDS = {
    METHOD: ("genearena.methods", "my_method", "my_method.method:MyMethod"),
    METRIC: ("genearena.metrics", "my_metric", "my_metric.metric:METRIC"),
    DATASET: ("genearena.datasets", "my_dataset.made_up", "my_dataset.dataset:graphs"),
    ENCODER: ("genearena.encoders", "my_encoder", "my_encoder.encoder:MyEncoder"),
}
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.word)


@each_kind
def test_the_written_tests_pass(kind: Kind, tmp_path: Path) -> None:
    """The plugin's own test, which checks it, is green before its author changes anything."""
    folder, _ = write_plugin(kind, "mine", tmp_path)
    assert "skeleton" not in (folder / f"src/mine/{kind.word}.py").read_text("utf-8").lower()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(["src", *sys.path])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


@each_kind
def test_the_entry_point_names_the_object(kind: Kind, tmp_path: Path) -> None:
    """The metadata let GeneArena find the plugin under its name."""
    group, entry, target = KINDS[kind]
    folder, told = write_plugin(kind, f"my-{kind.word}", tmp_path)
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    assert project["entry-points"] == {group: {entry: target}}
    assert project["dependencies"] == ["genearena"]
    assert told == entry


@each_kind
def test_the_command_says_what_to_do_next(
    kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plugin lands in the current folder, with the next steps on the screen."""
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(bench, [f"new-{kind.word}", "fine-one"])
    assert result.exit_code == 0
    assert "pip install -e fine-one" in result.stdout
    assert "bench check fine_one" in result.stdout
    assert (tmp_path / "fine-one" / "README.md").is_file()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """An existing folder, even an empty one, is left as it is."""
    (tmp_path / "mine").mkdir()
    with pytest.raises(StoreError, match="'mine' exists already"):
        write_plugin(METHOD, "mine", tmp_path)
    assert list((tmp_path / "mine").iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        (METHOD, "3d", "with a letter first"),
        (METHOD, "My", "lower-case"),
        (METHOD, "a/b", "cannot name a method"),
        (METHOD, "../up", "cannot name a method"),
        (METHOD, "", "cannot name a method"),
        (METHOD, "ends-", "cannot name a method"),
        (METHOD, "pca", "exists already"),
        (METHOD, "gene-name", "'gene_name' exists already"),
        (METRIC, "asw", "metric 'asw' exists already"),
        (METHOD, "lambda", "keyword or module"),
        (DATASET, "json", "keyword or module"),
        (METHOD, "numpy", "keyword or module"),
        (METHOD, "gene-graph", "hide GeneArena's 'GeneGraph'"),
        (METHOD, "self", "hide GeneArena's 'Self'"),
        (ENCODER, "gat", "encoder 'gat' exists already"),
        (METRIC, "np", "hide GeneArena's 'np'"),
    ],
)
def test_bad_names_are_refused(kind: Kind, name: str, message: str, tmp_path: Path) -> None:
    """Names that cannot be a package, or are taken, are refused before anything is written."""
    with pytest.raises(UsageError, match=message):
        write_plugin(kind, name, tmp_path)
    assert list(tmp_path.iterdir()) == []
