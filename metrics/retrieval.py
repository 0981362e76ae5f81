"""Common-gene retrieval: whether a gene finds itself in the other data sets."""

from itertools import combinations

import numpy as np

from genearena.data.graphs import IntArray
from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics._shared.preconditions import need_common_genes, need_several_datasets
from genearena.metrics.base import Metric
from genearena.metrics.embedding_space import EmbeddingSpace


def mean_reciprocal_rank(space: EmbeddingSpace) -> float:
    """Average 1 / rank of a common gene's own row among all rows of another data set.

    Rows are ranked by cosine similarity, 1 being the most similar, with ties at their mean
    rank; the mean runs over the common genes and all ordered pairs of data sets.

    Raises
    ------
    NotDefined
        If there is one data set, or too few genes are common to all.
    """
    need_several_datasets(space)
    need_common_genes(space)
    genes = space.graphs.common_genes
    position = [np.array([graph.index[gene] for gene in genes]) for graph in space.graphs]
    reciprocal = []
    for i, j in combinations(range(len(space.graphs)), 2):
        similarity = space.cosine(i, j)
        reciprocal.append(1 / _ranks(similarity[position[i]], position[j]))
        reciprocal.append(1 / _ranks(similarity.T[position[j]], position[i]))
    return float(np.mean(reciprocal))


def _ranks(similarity: DoubleArray, target: IntArray) -> DoubleArray:
    own = similarity[np.arange(len(target)), target][:, None]
    above = (similarity > own).sum(axis=1)
    tied = (similarity == own).sum(axis=1)
    return np.asarray(above + (tied + 1) / 2)


METRIC = Metric(
    name="retrieval",
    label="MRR",
    function=mean_reciprocal_rank,
    cites="GeneArena",
    equation="MRR = mean of 1 / rank of a gene's own row among all rows of another data set",
    remark="Ranked by cosine; over common genes and ordered pairs of data sets.",
    changes_with=frozenset({"shift"}),
)
