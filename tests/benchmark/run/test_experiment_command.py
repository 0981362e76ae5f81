"""``bench new-experiment`` and ``bench run FILE``."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from genearena.benchmark.cli import bench
from genearena.benchmark.commands.new_experiment import TEMPLATE
from genearena.benchmark.records.results import ResultStore

SMALL = """
tissues = ["lung"]
sources = ["tiny"]
seeds = 1
methods = ["random"]
metrics = ["asw"]
[variants.wide]
method = "pca"
dim = 4
[variants.grid]
method = "pca"
dim = [3, 5]
"""


@pytest.fixture
def run(data_dir, tmp_path, monkeypatch):
    """Return a way to run ``bench`` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENEARENA_DATA", str(data_dir))
    monkeypatch.setenv("COLUMNS", "200")
    Path("small.toml").write_text(SMALL)
    return lambda *words: CliRunner().invoke(bench, words)


def planned(result: Result) -> list[str]:
    """Return the rows that a dry run announces."""
    assert result.exception is None, result.output
    lines = [line.split("  ") for line in result.output.splitlines() if line.startswith("  ")]
    return [line[2] for line in lines]


def test_the_written_file_runs(run):
    """It needs no change, and is never overwritten."""
    assert run("new-experiment", "mine.toml").exit_code == 0
    assert Path("mine.toml").read_text() == TEMPLATE.format(name="mine.toml")
    assert planned(run("run", "mine.toml", "--source", "tiny", "--dry-run"))[:3] == [
        "musegnn as it is",
        "musegnn no contrast",
        "gae rate, learning_rate=0.0001, epochs=50",
    ]
    again = run("new-experiment", "mine.toml")
    assert "exists already" in str(again.exception)


def test_options_win_over_the_file(run):
    """Named methods, and labels, run alone."""
    assert planned(run("run", "small.toml", "--dry-run")) == [
        "wide", "grid, dim=3", "grid, dim=5", "random",
    ]  # fmt: skip
    assert planned(run("run", "small.toml", "--methods", "grid,gae", "--dry-run")) == [
        "grid, dim=3", "grid, dim=5", "gae",
    ]  # fmt: skip
    seeds = run("run", "small.toml", "--seeds", "7", "--methods", "wide", "--dry-run")
    assert "7 runs to do" in seeds.output


def test_labels_reach_tables_and_change_no_run(run):
    """A file that calls a variant otherwise finds its run stored, and the table follows."""
    done = run("run", "small.toml", "--jobs", "1")
    assert done.exception is None, done.output
    table = run("leaderboard", "--view", "paper").output
    assert all(label in table for label in ("wide", "grid, dim=3", "grid, dim=5", "random"))
    before = {record.run_id for record in ResultStore(Path("results")).records()}
    Path("small.toml").write_text(SMALL.replace("variants.wide", "variants.broad"))
    assert "Nothing to do" in run("run", "small.toml").output
    records = ResultStore(Path("results")).records()
    assert {record.run_id for record in records} == before
    assert sorted(r.label for r in records) == ["", "broad", "grid, dim=3", "grid, dim=5"]
    shutil.rmtree("results")


def test_more_runs_than_anyone_means_are_refused(run):
    """They are counted, not made."""
    Path("big.toml").write_text(
        f"tissues = ['lung']\nseeds = 10\n[variants.a]\nmethod = 'gae'\n"
        f"epochs = {list(range(1, 2001))}\n"
    )
    refused = run("run", "big.toml", "--source", "tiny", "--dry-run")
    assert "these are 20000 runs, more than 10000; add --yes" in str(refused.exception)


def test_every_fault_is_told_and_nothing_runs(run):
    """A line each, and one that says so."""
    Path("bad.toml").write_text("seed = 3\ntissues = ['lung']\n[variants.a]\nmethod = 'gea'\n")
    refused = run("run", "bad.toml")
    assert "'seed' is no key" in refused.output
    assert "unknown method 'gea'" in refused.output
    assert "bad.toml cannot be run as it is: 2 faults" in str(refused.exception)
    assert not Path("results").exists()
