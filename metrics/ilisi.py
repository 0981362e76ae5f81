"""Common-gene iLISI: how many data sets a neighbourhood draws from."""

import numpy as np

from genearena.data.graphs import IntArray
from genearena.metrics._shared.nearest_rows import DoubleArray, nearest_rows
from genearena.metrics._shared.preconditions import need_judged_rows, need_several_datasets
from genearena.metrics.base import Metric
from genearena.metrics.embedding_space import EmbeddingSpace

NEIGHBOURS = 90
_STEPS = 50
_TOLERANCE = 1e-5


def common_gene_ilisi(space: EmbeddingSpace) -> float:
    """Return the median inverse Simpson index of data sets, scaled so that full mixing is 1.

    Neighbours are recomputed among the common rows that have a vector: the min(90, n - 1)
    nearest others by Euclidean distance, weighted at perplexity k // 3, as in the original LISI
    and scib-metrics.
    (scIB itself measures distances along the 15-neighbour graph.)

    Raises
    ------
    NotDefined
        If there is one data set, or too few rows of common genes have a vector.
    """
    need_several_datasets(space)
    need_judged_rows(space)
    k = min(NEIGHBOURS, len(space.judged) - 1)
    neighbour, distance = nearest_rows(space.rows[space.judged], k)
    index = lisi(distance, space.dataset[space.judged][neighbour], perplexity=k // 3)
    return float(np.clip((np.median(index) - 1) / (len(space.graphs) - 1), 0, 1))


def lisi(distance: DoubleArray, label: IntArray, *, perplexity: float) -> DoubleArray:
    """Return the local inverse Simpson index of every row.

    Parameters
    ----------
    distance
        (n, k) distances of each row's neighbours.
    label
        (n, k) labels of those neighbours, from 0.
    perplexity
        Effective number of neighbours.

    Returns
    -------
    (n,) numbers from 1 (one label) to the number of labels.

    References
    ----------
    Korsunsky et al.: Harmony, 2019.
    """
    weight = _weights(distance, float(np.log(perplexity)))
    n_labels = int(label.max()) + 1
    shares = np.stack([np.where(label == b, weight, 0).sum(axis=1) for b in range(n_labels)])
    return np.asarray(1 / (shares**2).sum(axis=0))


def _weights(distance: DoubleArray, target: float) -> DoubleArray:
    """Bisect for the rate whose exponential weights have the target entropy, per row."""
    # weights are relative, and counting from the nearest keeps them from vanishing all at once
    excess = distance - distance.min(axis=1, keepdims=True)
    n = len(excess)
    rate, low, high = _first_rate(excess, target), np.full(n, -np.inf), np.full(n, np.inf)
    weight, entropy = _entropy(excess, rate)
    active = np.flatnonzero(np.abs(entropy - target) >= _TOLERANCE)
    wide = entropy[active] > target
    for _ in range(_STEPS):
        low[active[wide]] = rate[active[wide]]
        high[active[~wide]] = rate[active[~wide]]
        rate[active] = _next_rate(rate[active], low[active], high[active])
        weight[active], entropy = _entropy(excess[active], rate[active])
        open_ = np.abs(entropy - target) >= _TOLERANCE
        active, wide = active[open_], (entropy > target)[open_]
        if not active.size:
            break
    return weight


def _first_rate(excess: DoubleArray, target: float) -> DoubleArray:
    """Begin at a power of two near the answer, from which the steps reach it at any scale.

    Doubling and halving meet the same powers of two from wherever they begin, so that a row's
    weights do not depend on where that is.
    """
    ordered = np.sort(excess, axis=1)
    effective = ordered[:, min(int(np.exp(target)), ordered.shape[1] - 1)]
    _, exponent = np.frexp(np.where(effective > 0, effective, ordered[:, -1]))
    return np.ldexp(1.0, -exponent)


def _next_rate(rate: DoubleArray, low: DoubleArray, high: DoubleArray) -> DoubleArray:
    middle = np.where(np.isinf(high), 2 * rate, (low + high) / 2)
    return np.where(np.isinf(low), rate / 2, middle)


def _entropy(excess: DoubleArray, rate: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
    weight = np.exp(-excess * rate[:, None])
    total = weight.sum(axis=1)
    weight /= total[:, None]
    return weight, np.log(total) + rate * (excess * weight).sum(axis=1)


METRIC = Metric(
    name="ilisi",
    label="iLISI",
    function=common_gene_ilisi,
    cites="MuSe-GNN, appendix H; LISI (Korsunsky et al. 2019)",
    equation="iLISI = ( median of 1 / Σ_b p_b² - 1 ) / ( B - 1 )",
    remark=(
        "p_b is the weight of data set b among the 90 nearest common rows, B the number of "
        "data sets."
    ),
    group="Integration",
    scored=True,
)
