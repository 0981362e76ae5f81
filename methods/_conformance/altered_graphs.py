"""Altered copies of a graph that show what a method depends on."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

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


def arrays(graph: GeneGraph, needs: Collection[str]) -> dict[str, Any]:
    """Return what a method of these needs could change in the graph, by a name for messages."""
    found: dict[str, Any] = {}
    if "expression" in needs:
        found["x"] = graph.x
    if "graph" in needs:
        found |= {"the adjacency": graph.adjacency.toarray(), "the edges": graph.edges}
    if "counts" in needs and graph.counts is not None:
        found["the counts"] = graph.counts.toarray()
    if "truth" in needs:
        found["the truth"] = graph.truth
    return found
