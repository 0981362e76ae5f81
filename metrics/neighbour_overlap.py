"""Neighbours overlap: whether genes of a cluster have the same co-expression partners."""

import numpy as np
from scipy import sparse

from genearena.data.graphs import IntArray
from genearena.metrics._shared.preconditions import NO_MIXING, need_several_datasets
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace

_BLOCK = 1024


def neighbour_overlap(space: EmbeddingSpace) -> Score:
    """Average over clusters, weighted by size, the Jaccard index of neighbour sets.

    Within a cluster the mean runs over ordered pairs of rows from different data sets; the sets
    hold gene symbols. Two genes without neighbours count 0, and so do a cluster of one data set
    and rows without a vector.

    Raises
    ------
    NotDefined
        If there is one data set or no common gene.
    """
    need_several_datasets(space)
    neighbours = _neighbour_sets(space)
    total = 0.0
    for number in range(len(space.cluster_sizes)):
        rows = np.flatnonzero((space.clusters == number) & space.covered)
        total += len(rows) * _mean_jaccard(neighbours[rows], space.dataset[rows])
    return Score(total / len(space.dataset), "" if space.mixed else NO_MIXING)


def _neighbour_sets(space: EmbeddingSpace) -> sparse.csr_array:
    """(n, vocabulary) 1 where the gene is a neighbour of the row's gene in the row's graph."""
    edges = [graph.adjacency.tocoo() for graph in space.graphs]
    starts = space.offsets[:-1]
    row = np.concatenate([e.row + start for e, start in zip(edges, starts, strict=True)])
    column = np.concatenate([e.col + start for e, start in zip(edges, starts, strict=True)])
    shape = (len(space.gene), len(space.vocabulary))
    ones = np.ones(len(row), dtype=np.int32)
    return sparse.csr_array((ones, (row, space.gene[column])), shape=shape)


def _mean_jaccard(sets: sparse.csr_array, dataset: IntArray) -> float:
    n_pairs = len(dataset) ** 2 - int((np.bincount(dataset) ** 2).sum())
    if not n_pairs:
        return 0.0
    size = sets.sum(axis=1)
    members = sparse.csr_array(sets.T)
    total = 0.0
    for start in range(0, len(dataset), _BLOCK):
        # pairs without a shared neighbour add nothing and are not stored
        shared = (sets[start : start + _BLOCK] @ members).tocoo()
        row, column = shared.row + start, shared.col
        jaccard = shared.data / (size[row] + size[column] - shared.data)
        total += float(jaccard[dataset[row] != dataset[column]].sum())
    return total / n_pairs


METRIC = Metric(
    name="neighbour_overlap",
    label="NO",
    function=neighbour_overlap,
    higher_is_better=True,
    low=0.0,
    high=1.0,
    cites="MuSe-GNN, appendix H",
    scored=True,
)
