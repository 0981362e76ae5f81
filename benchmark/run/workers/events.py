"""What an executor is asked for and what it tells: the interface of local and remote workers."""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Protocol

from genearena.benchmark.run.evaluation.jobs import Job
from genearena.benchmark.run.evaluation.outcome import Outcome

ATTEMPTS = 3
"""How often a job is begun at most when machines, not its method, make it fail."""


@dataclass(frozen=True)
class Progress:
    """A training's or scoring's state of a job."""

    worker: int
    job: Job
    stage: str
    done: int
    total: int
    loss: float


@dataclass(frozen=True)
class Finished:
    """A job's end, after all attempts.

    Parameters
    ----------
    worker
        Number of the worker, from 0.
    job
        What was to be done.
    outcome
        What came of it; its `fault` says who is to blame if it did not end well.
    attempts
        How often the job was begun.
    seconds
        Wall seconds that a worker was busy with the last attempt, loading included.
    """

    worker: int
    job: Job
    outcome: Outcome
    attempts: int = 1
    seconds: float = 0.0


class Executor(Protocol):
    """Something that carries out jobs."""

    def run(self, jobs: Iterable[Job | None]) -> Generator[Progress | Finished]:
        """Yield what happens, as it happens, until every job has finished.

        Parameters
        ----------
        jobs
            Pulled lazily, one when a worker is free. None means that there is nothing to do
            just now: the executor asks again a little later.

        Returns
        -------
        Generator of `Progress`, and of one `Finished` per job. Closing it ends all workers.
        """
