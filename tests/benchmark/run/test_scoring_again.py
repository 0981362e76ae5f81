"""Vectors of earlier runs are scored again: by few workers, and only as the runs left them."""

import numpy as np
import pytest
from shared_folder import Silent
from tiny_task import SOURCE

from genearena.benchmark.records.embeddings import read_sealed
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.cluster.payload import pack_data, pack_job, unpacked
from genearena.benchmark.run.executors import WorkerPool
from genearena.benchmark.run.plan import make_plan
from genearena.benchmark.run.request import Configuration, Request
from genearena.benchmark.run.resources import Resources
from genearena.benchmark.run.runner import carry_out
from genearena.benchmark.run.workers import supervise
from genearena.data.common.errors import StoreError
from genearena.data.tasks import find_task, load

SEEDS = (0, 1, 2)


class Quiet(Silent):
    """A display that shows nothing."""

    def progress(self, event):
        """Show nothing."""

    def finished(self, event, record):
        """Show nothing."""


@pytest.fixture(scope="module")
def task(data_dir):
    """Return the tiny task."""
    return find_task("lung", source=SOURCE, folder=data_dir)


@pytest.fixture(scope="module")
def store(task, tmp_path_factory):
    """Return a store with three runs that have CGR."""
    store = ResultStore(tmp_path_factory.mktemp("results"))
    do(store, plan_of(task, store, "cgr"))
    return store


def plan_of(task, store, *metrics):
    """Plan some metrics of the control `random`."""
    return make_plan(
        Request((task,), (Configuration("random"),), metrics, SEEDS), store, store.records()
    )


def do(store, plan):
    """Carry a plan out with one worker at a time, and return the records."""
    return carry_out(plan, store, WorkerPool(Resources()), Quiet())


def test_one_worker_scores_all_runs_again(task, store, monkeypatch):
    """Reading the suite's own files leaves nothing behind that would wear a worker out."""
    plan = plan_of(task, store, "cgr", "edge_auc")
    assert all(job.stored for job in plan.jobs)
    started = []

    class Counted(supervise.WorkerProcess):
        def __init__(self, *arguments):
            started.append(self)
            super().__init__(*arguments)

    monkeypatch.setattr(supervise, "WorkerProcess", Counted)
    done = do(store, plan)
    assert [set(record.metrics) for record in done] == [{"cgr", "edge_auc"}] * len(SEEDS)
    assert len(started) == 1


def test_vectors_that_change_before_they_are_read_are_refused(task, store):
    """Between the plan and the scoring hours may pass."""
    graphs = load(task)
    (job, *_) = plan_of(task, store, "asw").jobs
    content = job.stored.path.read_bytes()
    assert len(read_sealed(job.stored, graphs).vectors) == len(graphs)
    job.stored.path.write_bytes(content[:-1] + b"?")
    try:
        with pytest.raises(StoreError, match="changed during the run"):
            read_sealed(job.stored, graphs)
    finally:
        job.stored.path.write_bytes(content)


def test_a_job_on_another_machine_finds_data_and_sealed_vectors(task, store, tmp_path):
    """The vectors that arrive there are checked like those that are read here."""
    (job, *_) = plan_of(task, store, "asw").jobs
    with unpacked(pack_job(job), pack_data(job), tmp_path) as there:
        assert there.run_id == job.run_id
        graphs = load(there.task)
        ours, theirs = read_sealed(job.stored, graphs), read_sealed(there.stored, graphs)
        assert there.stored.path.parent == tmp_path
        for mine, its in zip(ours.vectors, theirs.vectors, strict=True):
            np.testing.assert_array_equal(mine, its)


def test_vectors_without_a_seal_are_probed_before_they_are_trusted(store):
    """Records of schema 1 have none: what cannot be read is trained anew."""
    record = store.records()[0].model_copy(update={"embedding_sha256": None})
    path = store.embedding_path(record)
    content = path.read_bytes()
    assert store.intact_vectors(record).sha256 == store.records()[0].embedding_sha256
    path.write_bytes(content[: len(content) // 2])
    try:
        assert store.intact_vectors(record) is None
    finally:
        path.write_bytes(content)
