"""Bad methods on the tiny task, and what becomes of them in worker processes."""

import os
import time

import pytest
from processes import alive
from tiny_task import SOURCE

from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.executors import WorkerPool
from genearena.benchmark.run.plan import make_plan
from genearena.benchmark.run.request import Configuration, Request
from genearena.benchmark.run.resources import Resources
from genearena.benchmark.run.workers.events import Finished
from genearena.data.tasks import find_task
from genearena.methods.registry import METHODS


@pytest.fixture(scope="session")
def make_jobs(data_dir, tmp_path_factory):
    """Return a maker of the jobs of some methods over some seeds."""
    store = ResultStore(tmp_path_factory.mktemp("no-results"))
    card = find_task("lung", source=SOURCE, folder=data_dir)

    def make(*methods, seeds=(0,), metrics=()):
        names = tuple(m if ":" in m or m in METHODS.names else f"bad_plugins:{m}" for m in methods)
        request = Request((card,), tuple(map(Configuration, names)), metrics, seeds)
        return make_plan(request, store, []).jobs

    return make


@pytest.fixture(scope="session")
def carry_out(make_jobs):
    """Return a way to run methods; gives ends by (method, seed)."""

    def call(*methods, workers=2, timeout=None, memory=None, **options):
        jobs = make_jobs(*methods, **options)
        resources = Resources(workers=workers, timeout=timeout, memory=memory)
        events = WorkerPool(resources).run(jobs)
        ends = [event for event in events if isinstance(event, Finished)]
        assert len(ends) == len(jobs)
        return {(e.job.method.name.partition(":")[2], e.job.seed): e for e in ends}

    return call


@pytest.fixture(scope="session")
def strays(tmp_path_factory):
    """Folder in which bad methods leave the ids of the processes they start."""
    folder = tmp_path_factory.mktemp("strays")
    os.environ["STRAYS"] = str(folder)
    yield folder
    del os.environ["STRAYS"]


@pytest.fixture(scope="session")
def left_alive(strays):
    """Return a way to ask which of the processes that a method started stay alive."""

    def ask(name):
        (path,) = strays.glob(f"{name}.*")
        pids = [int(word) for word in path.read_text().split()]
        assert pids
        time.sleep(0.2)  # the killed die in their own time
        return [pid for pid in pids if alive(pid)]

    return ask
