"""Turn means of metrics into min-max scores and ranks, as the MuSe-GNN paper does."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from pandas import DataFrame

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

    Parameters
    ----------
    scaled
        (methods, metrics), 1 for the best competing method and 0 for the worst. Rows that do
        not compete are scaled with the range of those that do, if there is one, and may lie
        outside.
    ranks
        (methods, metrics), 1 for the best; competing methods only.
    avg_score, avg_rank
        (methods,) means over the scored metrics that tell methods apart.
    constant
        (metrics,) whether several methods compete and all have the same value.
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
    scored: Bools,
    competes: Bools,
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
        (metrics,) whether the metric enters the averages. One without any competing value is
        left out for all; a method without a value that others have gets no average.
    competes
        (methods,) False for controls: they set no range and take no rank. One that lies more
        than `FARTHEST` ranges away on a metric has no average.
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
    columns = range(means.shape[1])
    scaled = np.empty_like(values)
    ranks = np.full_like(values, np.nan)
    constant = np.zeros(means.shape[1], dtype=bool)
    for j in columns:
        scaled[:, j], constant[j] = _scale(values[:, j], competes)
        ranks[competes, j] = rank(values[competes, j], ties)
    used = scored & ~np.isnan(values[competes]).all(axis=0)
    if not constant_counts:
        scaled[:, constant] = ranks[:, constant] = np.nan
        used &= ~constant
    near = np.where(is_near(scaled), scaled, np.nan)
    return Standings(scaled, ranks, _average(near, used), _average(ranks, used), constant)


def is_near(scaled: Floats | float) -> Bools:
    """Return whether scaled values lie within `FARTHEST` ranges of the competing methods."""
    return np.asarray(np.abs(np.asarray(scaled) - 0.5) <= 0.5 + FARTHEST)


def rank(values: Floats, ties: Ties = "average") -> Floats:
    """Rank values, 1 for the highest; NaN stays NaN.

    Parameters
    ----------
    values
        (n,) numbers.
    ties
        ``average`` or ``min``.
    """
    above = (values[None, :] > values[:, None]).sum(axis=1)
    equal = (values[None, :] == values[:, None]).sum(axis=1)
    ranks = above + (1.0 if ties == "min" else (equal + 1) / 2)
    return np.where(np.isnan(values), np.nan, ranks)


def _scale(values: Floats, competes: Bools) -> tuple[Floats, bool]:
    competing = values[competes & ~np.isnan(values)]
    if not competing.size:
        return np.full_like(values, np.nan), False
    low, span = competing.min(), np.ptp(competing)
    if span <= RESOLUTION:
        return np.where(competes & ~np.isnan(values), 0.0, np.nan), competing.size > 1
    return (values - low) / span, False


def _average(values: Floats, used: Bools) -> Floats:
    chosen = values[:, used]
    if not chosen.shape[1]:
        return np.full(len(values), np.nan)
    # fsum is exact, so that equal averages compare equal whatever the order of metrics
    return np.array([math.fsum(row) / len(row) for row in chosen])


def aggregate_table(
    table: "DataFrame", higher: Mapping[str, bool] | None = None, ties: Ties = "average"
) -> "DataFrame":
    """Compute Avg Score and Avg Rank from a table of means, such as a paper's.

    Parameters
    ----------
    table
        Columns tissue, method, metric, mean; one row per combination.
    higher
        metric -> whether higher is better; a metric not named here counts as higher is better.
    ties
        As in `standings`.

    Returns
    -------
    Columns tissue, method, avg_score, avg_rank, in the order of `table`.
    """
    import pandas as pd

    parts = []
    for tissue, part in table.groupby("tissue", sort=False):
        wide = part.pivot_table(index="method", columns="metric", values="mean", sort=False)
        n_methods, n_metrics = wide.shape
        result = standings(
            wide.to_numpy(dtype=np.float64),
            higher=np.array([(higher or {}).get(name, True) for name in wide.columns]),
            scored=np.ones(n_metrics, dtype=bool),
            competes=np.ones(n_methods, dtype=bool),
            ties=ties,
            constant_counts=True,
        )
        columns = {"avg_score": result.avg_score, "avg_rank": result.avg_rank}
        parts.append(pd.DataFrame({"tissue": tissue, "method": wide.index, **columns}))
    return pd.concat(parts, ignore_index=True)
