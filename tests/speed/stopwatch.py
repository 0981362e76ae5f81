"""Time two ways of doing one thing in turns, so that a busy machine slows both alike."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from threadpoolctl import threadpool_limits

from genearena.data.graphs import GraphCollection
from genearena.methods.base import Method
from genearena.methods.progress import listening
from speed.made_up import Size

EPOCHS = 4
"""Of a training whose steps are timed; the first, with what it sets up, does not count."""

Work = Callable[[], object]


@dataclass(frozen=True)
class Bench:
    """What all parts of one benchmark run share: sizes of tasks, rounds, threads."""

    size: Size
    repeats: int
    threads: int


@dataclass(frozen=True)
class Times:
    """Measured values of repeats: seconds, or ratios of seconds."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle value."""
        return float(np.median(self.values))

    @property
    def quartiles(self) -> tuple[float, float]:
        """Values that a quarter of the repeats lie below and above."""
        low, high = np.quantile(self.values, [0.25, 0.75])
        return float(low), float(high)


@dataclass(frozen=True)
class Comparison:
    """Seconds of our way and of the other, repeat by repeat."""

    ours: Times
    other: Times

    @property
    def ratio(self) -> Times:
        """How many times longer the other way took, within each repeat."""
        pairs = zip(self.ours.values, self.other.values, strict=True)
        return Times(tuple(other / ours for ours, other in pairs))


def time_of(work: Work, repeats: int) -> Times:
    """Time `work` after one run that does not count."""
    return in_turns([work], repeats)[0]


def side_by_side(ours: Work, other: Work, repeats: int) -> Comparison:
    """Time two ways in turns, A B A B, after one run of each that does not count."""
    return Comparison(*in_turns([ours, other], repeats))


def in_turns(works: Sequence[Work], repeats: int) -> list[Times]:
    """Time any number of ways in turns, after one run of each that does not count."""
    for work in works:
        work()
    rounds = [[_seconds(work) for work in works] for _ in range(repeats)]
    return [Times(values) for values in zip(*rounds, strict=True)]


def steps_in_turns(
    trainings: Sequence[Callable[[], Method]], graphs: GraphCollection, repeats: int
) -> list[Times]:
    """Time the steps of methods that train for `EPOCHS` in turns: seconds per epoch and graph."""
    rounds = [[step_seconds(new(), graphs) for new in trainings] for _ in range(repeats + 1)]
    return [Times(values) for values in zip(*rounds[1:], strict=True)]


def step_seconds(
    method: Method, graphs: GraphCollection, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Train, and return the mean time between two reports of progress, per graph."""
    marks: list[float] = []
    with listening(lambda *_: marks.append(clock())):
        method.fit(graphs)
    return (marks[-1] - marks[0]) / (len(marks) - 1) / len(graphs.graphs)


def _seconds(work: Work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def cores() -> int:
    """Return the number of cores this process may use."""
    return len(os.sched_getaffinity(0))


@contextmanager
def limited_to(threads: int) -> Iterator[None]:
    """Let numpy, scipy and torch use `threads` threads inside the block."""
    # a limit reaches only what is loaded
    import scipy.linalg  # noqa: F401

    if find_spec("torch"):
        import torch

        torch.set_num_threads(threads)
    with threadpool_limits(threads):
        yield
