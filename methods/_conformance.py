"""What the conformance kit checks with: fits and altered graphs."""

import inspect
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection, IntArray
from genearena.data.vectors import vectors_fault
from genearena.methods.base import Method
from genearena.methods.example import example_graphs

Params = Mapping[str, Any]


def made(method: type[Method], params: Params, *, seed: int = 0) -> Method:
    """Return a new instance with those of the parameters that its constructor takes."""
    known = inspect.signature(method).parameters
    return method(**{k: v for k, v in {**params, "seed": seed}.items() if k in known})


def usable_task(method: type[Method], params: Params) -> GraphCollection:
    """Make the example task; where the method skips it, one of graphs of equal size.

    Its graphs have 40, 32 and 26 genes, or 26 each.
    """
    graphs = example_graphs()
    if not made(method, params).skip(graphs):
        return graphs
    smallest = np.arange(min(graph.n_genes for graph in graphs))
    return graphs.with_graphs([reordered(graph, smallest) for graph in graphs])


def fitted(
    method: type[Method], params: Params, graphs: GraphCollection, *, seed: int = 0
) -> Method:
    """Return a new instance fitted to the graphs, whatever `fit` returns."""
    instance = made(method, params, seed=seed)
    instance.fit(writable(graphs))
    return instance


def writable(graphs: GraphCollection) -> GraphCollection:
    """Return the graphs with profiles that may be written to: one check finds fault with that."""
    for graph in graphs:
        with suppress(ValueError):  # zeros in the place of what may not be read
            vars(graph)["x"].setflags(write=True)
    return graphs


def fresh_vectors(
    method: type[Method], params: Params, graphs: GraphCollection, *, seed: int = 0
) -> list[FloatArray]:
    """Return the vectors, usable or not, of a new instance fitted to the graphs."""
    return list(map(np.asarray, fitted(method, params, graphs, seed=seed).embed()))


def fault_unless_skipped(
    method: type[Method], params: Params, graphs: GraphCollection
) -> Iterator[str]:
    """Yield what is wrong with the vectors of graphs that the method does not skip.

    Their precision is not: it is the same whatever the graphs.
    """
    if not made(method, params).skip(graphs):
        fault = vectors_fault(graphs, fresh_vectors(method, params, graphs))
        if fault:
            yield f"embed() gave {fault}"


def equal_vectors(first: list[FloatArray], second: list[FloatArray]) -> bool:
    """Whether two embeddings are the same numbers, and missing in the same places."""
    return len(first) == len(second) and all(
        np.array_equal(a, b, equal_nan=True) for a, b in zip(first, second, strict=True)
    )


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
        replicate=None if graph.replicate is None else graph.replicate[order][:, order],
        latent=None if graph.latent is None else graph.latent[order][:, order],
    )


def arrays(graph: GeneGraph) -> dict[str, Any]:
    """Return what a method could change in the graph, by a name for messages."""
    assert graph.counts is not None  # noqa: S101 - the example has all
    return {
        "x": graph.x,
        "the adjacency": graph.adjacency.toarray(),
        "the edges": graph.edges,
        "the counts": graph.counts.toarray(),
        "the truth": graph.truth,
        "the latent correlation": graph.latent,
    }
