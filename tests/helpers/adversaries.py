"""What tries to win the headline without knowledge, as methods that `bench run` takes."""

import numpy as np

from genearena.methods.base import Method
from genearena.methods.consensus import Consensus
from genearena.methods.stacked import Stacked


class NameHash(Method):
    """Put a name on one of twelve spots by the name alone: what the paper's metrics like best."""

    name = "name_hash"
    control = True
    needs = frozenset()

    def fit(self, graphs):
        """Draw the spots of all names."""
        rng = np.random.default_rng(self.seed)
        names = sorted({gene for graph in graphs for gene in graph.genes})
        spot = dict(zip(names, rng.integers(12, size=len(names)), strict=True))
        places = rng.normal(size=(12, self.dim))
        self.vectors_ = []
        for graph in graphs:
            hair = rng.normal(0, 1e-3, (graph.n_genes, self.dim))
            placed = places[[spot[gene] for gene in graph.genes]] + hair
            self.vectors_.append(placed.astype(np.float32))
        return self


class OtherGenes(Stacked):
    """Give every gene the vectors of another name, the same one in all donors."""

    name = "other_genes"
    control = True
    seeded = True
    equivariant = False

    def fit(self, graphs):
        """Embed, and permute the names."""
        super().fit(graphs)
        names = sorted({gene for graph in graphs for gene in graph.genes})
        rng = np.random.default_rng(self.seed)
        given = dict(zip(names, rng.permutation(names), strict=True))
        for position, graph in enumerate(graphs):
            rows = [graph.index.get(given[gene]) for gene in graph.genes]
            free = rng.permutation(graph.n_genes)
            chosen = [free[i] if row is None else row for i, row in enumerate(rows)]
            self.vectors_[position] = self.vectors_[position][chosen]
        return self


class Memory(Method):
    """Keep the rows of the adjacency, each donor's columns in an order of its own."""

    name = "memory"
    control = True
    reduces = False
    needs = frozenset({"graph"})

    def fit(self, graphs):
        """Copy the rows; nothing can be compared between donors."""
        width = max(graph.n_genes for graph in graphs)
        rng = np.random.default_rng(self.seed)
        self.vectors_ = []
        for graph in graphs:
            rows = np.zeros((graph.n_genes, width), dtype=np.float32)
            rows[:, : graph.n_genes] = graph.adjacency.toarray() + np.eye(graph.n_genes)
            self.vectors_.append(rows[:, rng.permutation(width)])
        return self


class Blanks(Stacked):
    """Leave out the fifth of a donor's genes that has fewest neighbours."""

    name = "blanks"
    control = True
    factor = 0.0

    def fit(self, graphs):
        """Embed, and blank the hard genes."""
        super().fit(graphs)
        for graph, z in zip(graphs, self.vectors_, strict=True):
            degree = np.asarray(graph.adjacency.sum(axis=0)).ravel()
            z[degree <= np.quantile(degree, 0.2)] *= np.float32(self.factor)
        return self


class Covered(Consensus):
    """The average network, with some vector for each gene that has no edges and so none in it."""

    name = "covered"
    seeded = True
    equivariant = False

    def fit(self, graphs):
        """Embed, and draw a vector per name for those without."""
        super().fit(graphs)
        names = sorted({gene for graph in graphs for gene in graph.genes})
        drawn = np.random.default_rng(self.seed).normal(size=(len(names), self.dim))
        drawn = dict(zip(names, drawn.astype(np.float32), strict=True))
        for graph, z in zip(graphs, self.vectors_, strict=True):
            for row in np.flatnonzero(~z.any(axis=1)):
                z[row] = drawn[graph.genes[row]]
        return self


class Wobble(Covered):
    """That, a gene's vectors moved apart by a hair, the farther the fewer edges."""

    name = "wobble"

    def fit(self, graphs):
        """Embed, and move what has few neighbours, as if its partners had changed."""
        super().fit(graphs)
        rng = np.random.default_rng(self.seed)
        for graph, z in zip(graphs, self.vectors_, strict=True):
            degree = np.asarray(graph.adjacency.sum(axis=0)).ravel()
            z += (1e-2 / (1 + degree)[:, None] * rng.normal(size=z.shape)).astype(np.float32)
        return self


class TinyVectors(Blanks):
    """Shrink their vectors instead, so that no gene is without one."""

    name = "tiny_vectors"
    factor = 1e-30
