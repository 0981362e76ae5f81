"""The genes that two donors share, and the edges among them."""

from typing import TYPE_CHECKING

import numpy as np

from genearena.data.graphs import GeneGraph, IntArray
from genearena.metrics._shared.precision import Mask

if TYPE_CHECKING:
    import scipy.sparse


def shared_rows(first: GeneGraph, second: GeneGraph) -> tuple[IntArray, IntArray]:
    """Return the rows of the genes that two graphs share, in the order of their names."""
    genes = sorted(first.index.keys() & second.index.keys())
    a, b = (np.array([graph.index[gene] for gene in genes], np.int64) for graph in (first, second))
    return a, b


def edges_among(edges: "scipy.sparse.csr_array", rows: IntArray) -> Mask:
    """Return (n, n) which of the genes of some rows are joined."""
    return np.asarray(edges[rows][:, rows].toarray() != 0)
