"""Intervals of means over units that might have been others: factors, pairs of orthologs."""

from dataclasses import dataclass

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
    n = len(values)
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    low, high = np.quantile(drawn @ values / n, TAILS)
    return Interval(float(values.mean()), float(low), float(high))
