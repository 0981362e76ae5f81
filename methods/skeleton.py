"""Skeleton: random projections of expression, smoothed over the gene graph."""

from typing import Self

import numpy as np

from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection
from genearena.methods.base import Method


class Skeleton(Method):
    """Project expression profiles at random and average them over neighbours.

    Parameters
    ----------
    dim
        Length of the gene vectors.
    seed
        Seed of the projections.
    hops
        How often each gene's vector becomes the mean of its own and its neighbours'.
    """

    name = "skeleton"
    needs = frozenset({"expression", "graph"})
    equivariant = True

    def __init__(self, *, dim: int = 32, seed: int = 0, hops: int = 2) -> None:
        super().__init__(dim=dim, seed=seed)
        self.hops = hops

    def fit(self, graphs: GraphCollection) -> Self:
        """Learn from the graphs of one task; here there is nothing to learn but the vectors."""
        rng = np.random.default_rng(self.seed)
        self.vectors_ = [self._smooth(graph, rng) for graph in graphs]
        return self

    def embed(self) -> list[FloatArray]:
        """Return one (n_genes, dim) array per graph."""
        return list(self._fitted("vectors_"))

    def _smooth(self, graph: GeneGraph, rng: np.random.Generator) -> FloatArray:
        z = graph.x @ rng.standard_normal((graph.n_cells, self.dim), dtype=np.float32)
        degree = np.asarray(graph.adjacency.sum(axis=1)).reshape(-1, 1)
        for _ in range(self.hops):
            z = (z + graph.adjacency @ z) / (1 + degree)
        return z.astype(np.float32)
