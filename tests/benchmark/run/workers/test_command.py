"""``bench run --timeout --memory``: limits reach the runs, and their ends the records."""

import json
import re

import pytest
from click.testing import CliRunner
from tiny_task import SOURCE, bench

from genearena.benchmark.cli import bench as cli
from genearena.data.common.errors import UsageError


@pytest.fixture
def run(data_dir, tmp_path, helpers):
    """Run ``bench run`` on the tiny task."""

    def call(*arguments, **options):
        common = ("run", "--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir)
        arguments = (*common, "--seeds", 1, "--metrics", "edge_auc", *arguments)
        return bench(*arguments, cwd=tmp_path, path=helpers, **options)

    return call


def test_what_runs_over_its_limits_is_a_row(run, tmp_path):
    """The rest goes on; a second run of more seeds expects them to take as much."""
    methods = ("--methods", "bad_plugins:HangsInC,bad_plugins:Leaks,bad_plugins:Good")
    done = run(*methods, "--timeout", "4s", "--memory", "600MB")
    found = {}
    for path in (tmp_path / "results" / "records").glob("*.json"):
        record = json.loads(path.read_text())
        found[record["method"]["name"].partition(":")[2]] = record
    statuses = {name: record["status"] for name, record in found.items()}
    assert statuses == {"HangsInC": "timeout", "Leaks": "oom", "Good": "ok"}
    assert found["HangsInC"]["reason"] == "no end after 4 s (--timeout)"
    assert "in fit" in found["HangsInC"]["traceback"]
    assert found["Good"]["cost"]["cpu_seconds"] > 0
    assert found["Good"]["attempts"] == 1
    assert "1 timeout" in done.stdout
    plan = run(*methods, "--seeds", 2, "--dry-run")
    assert "3 runs to do, 3 already stored" in plan.stdout
    said = re.search(r"about \d+ s on \d workers? \(.* CPU-hours, up to (\d+) MB each", plan.stdout)
    most = max(record["cost"]["peak_rss_bytes"] for record in found.values())
    # a leak goes on until it is seen, so how far beyond its limit it came is the machine's affair
    assert most > 600e6
    assert int(said.group(1)) == round(most / 1e6)


@pytest.mark.parametrize("wrong", [("--timeout", "soon"), ("--memory", "4")])
def test_limits_that_cannot_be_read_are_refused(tmp_path, data_dir, wrong):
    """With one line, before anything is done."""
    common = ("run", "--tissue", "lung", "--source", SOURCE, "--data-dir", str(data_dir))
    out = tmp_path / "results"
    done = CliRunner().invoke(cli, (*common, "--methods", "pca", *wrong, "--out", str(out)))
    assert isinstance(done.exception, UsageError)
    assert str(done.exception).startswith("cannot read")
    assert not out.exists()
