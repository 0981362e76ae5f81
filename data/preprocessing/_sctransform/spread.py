"""Spread of a sample that neither outliers nor ties upset."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

ROUNDING = 1e-10
"""Relative differences up to this are not taken for spread."""
NORMAL_QUARTILES = 1.349
"""Distance between the quartiles of a standard normal."""


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
