"""Common genes ratio: whether the rows of one gene share a cluster."""

import numpy as np

from genearena.metrics._shared.preconditions import NO_MIXING, need_shared_genes
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace


def common_gene_ratio(space: EmbeddingSpace) -> Score:
    """Average over clusters, weighted by size, 1 - unique genes / rows.

    With B data sets of the same genes the best value is 1 - 1/B. A row without a vector shares
    a cluster with nothing.

    Raises
    ------
    NotDefined
        If there is one data set, or data sets share too few genes.
    """
    need_shared_genes(space)
    # Σ_c (|c|/n)(1 - u_c/|c|) is Σ_c (|c| - u_c)/n, with u_c the unique genes of cluster c
    placed = np.stack([space.clusters, space.gene])[:, space.covered]
    repeated = placed.shape[1] - np.unique(placed, axis=1).shape[1]
    return Score(repeated / len(space.gene), "" if space.mixed else NO_MIXING)


METRIC = Metric(
    name="cgr",
    label="CGR",
    function=common_gene_ratio,
    cites="MuSe-GNN, appendix H",
    equation="CGR = Σ_c |c| / n · ( 1 - unique genes of c / |c| )",
    remark="With B data sets of the same genes the best value is 1 - 1/B.",
    group="Integration",
    scored=True,
)
