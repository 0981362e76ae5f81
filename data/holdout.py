"""Hide a share of the edges before training, so that edge prediction can be judged fairly."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from genearena.data.graphs import GeneGraph, GraphCollection, IntArray


@dataclass(frozen=True)
class HiddenPairs:
    """Gene pairs of one graph kept from the methods, (2, m) with first < second.

    They are hidden `edges`, and as many `non_edges` of the full graph.
    """

    edges: IntArray
    non_edges: IntArray


def hide_edges(
    graphs: GraphCollection, *, fraction: float = 0.1, seed: int = 0
) -> tuple[GraphCollection, tuple[HiddenPairs, ...]]:
    """Remove a seeded share of the edges of every graph.

    Parameters
    ----------
    graphs
        The full task.
    fraction
        Share of the edges to hide, between 0 and 1.
    seed
        Seed of the draw; the same seed hides the same pairs for every method.

    Returns
    -------
    The task without the hidden edges, and per graph the hidden edges with as many non-edges.
    """
    rng = np.random.default_rng(seed)
    hidden = tuple(_draw(graph, fraction, rng) for graph in graphs)
    kept = [_without(graph, pairs.edges) for graph, pairs in zip(graphs, hidden, strict=True)]
    return graphs.with_graphs(kept), hidden


def _draw(graph: GeneGraph, fraction: float, rng: np.random.Generator) -> HiddenPairs:
    absent = np.triu(graph.adjacency.toarray() == 0, k=1)
    free = np.stack(np.nonzero(absent)).astype(np.int64)
    m = min(round(fraction * graph.n_edges), free.shape[1])
    edges = graph.edges[:, np.sort(rng.choice(graph.n_edges, m, replace=False))]
    non_edges = free[:, np.sort(rng.choice(free.shape[1], m, replace=False))]
    return HiddenPairs(edges, non_edges)


def _without(graph: GeneGraph, edges: IntArray) -> GeneGraph:
    drop = sparse.coo_array((np.ones(edges.shape[1]), (edges[0], edges[1])), graph.adjacency.shape)
    rest = graph.adjacency - drop - drop.T
    return graph.with_adjacency(rest.astype(graph.adjacency.dtype))
