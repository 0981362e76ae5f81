"""A worker's side of a job: find the data, evaluate, tell of progress."""

import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from genearena.benchmark.evaluate import Outcome, evaluate
from genearena.benchmark.jobs import Job, TaskRef
from genearena.data.errors import DataError
from genearena.data.graphs import GraphCollection
from genearena.data.tasks import load_task

SECONDS_BETWEEN_REPORTS = 0.2


class Work:
    """Carries out jobs one after another, keeping the data of the latest task.

    Parameters
    ----------
    connection
        Where progress goes, as (stage, done, total, loss).
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._loaded: tuple[str, GraphCollection] | None = None

    def carry_out(self, job: Job) -> Outcome:
        """Evaluate the job."""
        self.connection.send(("loading", 0, 0, float("nan")))
        return evaluate(job, self._graphs(job.task), self._reporter())

    def failure(self, trace: str) -> Outcome:
        """Return the outcome of a job that the suite itself could not carry out."""
        return Outcome("failed", trace.strip().splitlines()[-1], trace)

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
                self.connection.send((stage, done, total, loss))

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
