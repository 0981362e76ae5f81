"""Control: the degree of a gene and nothing else."""

from typing import Self

import numpy as np

from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection
from genearena.methods.base import Method
from genearena.methods.gene_name import name_vector


class Degree(Method):
    """Lay every gene between a common axis, by its degree, and a direction of its name.

    Lengths are 1 and the share of the axis is degree / (largest degree + 1), so that the cosine of
    two genes of a graph follows the product of their degrees.

    Parameters
    ----------
    dim
        Length of the gene vectors.
    seed
        Seed the directions are derived from.
    """

    name = "degree"
    control = True
    equivariant = True
    needs = frozenset({"graph"})

    def fit(self, graphs: GraphCollection) -> Self:
        """Count the neighbours of every gene."""
        self._check_settings()
        self.vectors_ = [self._vectors(graph) for graph in graphs]
        return self

    def _vectors(self, graph: GeneGraph) -> FloatArray:
        degree = np.asarray(graph.adjacency.sum(axis=0), dtype=np.float64).ravel()
        share = degree / (degree.max(initial=0) + 1)
        vectors = np.stack([name_vector(gene, self.seed, self.dim) for gene in graph.genes])
        vectors = vectors.astype(np.float64)
        vectors[:, 0] = 0
        rest = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors *= np.sqrt(1 - share**2)[:, None] / np.maximum(rest, np.finfo(float).tiny)
        vectors[:, 0] = share
        return vectors.astype(np.float32)
