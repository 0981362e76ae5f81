"""Mean and correlation of latent expression in closed form.

Log expression of gene g in a cell of activity a is log m_g + w_g·a + w_g·f + e_g − v_g/2, with
f ~ N(0, τ² I) the cell's fluctuation, e_g ~ N(0, σ_g²) the gene's own noise and
v_g = τ²|w_g|² + σ_g², so that its mean is m_g exp(w_g·a). A unit averages several such cells.
"""

import numpy as np

from genearena.data.simulation.pool import Array

FLUCTUATION = 0.75
"""Standard deviation τ of programme activity between cells of one type."""


def log_means(mean: Array, loadings: Array, activity: Array) -> Array:
    """Return log mean latent expression of every cell.

    Parameters
    ----------
    mean
        (genes,) expression at rest.
    loadings
        (genes, programmes) weights.
    activity
        (..., programmes) mean activity of each cell.

    Returns
    -------
    (..., genes) log means.
    """
    return np.asarray(np.log(mean) + activity @ loadings.T, dtype=np.float64)


def log_variance(loadings: Array, noise: Array) -> Array:
    """Return the (genes,) variance v of log expression between cells of one mean activity."""
    return np.asarray(FLUCTUATION**2 * (loadings**2).sum(axis=1) + noise**2)


def latent_moments(
    mean: Array, loadings: Array, noise: Array, activity: Array
) -> tuple[Array, Array]:
    """Return mean and covariance of the latent expression of a unit picked at random.

    Parameters
    ----------
    mean, noise
        (genes,) expression at rest and standard deviation of a gene's own log expression.
    loadings
        (genes, programmes) weights.
    activity
        (members, units, programmes) mean activity of the cells that make up each unit.

    Returns
    -------
    (genes,) means and (genes, genes) covariances: that of the units' means plus, per member cell,
    the log-normal covariance mean_g mean_h (exp(τ² w_g·w_h + [g = h] σ_g²) − 1).
    """
    cells = np.exp(log_means(mean, loadings, activity))
    units = cells.mean(axis=0)
    between = np.cov(units, rowvar=False, bias=True)
    flat = cells.reshape(-1, mean.size)
    log_covariance = FLUCTUATION**2 * loadings @ loadings.T + np.diag(noise**2)
    within = (flat.T @ flat / len(flat)) * np.expm1(log_covariance) / activity.shape[0]
    return units.mean(axis=0), between + within


def correlation(covariance: Array) -> Array:
    """Return the correlations of a covariance matrix, 0 where a variance is 0."""
    scale = np.sqrt(np.diag(covariance))
    inverse = np.divide(1.0, scale, out=np.zeros_like(scale), where=scale > 0)
    return np.asarray(covariance * inverse[:, None] * inverse[None, :])
