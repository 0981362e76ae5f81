"""Altered copies of a graph that show what a method depends on."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np

from genearena.data.graphs import GeneGraph, IntArray


def half_cut(graph: GeneGraph) -> GeneGraph:
    """Return the graph without any edge of every other gene."""
    adjacency = graph.adjacency.toarray()
    adjacency[::2] = 0
    adjacency[:, ::2] = 0
    return graph.with_adjacency(adjacency)


def reordered(graph: GeneGraph, order: IntArray) -> GeneGraph:
    """Return the graph with its genes in another order."""
    return replace(
        graph,
        genes=tuple(graph.genes[row] for row in order),
        x=graph.x[order],
        adjacency=graph.adjacency[order][:, order],
        counts=None if graph.counts is None else graph.counts[order],
        truth=None if graph.truth is None else graph.truth[order],
    )


def without(graph: GeneGraph, parts: Collection[str]) -> GeneGraph:
    """Return the graph with some parts made meaningless.

    Profiles become noise, edges those of other genes; counts and truth are dropped.
    """
    rng = np.random.default_rng(1)
    order = rng.permutation(graph.n_genes)
    changes: dict[str, dict[str, Any]] = {
        "expression": {"x": rng.standard_normal(graph.x.shape)},
        "graph": {"adjacency": graph.adjacency[order][:, order]},
        "counts": {"counts": None},
        "truth": {"truth": None},
    }
    for part in parts:
        graph = replace(graph, **changes[part])
    return graph


def arrays(graph: GeneGraph) -> dict[str, Any]:
    """Return everything in the graph a method could change, by a name for messages."""
    return {
        "x": graph.x,
        "the adjacency": graph.adjacency.toarray(),
        "the counts": None if graph.counts is None else graph.counts.toarray(),
        "the truth": graph.truth,
    }
