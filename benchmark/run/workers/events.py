"""What workers say of a job, to whoever supervises them and to whoever waits for its end."""

from dataclasses import dataclass

from genearena.benchmark.run.evaluation.job import Job, Outcome

ATTEMPTS = 3
"""How often a job is begun at most when machines, not its method, make it fail."""


@dataclass(frozen=True)
class Stage:
    """How far a worker process is."""

    name: str
    done: int
    total: int
    loss: float


@dataclass(frozen=True)
class Began:
    """The method's own time begins: the suite is imported and the data are loaded."""


@dataclass(frozen=True)
class Done:
    """What became of the job; `reusable` if the worker process can do more."""

    outcome: Outcome
    reusable: bool = True


@dataclass(frozen=True)
class Progress:
    """How far a job is."""

    worker: int
    job: Job
    stage: Stage


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
