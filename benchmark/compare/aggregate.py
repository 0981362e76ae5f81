"""Turn means of metrics into min-max scores and ranks, as the MuSe-GNN paper does."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ties = Literal["average", "min"]
RESOLUTION = 1e-5
"""Differences up to this are rounding: metrics are computed that closely, and tables show less."""
FARTHEST = 10.0
"""How many ranges of the competing methods another row may lie away and still have an average."""


@dataclass(frozen=True, eq=False)
class Standings:
    """Scaled values and ranks of the methods of one task; NaN where there is none.

    `scaled` (methods, metrics) is 1 for the best competing method and 0 for the worst; rows that do
    not compete are scaled with the range of those that do, if there is one, and may lie outside.
    `ranks` (methods, metrics) is 1 for the best, competing methods only. Averages are (methods,)
    means over the scored metrics that tell methods apart, `constant` (metrics,) whether several
    methods compete and all have the same value.
    """

    scaled: Floats
    ranks: Floats
    avg_score: Floats
    avg_rank: Floats
    constant: Bools


def standings(
    means: Floats,
    *,
    higher: Bools,
    scored: Bools | None = None,
    competes: Bools | None = None,
    ties: Ties = "average",
    constant_counts: bool = False,
) -> Standings:
    """Scale, rank and average the metrics of one task.

    Parameters
    ----------
    means
        (methods, metrics) mean over seeds, NaN where a method has no value.
    higher
        (metrics,) whether higher is better.
    scored
        (metrics,) whether the metric enters the averages, all if None. One without any competing
        value is left out for all; a method without a value that others have gets no average.
    competes
        (methods,) all if None; False for controls: they set no range and take no rank. One that
        lies more than `FARTHEST` ranges away on a metric has no average.
    ties
        Rank of equal values: their ``average``, or the ``min`` (best) of them.
    constant_counts
        Whether a metric all agree on counts as 0 and as a tie, as in the paper, or not at all.

    References
    ----------
    MuSe-GNN, section 5: Avg Score and Avg Rank of Tables 1 and 14.
    """
    # from here on higher is better in every column
    values = np.where(higher, means, -means)
    if competes is None:
        competes = np.ones(len(values), dtype=bool)
    scaled, constant = scale(values, competes)
    ranks = rank(np.where(competes[:, None], values, np.nan).T, ties).T
    used = np.asarray(~np.isnan(values[competes]).all(axis=0))
    if scored is not None:
        used &= scored
    if not constant_counts:
        scaled[:, constant] = ranks[:, constant] = np.nan
        used &= ~constant
    near = np.where(is_near(scaled), scaled, np.nan)
    return Standings(scaled, ranks, row_means(near, used), row_means(ranks, used), constant)


def scale(values: Floats, competes: Bools | None = None) -> tuple[Floats, Bools]:
    """Scale the columns of tables to 0 for the worst and 1 for the best competing row.

    Parameters
    ----------
    values
        (..., methods, metrics), higher is better; NaN stays NaN.
    competes
        (methods,) all if None. Where those that do agree they get 0, and the others NaN.

    Returns
    -------
    The same shape, and (..., metrics) whether several rows compete and all agree.
    """
    known = ~np.isnan(values)
    if competes is not None:
        known &= competes[:, None]
    low = np.where(known, values, np.inf).min(axis=-2, keepdims=True, initial=np.inf)
    high = np.where(known, values, -np.inf).max(axis=-2, keepdims=True, initial=-np.inf)
    alike = high - low <= RESOLUTION
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = np.where(alike, np.where(known, 0.0, np.nan), (values - low) / (high - low))
    return scaled, alike[..., 0, :] & (known.sum(axis=-2) > 1)


def is_near(scaled: Floats | float) -> Bools:
    """Return whether scaled values lie within `FARTHEST` ranges of the competing methods."""
    return np.asarray(np.abs(np.asarray(scaled) - 0.5) <= 0.5 + FARTHEST)


def rank(values: Floats, ties: Ties = "average") -> Floats:
    """Rank (..., n) values along the last axis, 1 for the highest; NaN stays NaN."""
    above = (values[..., None, :] > values[..., None]).sum(axis=-1)
    equal = (values[..., None, :] == values[..., None]).sum(axis=-1)
    ranks = above + (1.0 if ties == "min" else (equal + 1) / 2)
    return np.where(np.isnan(values), np.nan, ranks)


def row_means(values: Floats, used: Bools) -> Floats:
    """Return (n,) means over the used columns of (n, m) values; NaN where one is, or none used."""
    chosen = values[:, used]
    if not chosen.shape[1]:
        return np.full(len(values), np.nan)
    # fsum is exact, so that equal averages compare equal whatever the order of metrics
    return np.array([math.fsum(row) / len(row) for row in chosen])
