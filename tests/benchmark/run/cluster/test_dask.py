"""``bench run --dask`` on a real scheduler with two real worker processes."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from tiny_task import BENCH, SOURCE, bench

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow

SLOW = "slow_methods:Slow"
# pca's vectors depend on nothing but the data, musegnn's on the seed and on training
PLAIN = "pca,gene_name,gene2vec"


class Cluster:
    """A scheduler and workers, each a process of its own."""

    def __init__(self, folder, environment):
        self.folder = folder
        self.environment = environment
        self.file = folder / "cluster.json"
        self.processes = []
        self.workers = []
        local = ("--host", "127.0.0.1", "--no-dashboard", "--port", "0")
        self._start("distributed.cli.dask_scheduler", "--scheduler-file", self.file, *local)
        wait_for(self.file.exists)
        for number in range(2):
            self.workers.append(self.add_worker(number))

    def add_worker(self, number):
        """Start a worker that runs one batch at a time."""
        return self._start(
            "distributed.cli.dask_worker", "--scheduler-file", self.file, "--nthreads", 1,
            "--no-nanny", "--no-dashboard", "--host", "127.0.0.1",
            "--local-directory", self.folder / f"machine-{number}",
        )  # fmt: skip

    def _start(self, module, *arguments):
        command = [sys.executable, "-m", module, *map(str, arguments)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, cwd=self.folder, env=self.environment, **quiet)
        self.processes.append(process)
        return process

    def stop(self):
        """Kill whatever still runs."""
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def log(tmp_path):
    """Where slow methods note their trainings."""
    path = tmp_path / "trainings.txt"
    path.touch()
    return path


@pytest.fixture
def cluster(tmp_path, helpers, log):
    """Two workers on this machine that share nothing but the scheduler."""
    paths = [str(helpers), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "SLOW_LOG": str(log)}
    started = Cluster(tmp_path, environment)
    yield started
    started.stop()


@pytest.fixture
def arguments(data_dir):
    """``bench run`` on the tiny task."""
    return ("run", "--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir)


def wait_for(condition, seconds=300):
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def records(folder):
    """Read the records of a results folder by run id."""
    found = [json.loads(path.read_text()) for path in (folder / "records").glob("[!.]*.json")]
    return {record["run_id"]: record for record in found}


def test_a_cluster_gives_the_records_of_one_machine(cluster, arguments, tmp_path):
    """Vectors, metrics and statuses do not depend on where a run took place."""
    common = (*arguments, "--seeds", 2, "--methods", PLAIN)
    bench(*common, "--out", "here", cwd=tmp_path)
    bench(*common, "--out", "there", "--dask", cluster.file, cwd=tmp_path)
    here, there = records(tmp_path / "here"), records(tmp_path / "there")
    assert len(here) == 6
    assert here.keys() == there.keys()
    for run_id, record in here.items():
        assert there[run_id]["metrics"] == record["metrics"]
        assert there[run_id]["status"] == "ok"
        assert (tmp_path / "there" / "embeddings" / record["embedding"]).exists()


def test_data_lie_once_on_each_machine(cluster, arguments, tmp_path):
    """Workers store what was brought by its fingerprint, and need no data folder of ours."""
    bench(*arguments, "--seeds", 6, "--methods", "random", "--metrics", "cgr",
          "--out", "there", "--dask", cluster.file, cwd=tmp_path)  # fmt: skip
    (fingerprint,) = {r["task"]["fingerprint"] for r in records(tmp_path / "there").values()}
    for number in range(2):
        cards = list((tmp_path / f"machine-{number}").rglob("card.json"))
        assert [fingerprint in str(card) for card in cards] == [True]


def test_vectors_are_scored_again_without_training(cluster, arguments, tmp_path):
    """A metric asked for later travels with the stored vectors."""
    common = (*arguments, "--seeds", 1, "--methods", "gene2vec", "--out", "there")
    bench(*common, "--metrics", "cgr", "--dask", cluster.file, cwd=tmp_path)
    bench(*common, "--metrics", "asw,cgr", "--dask", cluster.file, cwd=tmp_path)
    bench(*common, "--metrics", "asw,cgr", "--out", "here", cwd=tmp_path)
    (there,), (here,) = records(tmp_path / "there").values(), records(tmp_path / "here").values()
    assert there["metrics"] == here["metrics"]


def test_a_killed_worker_costs_no_run(cluster, arguments, tmp_path, helpers, log):
    """What a dead worker was at is done by the other."""
    command = popen(cluster, arguments, "--seeds", "8", "--methods", SLOW, "--metrics", "cgr")
    wait_for(lambda: len(log.read_text().splitlines()) >= 3)
    os.kill(cluster.workers[0].pid, signal.SIGKILL)
    assert command.wait(120) == 0
    found = records(tmp_path / "there")
    assert [record["status"] for record in found.values()] == ["ok"] * 8
    assert {record["seed"] for record in found.values()} == set(range(8))


def test_an_interrupted_client_finds_its_runs_again(cluster, arguments, tmp_path, log):
    """What was sent goes on without the client, and is not done twice when it comes back."""
    asked = ("--seeds", "6", "--methods", SLOW, "--metrics", "cgr")
    command = popen(cluster, arguments, *asked)
    wait_for(lambda: len(log.read_text().splitlines()) >= 2)
    os.kill(command.pid, signal.SIGKILL)
    command.wait()
    assert len(records(tmp_path / "there")) < 6
    assert popen(cluster, arguments, *asked).wait(120) == 0
    assert len(records(tmp_path / "there")) == 6
    seeds = [line.split()[0] for line in log.read_text().splitlines()]
    assert len(seeds) == len(set(seeds)) == 6


def popen(cluster, arguments, *more, stderr=subprocess.DEVNULL):
    """Start ``bench run`` on a cluster without waiting for it."""
    command = [*BENCH, *map(str, arguments), *more, "--out", "there", "--dask", str(cluster.file)]
    return subprocess.Popen(command, cwd=cluster.folder, env=cluster.environment, stderr=stderr)


def test_a_local_cluster_needs_nothing_else(arguments, tmp_path):
    """`--dask local` starts and ends a cluster by itself."""
    done = bench(*arguments, "--seeds", 2, "--methods", "random", "--metrics", "cgr",
                 "--jobs", 2, "--dask", "local", cwd=tmp_path)  # fmt: skip
    assert "2 runs in" in done.stdout
    assert "2 ok" in done.stdout


@pytest.mark.parametrize("where", ["tcp://127.0.0.1:1", "nowhere.json"])
def test_a_cluster_that_is_not_there_is_one_line(arguments, tmp_path, where):
    """A wrong address ends the command before anything is written."""
    done = bench(*arguments, "--seeds", 1, "--methods", "random", "--dask", where,
                 cwd=tmp_path, check=False)  # fmt: skip
    assert done.returncode == 2
    assert re.fullmatch(r"Error: [^\n]*\n", done.stderr)
    assert not list(tmp_path.rglob("*.json"))


def test_a_scheduler_that_goes_is_told_and_loses_nothing(cluster, arguments, tmp_path, log):
    """What had ended is stored; the message says how to go on."""
    asked = ("--seeds", "30", "--methods", SLOW, "--metrics", "cgr")
    command = popen(cluster, arguments, *asked, stderr=subprocess.PIPE)
    wait_for(lambda: (tmp_path / "there" / "records").exists() and records(tmp_path / "there"))
    cluster.processes[0].kill()
    _, said = command.communicate(timeout=120)
    assert command.returncode == 1
    last = said.decode().splitlines()[-1]
    assert last.startswith("Error: the Dask scheduler at tcp://127.0.0.1")
    assert 1 <= len(records(tmp_path / "there")) < 30
