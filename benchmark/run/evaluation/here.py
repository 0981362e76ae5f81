"""Train a method in this process, for those who look at its vectors: as a worker does it."""

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from genearena.benchmark.records.declared import declared_method
from genearena.benchmark.records.embeddings import Embedding
from genearena.benchmark.run.evaluation.evaluate import space_of
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.evaluation.training import Report, Training
from genearena.benchmark.run.request import Configuration
from genearena.benchmark.run.workers.hygiene import same_state
from genearena.data.common.errors import MethodError
from genearena.data.graphs import GraphCollection
from genearena.data.tasks import check_task, described
from genearena.methods.device import on_device
from genearena.methods.registry import METHODS


@dataclass(frozen=True)
class Setup:
    """How to train: see the options of ``bench run``; `new_donor` trains without a donor too."""

    seed: int = 0
    preset: str = "fast"
    dim: int = 32
    device: str = "cpu"
    threads: int = 1
    new_donor: bool = False


def trained_here(
    graphs: GraphCollection, asked: Configuration, setup: Setup, report: Report
) -> tuple[Job, Embedding]:
    """Train a method on graphs in memory; the vectors are those that a run would store.

    Raises
    ------
    UsageError
        If there is no such method or preset, or it takes no such settings.
    DataError
        If vectors cannot be learnt on the graphs.
    MethodError
        If the method cannot run on them, or gives no vectors. What else it raises is passed on.
    """
    task = described(graphs)
    method = declared_method(asked.method, setup.preset, setup.dim, asked.settings)
    check_task(task, int(method.params.get("dim", setup.dim)))
    job = Job(task, method, setup.seed, setup.preset, (), asked.label)
    training = Training(job, graphs, report)
    METHODS.load(method.name)  # which imports what it needs, before threads are counted
    with _as_in_a_worker(job, setup):
        reason = training.skipped()
        if reason is not None:
            raise MethodError(f"{job.name} cannot run on these graphs: {reason}")
        trained = training.trained()
        if setup.new_donor:
            trained = training.with_new_donor(trained)
        clusters = space_of(job, graphs, trained).clusters
    return job, Embedding(trained.vectors, trained.new_donor, clusters, trained.losses)


@contextmanager
def _as_in_a_worker(job: Job, setup: Setup) -> Iterator[None]:
    """Have the state and the threads of a worker, and give the caller's back."""
    torch = sys.modules.get("torch")
    before = random.getstate(), np.random.get_state()  # noqa: NPY002 - the caller's
    drawn = None if torch is None else torch.get_rng_state()
    seed = job.derive_seed(job.method.name, "global")
    try:
        with same_state(seed, setup.threads), threadpool_limits(setup.threads):
            if torch is not None:
                torch.set_num_threads(setup.threads)
            with on_device(setup.device):
                yield
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])  # noqa: NPY002
        if torch is not None:
            torch.set_rng_state(drawn)
