"""kBET of scib-metrics: whether neighbourhoods hold the data sets in their overall shares."""

import numpy as np

from genearena.data.graphs import IntArray
from genearena.metrics._shared.preconditions import need_judged_rows, need_several_datasets
from genearena.metrics._shared.scib import neighbours_of, scib_package
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace

_FEWEST, _MOST = 10, 70


def kbet(space: EmbeddingSpace) -> Score:
    """Return the share of common rows whose neighbourhood a χ² test at 5 % does not tell apart.

    ``scib_metrics.kbet`` on each common row that has a vector and its nearest, a quarter of the
    mean rows of a data set and 10 to 70 as in scIB: the counts of the data sets among them against
    the shares among all. (scIB tests within labels, along diffusion distances: that is compiled
    for every label anew, and would leave real data without a value.)

    Raises
    ------
    NotDefined
        If there is one data set, or too few rows of common genes have a vector.
    """
    need_several_datasets(space)
    need_judged_rows(space)
    dataset = space.dataset[space.judged]
    if len(np.unique(dataset)) < 2:
        return Score(0.0, "degenerate: one data set has vectors")
    with scib_package() as package:
        neighbours = neighbours_of(space.rows[space.judged], 1 + _neighbours(dataset))
        accepted, _, _ = package.kbet(neighbours, dataset)
    return Score(float(accepted))


def _neighbours(dataset: IntArray) -> int:
    return min(_MOST, max(_FEWEST, len(dataset) // len(np.unique(dataset)) // 4))


METRIC = Metric(
    name="scib_kbet",
    label="kBET",
    function=kbet,
    cites="Büttner et al. 2019; scib-metrics",
    equation="kBET = share of rows with P( χ²_{B-1} > Σ_b ( n_b - k f_b )² / ( k f_b ) ) ≥ 0.05",
    remark=(
        "n_b of the k rows of a common row's neighbourhood are of data set b, as f_b of all are. "
        "Chance is 0.95: noise all but wins."
    ),
    group="scib",
)
