"""Control: the correlations of the profiles."""

from typing import Self

import numpy as np

from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection
from genearena.methods._networks import leading, padded
from genearena.methods.base import Method


class Correlation(Method):
    """Reduce each graph's absolute correlations of expression profiles.

    Vectors are the projections of the rows of |r| on their leading eigenvectors: genes lie close
    that are correlated, either way, with the same genes.

    Parameters
    ----------
    dim
        Number of eigenvectors.
    seed
        Not used: nothing is random.
    """

    name = "correlation"
    control = True
    seeded = False
    equivariant = True
    needs = frozenset({"expression"})

    def fit(self, graphs: GraphCollection) -> Self:
        """Correlate the genes of every graph."""
        self._check_settings()
        self.vectors_ = [self._vectors(graph) for graph in graphs]
        return self

    def _vectors(self, graph: GeneGraph) -> FloatArray:
        x = graph.x.astype(np.float64)
        x = x - x.mean(axis=1, keepdims=True)
        length = np.linalg.norm(x, axis=1, keepdims=True)
        x = np.divide(x, length, out=np.zeros_like(x), where=length > 0)
        values, vectors = leading(np.abs(x @ x.T), self.dim)
        return padded(vectors * values, self.dim).astype(np.float32)
