"""Real processes on one results folder: killed, stopped, and at the same job."""

import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest
from shared_folder import make_jobs

from genearena.benchmark.records.integrity import verify
from genearena.benchmark.records.results import ResultStore

SCRIPT = Path(__file__).parents[2] / "helpers" / "shared_folder.py"


class Crowd:
    """Processes on one folder, begun together."""

    def __init__(self, folder, n_jobs):
        self.store = ResultStore(folder / "results")
        self.log = folder / "log"
        self.log.touch()
        self.n_jobs = n_jobs
        self.processes = []

    def plan(self, *options, count=1):
        """Start processes and wait until each has made its plan."""
        words = [sys.executable, SCRIPT, self.store.folder, self.log, self.n_jobs, *options]
        started = [
            subprocess.Popen(
                list(map(str, words)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _ in range(count)
        ]
        for process in started:
            assert process.stdout.readline() == "planned\n"
        self.processes += started
        return started

    def begin(self):
        """Let the planned processes work."""
        for process in self.processes:
            if not process.stdin.closed:
                process.stdin.close()

    def end(self):
        """Wait for all and return how many jobs each of those that ended well took over."""
        processes, self.processes = self.processes, []
        codes = [process.wait(60) for process in processes]
        assert set(codes) <= {0, -signal.SIGKILL}
        told = [process.stdout.read() for process in processes]
        return [int(text.split()[-1]) for text, code in zip(told, codes, strict=True) if not code]

    def begun(self):
        """Return run id -> processes that began it, in order."""
        found = defaultdict(list)
        for line in self.log.read_text().splitlines():
            run_id, pid = line.split()
            found[run_id].append(int(pid))
        return found

    def check(self):
        """Assert that there is a whole record of every job, and nothing else."""
        scan = self.store.scan()
        assert [r.run_id for r in scan.records] == sorted(j.run_id for j in make_jobs(self.n_jobs))
        assert not list(verify(self.store, scan))


@pytest.fixture
def crowd(tmp_path):
    """Return a maker of crowds whose processes do not outlive the test."""
    made = []

    def make(n_jobs):
        made.append(Crowd(tmp_path, n_jobs))
        return made[-1]

    yield make
    for process in (process for crowd in made for process in crowd.processes):
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.mark.parametrize("options", [(), ("--no-links",)], ids=["hard links", "copies"])
def test_no_job_is_done_twice(crowd, options):
    """Three processes share the jobs of one folder, with and without hard links, and end tidy."""
    crowd = crowd(120)
    crowd.plan(*options, count=3)
    crowd.begin()
    taken = crowd.end()
    crowd.check()
    begun = crowd.begun()
    assert all(len(processes) == 1 for processes in begun.values())
    assert sum(taken) == 2 * 120
    assert not list(crowd.store.records_folder.glob(".*"))


def test_running_again_in_two_processes_does_each_job_once_more(crowd):
    """``--rerun always`` twice at once neither loops nor doubles."""
    crowd = crowd(40)
    crowd.plan()
    crowd.begin()
    crowd.end()
    crowd.plan("--again", count=2)
    crowd.begin()
    assert sum(crowd.end()) == 40
    crowd.check()
    assert all(len(processes) == 2 for processes in crowd.begun().values())


def test_killed_processes_cost_only_what_they_were_at(crowd):
    """After SIGKILL at random moments the others do the jobs at once; no other is done twice."""
    crowd = crowd(150)
    rng = random.Random(0)
    killed = crowd.plan(count=3)
    crowd.plan(count=1)
    crowd.begin()
    for process in killed:
        done = len(crowd.begun())
        while len(crowd.begun()) < done + 15:
            time.sleep(0.002)
        time.sleep(rng.random() * 0.01)
        process.kill()
    crowd.end()
    crowd.check()
    dead = {process.pid for process in killed}
    begun = crowd.begun()
    assert all(set(processes[:-1]) <= dead for processes in begun.values())
    assert sum(len(processes) - 1 for processes in begun.values()) <= 3


def test_a_stopped_process_loses_its_job_and_drops_it_when_it_wakes(crowd):
    """A laptop that slept for longer than its lease finds its job done and says so."""
    crowd = crowd(10)
    (sleeper,) = crowd.plan("--lease", 1, "--stop-at", 3)
    crowd.begin()
    while len(crowd.begun()) < 3:
        time.sleep(0.01)
    job = list(crowd.begun())[2]
    (other,) = crowd.plan("--lease", 1)
    crowd.begin()
    other.wait(60)
    record = crowd.store.record(job)
    assert crowd.begun()[job] == [sleeper.pid, other.pid]
    sleeper.send_signal(signal.SIGCONT)
    crowd.end()
    crowd.check()
    assert crowd.store.record(job) == record
    assert crowd.store.embedding_path(record).read_text() == f"{job} {other.pid}"


def test_a_stopped_process_whose_job_nobody_took_goes_on(crowd):
    """Sleeping costs nothing where nobody else is at work."""
    crowd = crowd(6)
    (sleeper,) = crowd.plan("--lease", 1, "--stop-at", 3)
    crowd.begin()
    while len(crowd.begun()) < 3:
        time.sleep(0.01)
    sleeper.send_signal(signal.SIGCONT)
    assert crowd.end() == [0]
    crowd.check()
