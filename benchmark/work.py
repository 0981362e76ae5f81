"""A worker's side of a batch of jobs: find the data, evaluate, tell of progress."""

import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from genearena.benchmark.batches import Batch
from genearena.benchmark.evaluate import evaluate
from genearena.benchmark.execution import Execution
from genearena.benchmark.gpu import prepare
from genearena.benchmark.jobs import TaskRef
from genearena.benchmark.outcome import Outcome
from genearena.benchmark.workers.messages import Stage
from genearena.data.errors import DataError
from genearena.data.graphs import GraphCollection
from genearena.data.tasks import load_task
from genearena.methods.device import on_device

SECONDS_BETWEEN_REPORTS = 0.2


class Work:
    """Carries out batches of jobs one after another, keeping the data of the latest task.

    Parameters
    ----------
    connection
        Where progress goes.
    execution
        What the worker may use.
    """

    def __init__(self, connection: Connection, execution: Execution) -> None:
        self.connection = connection
        self.execution = execution
        prepare(execution)
        self._loaded: tuple[str, GraphCollection] | None = None

    def carry_out(self, batch: Batch) -> list[Outcome]:
        """Evaluate the jobs of a batch, which share a task."""
        self.connection.send(Stage("loading", 0, 0, float("nan")))
        graphs = self._graphs(batch.jobs[0].task)
        with on_device(self.execution.device):
            return evaluate(batch.jobs, graphs, self._reporter())

    def failure(self, batch: Batch, trace: str) -> list[Outcome]:
        """Return the outcomes of jobs that the suite itself could not carry out."""
        return [Outcome("failed", trace.strip().splitlines()[-1], trace) for _ in batch.jobs]

    def _graphs(self, task: TaskRef) -> GraphCollection:
        if self._loaded is None or self._loaded[0] != task.card.fingerprint:
            self._loaded = (task.card.fingerprint, _load(task))
        return self._loaded[1]

    def _reporter(self) -> Callable[[str, int, int, float], None]:
        sent, sent_stage = 0.0, ""

        def report(stage: str, done: int, total: int, loss: float) -> None:
            nonlocal sent, sent_stage
            now = time.monotonic()
            if stage != sent_stage or now - sent >= SECONDS_BETWEEN_REPORTS:
                sent, sent_stage = now, stage
                self.connection.send(Stage(stage, done, total, loss))

        return report


def _load(task: TaskRef) -> GraphCollection:
    card = task.card
    graphs = load_task(card.tissue, source=card.source, folder=task.folder)
    if graphs.fingerprint != card.fingerprint:
        raise DataError(
            f"the stored graphs of {card.tissue} ({card.source}) changed during the run; "
            "start 'bench run' again"
        )
    return graphs
