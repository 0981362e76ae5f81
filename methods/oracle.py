"""Control: all that the simulator knows, programmes and true correlations."""

from typing import Self

import numpy as np

from genearena.data.common.errors import DataError
from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection
from genearena.methods._networks import Array, columns_of, names_of
from genearena.methods.base import Method
from genearena.methods.settings import NotNegative, with_settings


@with_settings
class Oracle(Method):
    """Give every gene its row of the square root of the true |r|, and its programme beside it.

    Rows of the symmetric root, a column per gene name, have |r| for their products within a graph
    and are near each other between graphs where the correlations are alike; a column per programme
    holds √`weight` for its genes. What no method can know bounds what the headline can reach.

    Parameters
    ----------
    dim
        Not used: nothing is reduced.
    seed
        Not used: nothing is random.
    weight
        What one programme adds to the product of two genes, beside |r| of at most 1.
    """

    name = "oracle"
    needs = frozenset({"truth"})
    control = True
    seeded = False
    equivariant = True
    reduces = False

    weight: NotNegative = 0.3

    def fit(self, graphs: GraphCollection) -> Self:
        """Look up what the simulator knows.

        Raises
        ------
        DataError
            If a graph is not simulated, or was stored before true correlations were kept.
        """
        self._check_settings()
        reason = self.skip(graphs)
        if reason:
            raise DataError(f"oracle cannot be used: {reason}")
        names = names_of(graphs)
        count = 1 + max(
            int(graph.truth.max(initial=-1)) for graph in graphs if graph.truth is not None
        )
        self.vectors_ = [self._vectors(graph, names, count) for graph in graphs]
        return self

    def skip(self, graphs: GraphCollection) -> str | None:
        """Return that a graph has no truth or no true correlation, if so."""
        for graph in graphs:
            if graph.truth is None or graph.latent is None:
                return f"the true correlations of graph '{graph.name}' are not known"
        return None

    def _vectors(self, graph: GeneGraph, names: dict[str, int], programmes: int) -> FloatArray:
        assert graph.truth is not None and graph.latent is not None  # noqa: S101, PT018 - see fit
        vectors = np.zeros((graph.n_genes, len(names) + programmes))
        vectors[:, columns_of(graph.genes, names)] = _root(np.abs(graph.latent.astype(np.float64)))
        member = np.flatnonzero(graph.truth >= 0)
        vectors[member, len(names) + graph.truth[member]] = np.sqrt(self.weight)
        return vectors.astype(np.float32)


def _root(matrix: Array) -> Array:
    """Return the symmetric root of the nearest positive semidefinite matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T)
