"""Runs of methods of every kind, through three kills of their runner: none is lost.

The methods raise, hang, leak, crash, print, change and draw from global generators, leave daemons,
write to the graphs, and return NaN, wrong shapes and wrong types (see ``bad_plugins``,
``bad_neighbours`` and ``corrupting_neighbours``).
"""

import csv
import io
import os
import random
import signal
import subprocess
import time

import pytest
from processes import alive, until
from tiny_task import BENCH, SOURCE, bench

# how each run of a method must end
BUILT_IN = dict.fromkeys(("pca", "random", "gene_name", "expression_mean"), "ok")
# each of these runs takes a new worker process
PLUGINS = {
    "bad_plugins:Prints": "ok",
    "bad_neighbours:Vandal": "ok",
    "bad_neighbours:GlobalGenerator": "ok",
    "bad_plugins:Raises": "failed",
    "bad_plugins:Nonsense": "failed",
    "odd_methods:Declines": "skipped",
}
# and these end theirs
DEADLY = {
    "bad_plugins:Segfaults": "failed",
    "bad_plugins:Aborts": "failed",
    "bad_plugins:ExitsHard": "failed",
    "bad_plugins:HangsInC": "timeout",
    "bad_plugins:Leaks": "oom",
    "bad_plugins:Daemonises": "ok",
    "corrupting_neighbours:WritesEdges": "failed",
}
SEEDS = ((DEADLY, 1), (PLUGINS, 1), (BUILT_IN, 44))
RUNS = sum(seeds * len(methods) for methods, seeds in SEEDS)
KILLS = 3


class Torture:
    """The same three requests, as often as it takes, into one results folder."""

    def __init__(self, folder, data_dir, helpers):
        self.folder = folder
        self.results = folder / "results"
        self.helpers = helpers
        common = (
            "run", "--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir,
            "--metrics", "edge_auc,retrieval", "--jobs", 2,
            "--timeout", "10s", "--memory", "1200MB",
        )  # fmt: skip
        self.requests = [
            (*common, "--seeds", seeds, "--methods", ",".join((*methods, "pca")))
            for methods, seeds in SEEDS
        ]

    def finish(self):
        """Do all that is missing; return what was printed."""
        return [
            bench(*request, cwd=self.folder, path=self.helpers).stdout for request in self.requests
        ]

    def until_killed(self, more):
        """Begin, and kill the runner with SIGKILL once so many more records are stored."""
        wanted = len(self.records()) + more
        for request in self.requests:
            process = self._start(request)
            while process.poll() is None:
                if len(self.records()) >= wanted:
                    os.kill(process.pid, signal.SIGKILL)
                    process.wait()
                    return
                time.sleep(0.02)
        raise AssertionError("the runs ended before the runner could be killed")

    def records(self):
        """Return what lies in the records' folder by file name, as bytes."""
        paths = (self.results / "records").glob("[!.]*.json")
        return {path.name: path.read_bytes() for path in paths}

    def rows(self):
        """Return every run as the suite exports it."""
        text = bench("results", "list", "--format", "csv", cwd=self.folder).stdout
        return list(csv.DictReader(io.StringIO(text)))

    def leaderboard(self):
        """Return the leaderboard, without what the runs cost."""
        table = ("leaderboard", "--format", "csv", "--no-cost")
        return bench(*table, cwd=self.folder).stdout

    def _start(self, request):
        places = [str(self.helpers), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        command = [*BENCH, *map(str, request)]
        return subprocess.Popen(command, cwd=self.folder, env=environment, **quiet)


@pytest.fixture
def torture(tmp_path, data_dir, helpers, monkeypatch):
    """Make an empty folder to be tortured in."""
    monkeypatch.setenv("STRAYS", str(tmp_path))

    def make(name):
        (tmp_path / name).mkdir()
        return Torture(tmp_path / name, data_dir, helpers)

    return make


@pytest.mark.slow
def test_no_run_is_lost_or_done_twice_whatever_happens(torture, tmp_path):
    """After three kills there are 189 records with the right ends, and the undisturbed table."""
    disturbed, calm = torture("disturbed"), torture("calm")
    kept = {}
    generator = random.Random(6)
    for _ in range(KILLS):
        disturbed.until_killed(generator.randint(5, 45))
        assert kept.items() <= disturbed.records().items()
        kept = disturbed.records()
    assert len(kept) < RUNS
    told = "".join(disturbed.finish() + calm.finish())
    assert "hello from a plugin" not in told
    assert kept.items() <= disturbed.records().items()
    for folder in (disturbed, calm):
        assert statuses(folder.rows()) == expected()
        assert bench("results", "verify", cwd=folder.folder).returncode == 0
    assert disturbed.records().keys() == calm.records().keys()
    assert disturbed.leaderboard() == calm.leaderboard()
    daemons = [int(path.read_text()) for path in tmp_path.glob("daemon.*")]
    assert len(daemons) >= 2
    until(lambda: not any(map(alive, daemons)))


def statuses(rows):
    """Return how often each method ended how."""
    found = {}
    for row in rows:
        key = row["method"], row["status"]
        found[key] = found.get(key, 0) + 1
    return found


def expected():
    """Return the same as it should be."""
    wanted = {(name, end): seeds for methods, seeds in SEEDS for name, end in methods.items()}
    assert sum(wanted.values()) == RUNS == 189
    return wanted
