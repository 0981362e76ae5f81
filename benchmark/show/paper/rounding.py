"""How far averages can move when every value behind them was rounded to two decimals.

Rounding keeps order: of two printed values the larger was the larger before. Ranks are therefore
uncertain only where printed values are equal, and bounds follow without any sampling.
"""

import numpy as np

from genearena.benchmark.compare.aggregate import Bools, Floats

HALF_STEP = 0.005
"""Largest rounding error of a number printed to two decimals."""

_DUST = 1e-9


def score_bounds(printed: Floats) -> tuple[Floats, Floats]:
    """Return the lowest and highest Avg Score that unrounded values allow each method.

    A min-max scaled value rises with the method's own value and falls with any other's, so each
    bound lies where the own value has one extreme of its rounding interval and all others the
    opposite one; metrics move independently of each other.

    Parameters
    ----------
    printed
        (methods, metrics) means to two decimals, higher is better.

    Returns
    -------
    (methods,) lowest and (methods,) highest.
    """
    steps = np.rint(printed * 100)
    low = [_scaled(steps, i, own=-0.5).mean() for i in range(len(steps))]
    high = [_scaled(steps, i, own=+0.5).mean() for i in range(len(steps))]
    return np.array(low), np.array(high)


def _scaled(steps: Floats, method: int, own: float) -> Floats:
    moved = steps - own
    moved[method] = steps[method] + own
    low, span = moved.min(axis=0), np.ptp(moved, axis=0)
    # all meet only in the limit: until then the method is the one best, or the one worst
    limit = 1.0 if own < 0 else 0.0
    return np.where(span > 0, (moved[method] - low) / np.where(span > 0, span, 1), limit)


def rank_bounds(printed: Floats) -> tuple[Floats, Floats]:
    """Return the best and worst Avg Rank that unrounded values allow each method.

    Parameters
    ----------
    printed
        (methods, metrics) means to two decimals, higher is better.

    Returns
    -------
    (methods,) best (lowest) and (methods,) worst, whatever rank equal values are given.
    """
    steps = np.rint(printed * 100)
    above = steps[None, :, :] > steps[:, None, :]
    equal = steps[None, :, :] == steps[:, None, :]
    best = 1 + above.sum(axis=1)
    worst = (above | equal).sum(axis=1)
    return best.mean(axis=1), worst.mean(axis=1)


def explained(printed: Floats, low: Floats, high: Floats) -> Bools:
    """Return whether averages printed to two decimals can lie between `low` and `high`."""
    return (printed >= low - HALF_STEP - _DUST) & (printed <= high + HALF_STEP + _DUST)
