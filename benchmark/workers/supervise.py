"""Take worker processes through batches, and say how each job ended, whatever happens."""

from collections.abc import Generator
from dataclasses import replace
from multiprocessing.connection import Connection

from genearena.benchmark.batches import Batch
from genearena.benchmark.environment import current_environment
from genearena.benchmark.execution import Execution
from genearena.benchmark.outcome import Outcome
from genearena.benchmark.workers.cause import cause_of_death
from genearena.benchmark.workers.events import Finished, Progress
from genearena.benchmark.workers.messages import Done, Stage
from genearena.benchmark.workers.process import WorkerProcess


class Supervisor:
    """Has one worker process at a time; it takes the place of one that dies.

    Parameters
    ----------
    execution
        What the process may use.
    number
        What it is called in events.
    """

    def __init__(self, execution: Execution, number: int = 0) -> None:
        self.execution = execution
        self.number = number
        self._process: WorkerProcess | None = None
        self._batch: Batch | None = None

    @property
    def busy(self) -> bool:
        """Whether a batch is being done."""
        return self._batch is not None

    @property
    def connection(self) -> Connection:
        """What becomes readable when `events` has something to tell; only while busy."""
        assert self._process is not None  # noqa: S101 - busy supervisors have one
        return self._process.connection

    def run(self, batch: Batch) -> Generator[Progress | Finished]:
        """Carry out a batch, yielding what happens until all its jobs have finished."""
        self.give(batch)
        while self.busy:
            yield from self.events()

    def give(self, batch: Batch) -> None:
        """Begin a batch; only when not busy."""
        if self._process is None:
            self._process = WorkerProcess(self.execution)
        self._batch = batch
        self._process.give(batch)

    def events(self) -> list[Progress | Finished]:
        """Wait for the worker's next message and tell what it means."""
        process, batch = self._process, self._batch
        assert process is not None  # noqa: S101 - busy supervisors have both
        assert batch is not None  # noqa: S101
        message = process.hear()
        if isinstance(message, Stage):
            return [Progress(self.number, batch, *vars(message).values())]
        if isinstance(message, Done):
            return self._ended(batch, message.outcomes)
        if message is None:
            lost = Outcome("failed", cause_of_death(process.process))
            self.stop()
            return self._ended(batch, (lost,) * len(batch.jobs))
        return []

    def stop(self) -> None:
        """End the worker process at once."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def _ended(self, batch: Batch, outcomes: tuple[Outcome, ...]) -> list[Progress | Finished]:
        self._batch = None
        here = current_environment(self.execution)
        return [
            Finished(self.number, job, replace(outcome, environment=here))
            for job, outcome in zip(batch.jobs, outcomes, strict=True)
        ]
