"""True edges (H5): whether cosine similarity tells which genes are correlated in truth."""

import numpy as np

from genearena.metrics._shared.edge_precision import edge_precision
from genearena.metrics._shared.preconditions import mean_over_graphs
from genearena.metrics.base import Metric, NotDefined, Score
from genearena.metrics.embedding_space import EmbeddingSpace

STRONG = 0.2
"""Least |r| of latent expression that counts as an edge."""


def latent_edges(space: EmbeddingSpace) -> Score:
    """Average over donors the adjusted precision of cosine for pairs of true |r| above 0.2.

    Raises
    ------
    NotDefined
        If no graph's true correlations are known.
    """
    if all(graph.latent is None for graph in space.graphs):
        raise NotDefined("true correlations are known for simulated data only")
    values = [_of_graph(space, position) for position in range(len(space.graphs))]
    return mean_over_graphs(values, f"no pair of true |r| > {STRONG}, or nothing else")


def _of_graph(space: EmbeddingSpace, position: int) -> float | None:
    from scipy import sparse

    latent = space.graphs[position].latent
    if latent is None:
        return None
    edges = sparse.csr_array(np.abs(latent) > STRONG)
    covered = np.outer(*2 * (space.covered_in(position),))
    return edge_precision(space.cosine(position, position), edges, covered)


METRIC = Metric(
    name="latent_edges",
    label="True edges",
    function=latent_edges,
    low=-1.0,
    cites="GeneArena",
    equation="( AP - π ) / ( 1 - π )   of cos(zᵢ, zⱼ) for pairs of latent |r| > .2",
    remark="The correlations are those the simulator drew from; real data have none.",
    needs=frozenset({"truth"}),
    changes_with=frozenset({"shift"}),
)
