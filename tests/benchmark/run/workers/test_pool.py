"""Jobs are pulled when a worker is free, and workers die with their runner."""

import os
import signal
import subprocess
import sys

import pytest
from processes import alive, until

from genearena.benchmark.run.executors import WorkerPool
from genearena.benchmark.run.resources import Resources
from genearena.benchmark.run.workers.events import Finished


@pytest.mark.parametrize("workers", [1, 2])
def test_a_job_is_pulled_when_a_worker_is_free(make_jobs, workers):
    """Never more ahead than there are workers, so that others can take the rest."""
    jobs = make_jobs("Raises", seeds=tuple(range(5)))
    pulled, ended = 0, 0

    def one_by_one():
        nonlocal pulled
        for job in jobs:
            pulled += 1
            yield job

    for event in WorkerPool(Resources(workers=workers)).run(one_by_one()):
        if isinstance(event, Finished):
            ended += 1
        assert pulled - ended <= workers
    assert ended == 5


def test_a_source_may_have_nothing_just_now(make_jobs):
    """None is asked again, both while others work and when nobody does."""
    first, second = make_jobs("Raises", seeds=(0, 1))
    asked = []

    def one_by_one():
        for job in (None, None, first, None, second, None):
            asked.append(job)
            yield job

    ends = [
        e for e in WorkerPool(Resources(workers=2)).run(one_by_one()) if isinstance(e, Finished)
    ]
    assert {end.job.run_id for end in ends} == {first.run_id, second.run_id}
    assert len(asked) == 6


def test_nothing_to_do_starts_no_worker():
    """An empty source ends at once."""
    assert list(WorkerPool(Resources(workers=2)).run(())) == []


RUNNER = """\
import signal
import sys
from pathlib import Path
from genearena.benchmark.cli import bench
# what a shell starts in the background ignores Ctrl-C, and so would we
signal.signal(signal.SIGINT, signal.default_int_handler)
bench(["run", "--tissue", "lung", "--source", "tiny", "--seeds", "1", "--metrics", "edge_auc",
       "--methods", "bad_plugins:HangsWithChildren,bad_plugins:HangsInC", "--jobs", "2",
       "--data-dir", sys.argv[1]])
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_workers_die_with_their_runner(data_dir, helpers, tmp_path, how):
    """Whatever they do, even if it is killed; their children die too, in whatever group."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(helpers), *filter(None, sys.path)]),
        "STRAYS": str(tmp_path),
    }
    runner = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(data_dir)], cwd=tmp_path, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    stray = until(lambda: [p for p in tmp_path.glob("children.*") if p.read_text()])[0]
    worker = int(stray.suffix[1:])
    in_group, escaped = map(int, stray.read_text().split())
    runner.send_signal(how)
    runner.wait(30)
    until(lambda: not any(map(alive, (worker, in_group, escaped))))
