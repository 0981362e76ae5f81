"""Bandwidth of a kernel density by Sheather and Jones (JRSS B 1991), solving their equation."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import optimize

from genearena.data.preprocessing._sctransform.spread import normal_reference, spread

Array = npt.NDArray[np.float64]

BINS = 1000
WIDENINGS = 50
SMALLEST_SAMPLE = 5
TINY = float(np.finfo(float).tiny)


class _NoSolutionError(Exception):
    """The equation cannot be set up or has no root."""


def sheather_jones(x: Array) -> float:
    """Return the bandwidth of a normal kernel that solves the equation of Sheather and Jones.

    Distances are those of 1000 bins. As in R the root is located to 1 % of the normal reference.
    Where there is no root, or there are too few values for the estimates in the equation, the
    normal-reference bandwidth is returned; it is 0 for values without spread.

    Parameters
    ----------
    x
        (n,) values.
    """
    n, scale = len(x), spread(x)
    if n < SMALLEST_SAMPLE or scale <= 0:
        return normal_reference(x)
    width, pairs = _binned_distances(x)
    try:
        return _solution(_equation(n, scale, width, pairs), 1.144 * scale * n**-0.2)
    except _NoSolutionError:
        return normal_reference(x)


def _binned_distances(x: Array) -> tuple[float, Array]:
    """Return the width of the bins and the number of pairs 0, 1, 2, … bins apart."""
    width = float(np.ptp(x)) * 1.01 / BINS
    # bins are cut off towards zero as in R, so the one around zero is twice as wide
    index = np.trunc(x / width).astype(int)
    counts = np.bincount(index - index.min()).astype(float)
    pairs = np.correlate(counts, counts, mode="full")[len(counts) - 1 :]
    pairs[0] = (counts * (counts - 1)).sum() / 2
    return width, pairs


def _equation(n: int, scale: float, width: float, pairs: Array) -> Callable[[float], float]:
    """Return the function of the bandwidth whose root is sought."""
    steps = np.arange(len(pairs))

    def roughness(h: float, polynomial: Callable[[Array], Array], at_zero: float) -> float:
        squares = np.minimum((steps * width / h) ** 2, 1e4)
        total = 2 * (np.exp(-squares / 2) * polynomial(squares) * pairs).sum() + n * at_zero
        return float(total / (n * (n - 1) * np.sqrt(2 * np.pi)))

    def fourth(h: float) -> float:
        return roughness(h, lambda s: s**2 - 6 * s + 3, 3) / h**5

    def sixth(h: float) -> float:
        return -roughness(h, lambda s: s**3 - 15 * s**2 + 45 * s - 15, -15) / h**7

    above = fourth(1.24 * scale * n ** (-1 / 7))
    below = sixth(1.23 * scale * n ** (-1 / 9))
    if above <= 0 or below <= 0:
        raise _NoSolutionError("an estimated functional is not positive")
    pilot = 1.357 * (above / below) ** (1 / 7)
    constant = 1 / (2 * np.sqrt(np.pi) * n)
    # never negative but for rounding; the form matters, as the root is located only roughly
    return lambda h: (constant / max(fourth(pilot * h ** (5 / 7)), TINY)) ** 0.2 - h


def _solution(equation: Callable[[float], float], highest: float) -> float:
    low, high = 0.1 * highest, highest
    tolerance = 0.1 * low
    for _ in range(WIDENINGS):
        if equation(low) * equation(high) <= 0:
            found = optimize.brentq(
                equation, low, high, xtol=tolerance, rtol=4 * np.finfo(float).eps
            )
            return float(found)
        low, high = low * 0.8, high * 1.2
    raise _NoSolutionError("the equation has no root")
