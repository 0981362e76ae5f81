"""Share the fits of single genes among genes of similar level."""

import numpy as np
import numpy.typing as npt

from genearena.data.preprocessing._sctransform.bandwidth import sheather_jones
from genearena.data.preprocessing._sctransform.kernel_regression import kernel_regression
from genearena.data.preprocessing._sctransform.outliers import binned_outliers

Array = npt.NDArray[np.float64]

WIDENING = 3.0


def regularise(
    log_mean: Array, theta: Array, intercept: Array, at: Array
) -> tuple[Array, Array] | None:
    """Smooth dispersion and intercept of the fitted genes along the log mean.

    The dispersion is smoothed as log10(1 + mean / θ), which is 0 for a Poisson gene. Outliers and
    genes of infinite θ are left out.

    Parameters
    ----------
    log_mean
        (m,) log10 mean of the fitted genes.
    theta, intercept
        (m,) their fits.
    at
        (n,) log10 means to find values at.

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


def _outliers(log_mean: Array, factor: Array, intercept: Array) -> npt.NDArray[np.bool_]:
    """Mark outliers of either value; without spread of the levels there are no bins, and none."""
    width = np.ptp(log_mean) * sheather_jones(log_mean) / 2 if len(log_mean) else 0.0
    if width <= 0:
        return np.zeros(len(log_mean), dtype=bool)
    return binned_outliers(log_mean, factor, width) | binned_outliers(log_mean, intercept, width)
