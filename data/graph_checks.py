"""Whether the parts of a gene graph belong together."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, get_args

import numpy as np

from genearena.data.common.errors import DataError

if TYPE_CHECKING:
    from genearena.data.graphs import GeneGraph


def check_graph(graph: "GeneGraph") -> None:
    """Raise DataError unless the parts of a graph belong together."""
    n = len(graph.genes)
    for problem in (*_shape_problems(graph, n), *_edge_problems(graph)):
        raise DataError(f"graph '{graph.name}': {problem}")
    if len(set(graph.genes)) < n:
        twice = next(g for g in graph.genes if graph.genes.count(g) > 1)
        raise DataError(f"graph '{graph.name}': gene '{twice}' appears twice; merge or rename it")
    if not np.isfinite(graph.x).all():
        row = int(np.flatnonzero(~np.isfinite(graph.x).all(axis=1))[0])
        raise DataError(f"graph '{graph.name}': profile of gene '{graph.genes[row]}' is not finite")


def _shape_problems(graph: "GeneGraph", n: int) -> Iterator[str]:
    from genearena.data.graphs import Modality  # which imports this

    if graph.modality not in get_args(Modality):
        yield f"modality '{graph.modality}' is none of {', '.join(get_args(Modality))}"
    if graph.x.ndim != 2 or graph.x.shape[0] != n:
        yield f"x has shape {graph.x.shape}, want ({n}, cells)"
    if graph.adjacency.shape != (n, n):
        yield f"adjacency has shape {graph.adjacency.shape}, want ({n}, {n})"
    if graph.counts is not None and graph.counts.shape != graph.x.shape:
        yield f"counts have shape {graph.counts.shape}, want {graph.x.shape}"
    if graph.truth is not None and graph.truth.shape != (n,):
        yield f"truth has shape {graph.truth.shape}, want ({n},)"
    for what, pairs in (("replicate", graph.replicate), ("latent", graph.latent)):
        if pairs is not None and pairs.shape != (n, n):
            yield f"{what} has shape {pairs.shape}, want ({n}, {n})"


def _edge_problems(graph: "GeneGraph") -> Iterator[str]:
    for what, edges in (("adjacency", graph.adjacency), ("replicate", graph.replicate)):
        if edges is None:
            continue
        if edges.nnz and not (edges.data == 1).all():
            yield f"{what} has entries other than 0 and 1"
        if edges.diagonal().any():
            yield f"{what} has self-loops; remove them (methods add their own)"
        if abs(edges.astype(np.int8) - edges.T.astype(np.int8)).nnz:
            yield f"{what} is not symmetric"
