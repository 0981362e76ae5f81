"""Common-gene ASW: whether the data sets mix within clusters."""

import numpy as np

from genearena.data.graphs import IntArray
from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics._shared.preconditions import need_judged_rows, need_several_datasets
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace


def common_gene_asw(space: EmbeddingSpace) -> Score:
    """Average 1 - abs(silhouette of the data sets) over the clusters of the common genes.

    scIB's batch silhouette with Leiden clusters as labels and data sets as batches: the mean of
    each cluster, then the mean over clusters. A cluster of one data set, or with as many data
    sets as rows, has no silhouette and is left out, and so are rows without a vector. Equals
    ``scib_metrics.silhouette_batch`` on the common rows.

    Raises
    ------
    NotDefined
        If there is one data set, or too few rows of common genes have a vector.
    """
    need_several_datasets(space)
    need_judged_rows(space)
    rows, dataset = space.rows[space.judged], space.dataset[space.judged]
    cluster = space.clusters[space.judged]
    members = (np.flatnonzero(cluster == c) for c in np.unique(cluster))
    values = [
        _mixing(rows[m], dataset[m]) for m in members if 1 < len(np.unique(dataset[m])) < len(m)
    ]
    if not values:
        return Score(0.0, "degenerate: no cluster of common genes mixes data sets")
    return Score(float(np.mean(values)))


def _mixing(rows: DoubleArray, dataset: IntArray) -> float:
    from sklearn.metrics import silhouette_samples

    return float(1 - np.abs(silhouette_samples(rows, dataset)).mean())


METRIC = Metric(
    name="asw",
    label="ASW",
    function=common_gene_asw,
    cites="MuSe-GNN, appendix H; scIB (Luecken et al. 2022)",
    equation="ASW = mean over clusters c of ( 1 - meanᵢ∈c |sᵢ| )",
    remark=(
        "sᵢ is the silhouette of row i with data sets as labels, among the common genes of its "
        "Leiden cluster."
    ),
    group="Integration",
    scored=True,
)
