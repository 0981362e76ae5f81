"""The genes that two donors share, and the edges among them."""

import numpy as np
from scipy import sparse

from genearena.data.graphs import FEWEST_COMMON, IntArray
from genearena.metrics._shared.precision import Mask
from genearena.metrics.embedding_space import EmbeddingSpace


def shared_rows(space: EmbeddingSpace, i: int, j: int) -> tuple[IntArray, IntArray] | None:
    """Return the rows of the genes that two graphs share, by name; None if they are too few."""
    first, second = space.graphs[i].index, space.graphs[j].index
    # in the order of names, so that what is drawn from them depends on no other order
    genes = sorted(first.keys() & second.keys())
    if len(genes) < FEWEST_COMMON:
        return None
    a, b = ([index[gene] for gene in genes] for index in (first, second))
    return np.array(a, dtype=np.int64), np.array(b, dtype=np.int64)


def edges_among(edges: sparse.csr_array, rows: IntArray) -> Mask:
    """Return (n, n) which of the genes of some rows are joined."""
    return np.asarray(edges[rows][:, rows].toarray() != 0)
