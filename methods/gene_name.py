"""Control: a random vector per gene name, the same in every graph."""

import hashlib
from typing import Self

import numpy as np

from genearena.data.graphs import FloatArray, GraphCollection
from genearena.methods.base import Method


class GeneName(Method):
    """Give every gene name one standard normal vector: perfect integration, no biology.

    The vector is derived from the name and the seed alone, so it depends neither on the order of
    the genes nor on the other graphs.

    Parameters
    ----------
    dim
        Length of the gene vectors.
    seed
        Seed the vectors are derived from.
    """

    name = "gene_name"
    needs = frozenset()
    control = True
    equivariant = True

    def fit(self, graphs: GraphCollection) -> Self:
        """Derive a vector for each gene of each graph, reading nothing but its name."""
        self._check_settings()
        names = {gene for graph in graphs for gene in graph.genes}
        vectors = {gene: name_vector(gene, self.seed, self.dim) for gene in names}
        self.vectors_ = [np.stack([vectors[gene] for gene in graph.genes]) for graph in graphs]
        return self


def name_vector(gene: str, seed: int, dim: int) -> FloatArray:
    """Return the standard normal vector of a gene name."""
    digest = hashlib.sha256(f"{seed}\0{gene}".encode()).digest()
    rng = np.random.default_rng(int.from_bytes(digest, "big"))
    return rng.standard_normal(dim, dtype=np.float32)
