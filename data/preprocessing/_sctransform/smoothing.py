"""Share the fits of single genes among genes of similar level, with the smoothers of R."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import ndimage, optimize

Array = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

WIDENING = 3.0
ROUNDING = 1e-10
"""Relative differences up to this are not taken for spread."""
NORMAL_QUARTILES = 1.349
"""Distance between the quartiles of a standard normal."""

BINS = 1000
WIDENINGS = 50
SMALLEST_SAMPLE = 5
TINY = float(np.finfo(float).tiny)

GRID = 512
MARGIN = 3

BLOCK = 1024
DEVIATIONS_PER_BANDWIDTH = 0.3706506
"""Puts the quartiles of the kernel at a quarter of the bandwidth, as R's `ksmooth` does."""
CUT = 4.0

LIMIT = 10.0
EPSILON = float(np.finfo(float).eps)
NORMAL_CONSISTENCY = 1.4826
"""Makes the median absolute deviation of a normal sample estimate its standard deviation."""


def regularise(
    log_mean: Array, theta: Array, intercept: Array, at: Array
) -> tuple[Array, Array] | None:
    """Smooth dispersion and intercept of m fitted genes along the log10 mean, at n others (`at`).

    The dispersion is smoothed as log10(1 + mean / θ), which is 0 for a Poisson gene. Outliers and
    genes of infinite θ are left out.

    Returns
    -------
    (n,) θ and (n,) intercepts; None if no gene is left to smooth over.
    """
    factor = np.log1p(10**log_mean / theta) / np.log(10)
    usable = np.isfinite(theta) & ~_outliers(log_mean, factor, intercept)
    if not usable.any():
        return None
    bandwidth = WIDENING * sheather_jones(log_mean[usable])
    values = np.column_stack([factor, intercept])[usable]
    smooth = kernel_regression(log_mean[usable], values, at, bandwidth)
    with np.errstate(divide="ignore"):
        return 10**at / np.expm1(smooth[:, 0] * np.log(10)), smooth[:, 1]


def _outliers(log_mean: Array, factor: Array, intercept: Array) -> BoolArray:
    """Mark outliers of either value; without spread of the levels there are no bins, and none."""
    width = np.ptp(log_mean) * sheather_jones(log_mean) / 2 if len(log_mean) else 0.0
    if width <= 0:
        return np.zeros(len(log_mean), dtype=bool)
    return binned_outliers(log_mean, factor, width) | binned_outliers(log_mean, intercept, width)


def binned_outliers(x: Array, y: Array, width: float, limit: float = LIMIT) -> BoolArray:
    """Mark values (n,) beyond `limit` from the median of their bin in both of two binnings.

    Bins are `width` wide along the positions `x` (n,), in the second binning shifted by half of
    it. Distances are in median absolute deviations.
    """
    start = x.min() - 10 * EPSILON
    scores = [_scores(np.floor((x - s) / width).astype(int), y) for s in (start, start - width / 2)]
    return np.minimum(*scores) > limit


def _scores(group: npt.NDArray[np.int64], y: Array) -> Array:
    """Return the absolute robust z-score of each value within its group."""
    score = np.zeros(len(y))
    order = np.argsort(group, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        distance = np.abs(y[members] - np.median(y[members]))
        score[members] = distance / (NORMAL_CONSISTENCY * np.median(distance) + EPSILON)
    return score


def kernel_regression(x: Array, y: Array, at: Array, bandwidth: float) -> Array:
    """Average `y` around each point with normal weights along `x`, after Nadaraya and Watson.

    Parameters
    ----------
    x, y
        (n,) positions, n at least 1, and the (n, k) values there.
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


def even_sample(x: Array, size: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw `size` of the items at (n,) positions with probability 1 / density there.

    The density is a normal kernel's with the normal-reference bandwidth, on a grid. None is drawn
    twice; their indices are in the order drawn.
    """
    chance = 1 / (_density(x) + EPSILON)
    return rng.choice(len(x), size, replace=False, p=chance / chance.sum()).astype(np.int64)


def _density(x: Array) -> Array:
    """Return a multiple of the density at each position."""
    bandwidth = normal_reference(x)
    if bandwidth <= 0:
        return np.ones(len(x))
    low, high = x.min() - MARGIN * bandwidth, x.max() + MARGIN * bandwidth
    counts, edges = np.histogram(x, GRID, (low, high))
    width = edges[1] - edges[0]
    smooth = ndimage.gaussian_filter1d(counts.astype(float), bandwidth / width, mode="constant")
    density: Array = np.interp(x, edges[:-1] + width / 2, smooth / len(x) / width)
    return density


def spread(x: Array) -> float:
    """Return the smaller of the standard deviation and that of a normal of equal quartiles.

    It is the standard deviation if the quartiles coincide, and 0 for equal values.
    """
    if len(x) < 2 or np.ptp(x) <= ROUNDING * np.abs(x).max():
        return 0.0
    deviation = float(np.std(x, ddof=1))
    quartiles = float(np.subtract(*np.quantile(x, [0.75, 0.25]))) / NORMAL_QUARTILES
    return min(deviation, quartiles) if quartiles > 0 else deviation


def normal_reference(x: Array) -> float:
    """Return the bandwidth 1.06 s n^(-1/5) that suits a normal sample best (Silverman 1986)."""
    return 1.06 * spread(x) * len(x) ** -0.2 if len(x) else 0.0


class _NoSolutionError(Exception):
    """The equation of a bandwidth cannot be set up or has no root."""


def sheather_jones(x: Array) -> float:
    """Return the bandwidth of a normal kernel by Sheather and Jones (JRSS B 1991).

    Distances are those of 1000 bins. As in R the root of their equation is located to 1 % of the
    normal reference. Where there is no root, or there are too few values for the estimates in the
    equation, the normal-reference bandwidth is returned; it is 0 for values without spread.
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
            return float(optimize.brentq(equation, low, high, xtol=tolerance, rtol=4 * EPSILON))
        low, high = low * 0.8, high * 1.2
    raise _NoSolutionError("the equation has no root")
