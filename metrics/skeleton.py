"""Skeleton: how many genes lie nearest to a gene they are joined to."""

import numpy as np
from scipy.spatial.distance import cdist

from genearena.data.graphs import FloatArray, GeneGraph
from genearena.metrics.base import Metric, NotDefined
from genearena.metrics.embedding_space import EmbeddingSpace


def skeleton(space: EmbeddingSpace) -> float:
    """Return the share of genes, mean over data sets, whose nearest gene is a neighbour of theirs.

    `space` has the graphs and one (n_genes, dim) array of vectors for each; what metrics share,
    such as neighbours, clusters and common genes, it computes when it is first read.

    Raises
    ------
    NotDefined
        If no graph has an edge.
    """
    pairs = zip(space.graphs, space.vectors, strict=True)
    shares = [_share(graph, z) for graph, z in pairs if graph.n_edges]
    if not shares:
        raise NotDefined("no graph has an edge")
    return float(np.mean(shares))


def _share(graph: GeneGraph, z: FloatArray) -> float:
    distance = cdist(z, z)
    np.fill_diagonal(distance, np.inf)
    nearest = distance.argmin(axis=1)
    return float(graph.adjacency.toarray()[np.arange(len(z)), nearest].astype(bool).mean())


METRIC = Metric(
    name="skeleton",
    label="Skeleton",
    function=skeleton,
    higher_is_better=True,
    low=0.0,
    high=1.0,
    cites="",
    summary="genes lie nearest to genes they are joined to",
)
