"""A worker's side of a job: find the data, evaluate, tell of progress."""

import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

import numpy as np

from genearena.benchmark.run.evaluation.evaluate import evaluate, score_vectors
from genearena.benchmark.run.evaluation.job import Job, Outcome
from genearena.benchmark.run.evaluation.usage import gpu_broken, has_children, prepare_gpu
from genearena.benchmark.run.resources import Resources
from genearena.benchmark.run.workers.events import Began, Done, Stage
from genearena.benchmark.run.workers.hygiene import same_state
from genearena.data.common.registry import SUITE
from genearena.data.graphs import GraphCollection
from genearena.data.sealed import sealed
from genearena.data.tasks import TaskCard, load
from genearena.methods.device import on_device
from genearena.methods.example import example_graphs
from genearena.methods.registry import METHODS

SECONDS_BETWEEN_REPORTS = 0.2


class Work:
    """Carries out jobs one after another, keeping the data of the latest task.

    Progress goes along the connection.
    """

    def __init__(self, connection: Connection, resources: Resources) -> None:
        self.connection = connection
        self.resources = resources
        if resources.device == "cuda" and resources.deterministic:
            prepare_gpu()
        self._loaded: tuple[str, GraphCollection] | None = None
        self._warm: set[str] = set()
        self._began = False

    def carry_out(self, job: Job) -> Done:
        """Evaluate a job and tell what became of it."""
        self._began = False
        self.connection.send(Stage("loading", 0, 0, float("nan")))
        graphs = self._graphs(job.task)
        METHODS.load(job.method.name)
        self._warm_up(job)
        seed = job.derive_seed(job.method.name, "global")
        self.connection.send(Began())
        self._began = True
        with same_state(seed, self.resources.threads), on_device(self.resources.device):
            outcome = evaluate(job, graphs, self._reporter())
        return Done(outcome, reusable=not (has_children() or gpu_broken()))

    def failure(self, job: Job, trace: str) -> Done:
        """Return the end of a job that the suite itself could not carry out.

        A method from outside the suite is to blame if it had begun: it may have patched anything.
        """
        reason = trace.strip().splitlines()[-1]
        patched = self._began and job.method.origin != SUITE
        failed = Outcome("failed", reason, trace, fault="method" if patched else "infrastructure")
        return Done(failed, reusable=not patched)

    def _graphs(self, task: TaskCard) -> GraphCollection:
        if self._loaded is None or self._loaded[0] != task.fingerprint:
            self._loaded = (task.fingerprint, sealed(load(task)))
        return self._loaded[1]

    def _warm_up(self, job: Job) -> None:
        """Score noise, so that no run is charged with what the suite imports and compiles."""
        if self._warm.issuperset(job.metrics):
            return
        graphs = example_graphs()
        rng = np.random.default_rng(0)
        noise = tuple(rng.normal(size=(g.n_genes, 8)).astype(np.float32) for g in graphs)
        with suppress(Exception):  # a metric that breaks will say so in the run
            score_vectors(job, graphs, noise, noise)
        self._warm.update(job.metrics)

    def _reporter(self) -> Callable[[str, int, int, float], None]:
        sent, sent_stage = 0.0, ""

        def report(stage: str, done: int, total: int, loss: float) -> None:
            nonlocal sent, sent_stage
            now = time.monotonic()
            if stage != sent_stage or now - sent >= SECONDS_BETWEEN_REPORTS:
                sent, sent_stage = now, stage
                self.connection.send(Stage(stage, done, total, loss))

        return report
