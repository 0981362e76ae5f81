"""What a worker process says while it carries out a job."""

from dataclasses import dataclass

from genearena.benchmark.run.evaluation.outcome import Outcome


@dataclass(frozen=True)
class Stage:
    """How far it is."""

    name: str
    done: int
    total: int
    loss: float


@dataclass(frozen=True)
class Began:
    """The method's own time begins: the suite is imported and the data are loaded."""


@dataclass(frozen=True)
class Done:
    """The end of the job; `reusable` if the worker can do more."""

    outcome: Outcome
    reusable: bool = True


Message = Stage | Began | Done
