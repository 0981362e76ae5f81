"""Time two ways of doing one thing in turns, so that a busy machine slows both alike."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Work = Callable[[], object]


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


def _seconds(work: Work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
