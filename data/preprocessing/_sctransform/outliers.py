"""Outliers among values that depend on a position, by a robust z-score within bins."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

LIMIT = 10.0
TINY = np.finfo(float).eps
NORMAL_CONSISTENCY = 1.4826
"""Makes the median absolute deviation of a normal sample estimate its standard deviation."""


def binned_outliers(x: Array, y: Array, width: float, limit: float = LIMIT) -> BoolArray:
    """Mark values far from the median of their bin in both of two binnings.

    The second binning is shifted by half a bin. Distances are in median absolute deviations.

    Parameters
    ----------
    x
        (n,) positions that are cut into bins.
    y
        (n,) values.
    width
        Width of the bins, positive.
    limit
        Distance beyond which a value is an outlier.
    """
    start = x.min() - 10 * TINY
    scores = [_scores(np.floor((x - s) / width).astype(int), y) for s in (start, start - width / 2)]
    return np.minimum(*scores) > limit


def _scores(group: npt.NDArray[np.int64], y: Array) -> Array:
    """Return the absolute robust z-score of each value within its group."""
    score = np.zeros(len(y))
    order = np.argsort(group, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        distance = np.abs(y[members] - np.median(y[members]))
        score[members] = distance / (NORMAL_CONSISTENCY * np.median(distance) + TINY)
    return score
