"""A tenth of the gene pairs of a graph, hidden from a method to see whether it finds the edges."""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.graphs import GeneGraph

SHARE = 0.1
"""Share of the pairs, edges and others alike."""

PairMask = npt.NDArray[np.bool_]


def draw_pairs(n_genes: int, rng: np.random.Generator) -> PairMask:
    """Return (n, n) which pairs are hidden: symmetric, without the diagonal, one at least."""
    rows, columns = np.triu_indices(n_genes, k=1)
    drawn = rng.choice(len(rows), max(1, round(SHARE * len(rows))), replace=False)
    mask = np.zeros((n_genes, n_genes), dtype=bool)
    mask[rows[drawn], columns[drawn]] = True
    return mask | mask.T


def without_pairs(graph: GeneGraph, hidden: PairMask) -> GeneGraph:
    """Return a graph without the edges among hidden pairs."""
    return graph.with_adjacency(sparse.csr_array(graph.adjacency.multiply(~hidden)))
