"""Consensus network: the average of all graphs, and nothing of any one of them."""

from typing import Self

import numpy as np

from genearena.data.graphs import GraphCollection
from genearena.methods._networks import (
    Array,
    columns_of,
    names_of,
    normalised,
    projected,
)
from genearena.methods.base import Method


class Consensus(Method):
    """Embed the average network: one vector per gene name, the same in every graph.

    The weight of two names is the share of the graphs with both in which they are joined. The rows
    of the normalised average, of length 1, are projected on their first `dim` right singular
    vectors, as `stacked` does with the rows of every graph; a gene without edges has no vector.

    Parameters
    ----------
    dim
        Number of singular vectors.
    seed
        Not used: nothing is random.
    """

    name = "consensus"
    version = "2"
    seeded = False
    equivariant = True
    needs = frozenset({"graph"})

    def fit(self, graphs: GraphCollection) -> Self:
        """Average the graphs and decompose the average."""
        self._check_settings()
        names = names_of(graphs)
        vectors = spectral(average_network(graphs), self.dim).astype(np.float32)
        self.vectors_ = [vectors[columns_of(graph.genes, names)] for graph in graphs]
        self.n_parameters_ = vectors.size
        return self


def average_network(graphs: GraphCollection) -> Array:
    """Return (names, names) shares of the graphs with both genes in which they are joined."""
    names = names_of(graphs)
    joined, present = np.zeros((2, len(names), len(names)))
    for graph in graphs:
        place = np.ix_(*2 * (columns_of(graph.genes, names),))
        joined[place] += graph.adjacency.toarray()
        present[place] += 1
    return joined / np.maximum(present, 1)


def spectral(adjacency: Array, dim: int) -> Array:
    """Return (n, dim) projections of the normalised neighbourhoods, of length 1, of a network."""
    rows = normalised(adjacency)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return projected(rows, dim)
