"""Intervals of means over units that might have been others: factors, pairs of orthologs."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from genearena.metrics._shared.nearest_rows import DoubleArray

RESAMPLES = 2000
TAILS = (0.025, 0.975)


@dataclass(frozen=True)
class Interval:
    """A mean and its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


def mean_of(values: DoubleArray, seed: int = 0) -> Interval:
    """Average the (n,) values of units, with the percentiles of means over units drawn again."""
    low, high = np.quantile(_drawn(len(values), seed) @ values / len(values), TAILS)
    return Interval(float(values.mean()), float(low), float(high))


# drawing takes far longer than averaging, and tables ask for dozens of means over the same units
@lru_cache(maxsize=4)
def _drawn(n: int, seed: int) -> DoubleArray:
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    # whole numbers: the mean of equal values is that value, and never above it
    return times.astype(np.float64)
