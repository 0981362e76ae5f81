"""Fit a method as a check needs it: anew, or not at all where it declines."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from genearena.data.common.errors import MethodError
from genearena.data.graph_views import view
from genearena.data.graphs import FloatArray, GraphCollection
from genearena.methods.base import Method, check_vectors

Params = Mapping[str, Any]


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
