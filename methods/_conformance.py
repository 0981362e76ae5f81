"""What the conformance kit checks with: fits, altered graphs, a watch on the global generators."""

import pickle
import random
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from genearena.data.common.errors import MethodError
from genearena.data.graph_views import view
from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection, IntArray
from genearena.methods.base import Method, check_vectors
from genearena.methods.example import example_graphs

Params = Mapping[str, Any]

# a seed no method uses, so that reseeding shows even where an earlier fit left the same state
_SEED = 6_700_417


def usable_task(method: type[Method], params: Params) -> GraphCollection:
    """Make the example task; where the method skips it, one of graphs of equal size.

    Its graphs have 40, 32 and 26 genes, or 26 each.
    """
    graphs = example_graphs()
    if not method(**params).skip(view(graphs, method.needs, method.name)):
        return graphs
    smallest = np.arange(min(graph.n_genes for graph in graphs))
    return graphs.with_graphs([reordered(graph, smallest) for graph in graphs])


def fitted(
    method: type[Method], params: Params, graphs: GraphCollection, *, seed: int = 0
) -> Method:
    """Return a new instance fitted to what it declares to read of the graphs.

    Raises
    ------
    MethodError
        If the method skips them, reads what it does not declare, or fit does not return self.
    """
    graphs = view(graphs, method.needs, method.name)
    instance = method(**{**params, "seed": seed})
    reason = instance.skip(graphs)
    if reason:
        raise MethodError(f"{method.name}: skips the example task: {reason}")
    if instance.fit(graphs) is not instance:
        raise MethodError(f"{method.name}: fit() did not return self")
    return instance


def fresh_vectors(
    method: type[Method], params: Params, graphs: GraphCollection, *, seed: int = 0
) -> list[FloatArray]:
    """Return the usable vectors of a new instance fitted to the graphs.

    Raises
    ------
    MethodError
        If there are none, or they are not usable.
    """
    vectors = fitted(method, params, graphs, seed=seed).embed()
    check_vectors(method.name, graphs, vectors)
    return vectors


def vectors_unless_skipped(method: type[Method], params: Params, graphs: GraphCollection) -> None:
    """Raise MethodError if the method neither skips the graphs nor gives usable vectors."""
    if not method(**params).skip(view(graphs, method.needs, method.name)):
        fresh_vectors(method, params, graphs)


def equal_vectors(first: list[FloatArray], second: list[FloatArray]) -> bool:
    """Whether two embeddings are the same bits."""
    return all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


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
        if graph.latent is not None:
            found["the latent correlation"] = graph.latent
    return found


@contextmanager
def watched_generators() -> Iterator[list[str]]:
    """Collect the names of the global generators the block moves; put all back afterwards.

    torch is watched if it was imported before the block.
    """
    python, numpy, torch = random.getstate(), np.random.get_state(), sys.modules.get("torch")  # noqa: NPY002
    state = None if torch is None else torch.get_rng_state()
    random.seed(_SEED)
    np.random.seed(_SEED)  # noqa: NPY002
    if torch is not None:
        torch.default_generator.manual_seed(_SEED)
    before = _states()
    moved: list[str] = []
    try:
        yield moved
        moved.extend(name for name, now in _states().items() if now != before.get(name, now))
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
        if torch is not None:
            torch.set_rng_state(state)


def _states() -> dict[str, bytes]:
    states = {
        "random": pickle.dumps(random.getstate()),
        "numpy": pickle.dumps(np.random.get_state()),  # noqa: NPY002
    }
    torch = sys.modules.get("torch")
    if torch is not None:
        states["torch"] = torch.get_rng_state().numpy().tobytes()
    return states
