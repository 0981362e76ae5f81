"""Nadaraya-Watson regression with a normal kernel."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

BLOCK = 1024
DEVIATIONS_PER_BANDWIDTH = 0.3706506
"""Puts the quartiles of the kernel at a quarter of the bandwidth, as R's `ksmooth` does."""
CUT = 4.0


def kernel_regression(x: Array, y: Array, at: Array, bandwidth: float) -> Array:
    """Average `y` around each point with normal weights in the distance along `x`.

    Parameters
    ----------
    x
        (n,) positions, n at least 1.
    y
        (n, k) values at these positions.
    at
        (m,) points to smooth at; those beyond the range of `x` count as its ends.
    bandwidth
        Four times the distance from centre to quartile of the kernel, which ends at four standard
        deviations. Where it reaches no position, the nearest one's value stands in.

    Returns
    -------
    (m, k) averages.
    """
    deviation = DEVIATIONS_PER_BANDWIDTH * bandwidth
    points, back = np.unique(np.clip(at, x.min(), x.max()), return_inverse=True)
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    smooth = np.empty((len(points), y.shape[1]))
    for start in range(0, len(points), BLOCK):
        block = points[start : start + BLOCK]
        reach = CUT * deviation
        first = np.searchsorted(x, block[0] - reach)
        last = np.searchsorted(x, block[-1] + reach, side="right")
        near = slice(max(first - 1, 0), last + 1)
        smooth[start : start + BLOCK] = _averages(x[near], y[near], block, deviation)
    return smooth[back]


def _averages(x: Array, y: Array, at: Array, deviation: float) -> Array:
    distance = np.abs(at[:, None] - x)
    nearest = distance.min(axis=1, keepdims=True)
    if deviation > 0:
        reached = np.maximum(nearest, CUT * deviation)
        # weights relative to the nearest position cannot all vanish
        exponent = (nearest**2 - distance**2) / (2 * deviation**2)
        weight = np.where(distance <= reached, np.exp(exponent), 0)
    else:
        weight = (distance == nearest).astype(float)
    averages: Array = weight @ y / weight.sum(axis=1, keepdims=True)
    return averages
