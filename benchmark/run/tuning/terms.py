"""What searches of settings have in common, and what they tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from genearena.benchmark.records.declared import declared_method
from genearena.benchmark.run.evaluation.job import Job
from genearena.data.tasks import TaskCard


@dataclass(frozen=True)
class Terms:
    """What is the same for all methods.

    Parameters
    ----------
    task, preset, dim
        What methods train on, and the settings that are not tried.
    n_seeds
        Sets of hidden pairs that a trial is the mean of.
    seed
        Seed of what is tried and of the hidden sets.
    budget
        Seconds of training, all trials of a method together; None for no limit.
    trials
        Number of trials of a method, likewise.
    timeout
        Seconds of one training, likewise.
    at_once
        Trials of a method that run at the same time, each with one hidden set after another. With
        more than one, what is tried next depends on which ends first.
    """

    task: TaskCard
    preset: str = "fast"
    dim: int = 32
    n_seeds: int = 2
    seed: int = 0
    budget: float | None = None
    trials: int | None = None
    timeout: float | None = None
    at_once: int = 1

    def job(self, method: str, settings: Mapping[str, Any], hidden_set: int = 0) -> Job:
        """Return one training of a method with some settings changed, to be judged."""
        info = declared_method(method, self.preset, self.dim, settings)
        seed = self.seed * self.n_seeds + hidden_set
        return Job(self.task, info, seed, self.preset, (), validation=True)


@dataclass(frozen=True)
class Ended:
    """A trial that has come to its end: its score, or why there is none; `best` so far."""

    method: str
    number: int
    settings: Mapping[str, Any]
    value: float | None
    reason: str
    best: float | None


@dataclass(frozen=True)
class Chosen:
    """What a search has found: the settings changed, none where the default is best.

    `default` and `best` are scores, None if the default, or every trial, has failed for `reason`.
    """

    method: str
    settings: Mapping[str, Any]
    default: float | None
    best: float | None
    trials: int
    stopped: int
    failed: int
    seconds: float
    reason: str = ""


Listener = Callable[[Ended], None]
"""Who is told of every trial that has ended."""
