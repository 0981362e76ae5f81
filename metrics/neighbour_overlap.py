"""Neighbours overlap: whether genes of a cluster have the same co-expression partners."""

from typing import TYPE_CHECKING

import numpy as np

from genearena.data.graphs import IntArray
from genearena.metrics._shared.preconditions import NO_MIXING, need_shared_genes
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace

if TYPE_CHECKING:
    import scipy.sparse


def neighbour_overlap(space: EmbeddingSpace) -> Score:
    """Average over clusters, weighted by size, the Jaccard index of neighbour sets.

    Within a cluster the mean runs over ordered pairs of rows from different data sets; the sets
    hold gene symbols. Two genes without neighbours count 0, and so do a cluster of one data set
    and rows without a vector.

    Raises
    ------
    NotDefined
        If there is one data set, or data sets share too few genes.
    """
    need_shared_genes(space)
    neighbours = _neighbour_sets(space)
    total = 0.0
    for number in range(len(space.cluster_sizes)):
        rows = np.flatnonzero((space.clusters == number) & space.covered)
        total += len(rows) * _mean_jaccard(neighbours[rows], space.dataset[rows])
    return Score(total / len(space.dataset), "" if space.mixed else NO_MIXING)


def _neighbour_sets(space: EmbeddingSpace) -> "scipy.sparse.csr_array":
    """(n, vocabulary) 1 where the gene is a neighbour of the row's gene in the row's graph."""
    from scipy import sparse

    edges = [graph.adjacency.tocoo() for graph in space.graphs]
    starts = space.offsets[:-1]
    row = np.concatenate([e.row + start for e, start in zip(edges, starts, strict=True)])
    column = np.concatenate([e.col + start for e, start in zip(edges, starts, strict=True)])
    shape = (len(space.gene), len(space.vocabulary))
    ones = np.ones(len(row), dtype=np.int32)
    return sparse.csr_array((ones, (row, space.gene[column])), shape=shape)


def _mean_jaccard(sets: "scipy.sparse.csr_array", dataset: IntArray) -> float:
    n_pairs = len(dataset) ** 2 - int((np.bincount(dataset) ** 2).sum())
    if not n_pairs:
        return 0.0
    from genearena.metrics._shared.pair_loops import sum_over_pairs

    holders = sets.tocsc()
    holders.sort_indices()
    total = sum_over_pairs(sets.indptr, sets.indices, holders.indptr, holders.indices, dataset)
    return 2 * float(total) / n_pairs


METRIC = Metric(
    name="neighbour_overlap",
    label="NO",
    function=neighbour_overlap,
    cites="MuSe-GNN, appendix H",
    equation="NO = Σ_c |c| / n · mean Jaccard( N(i), N(j) )   for i, j in c of different data sets",
    remark="N(i) are the co-expression partners of gene i in its own graph.",
    group="Graph",
    scored=True,
)
