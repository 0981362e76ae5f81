"""How well similarities of gene pairs predict edges."""

from typing import TYPE_CHECKING

import numpy as np

from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics._shared.precision import Mask, adjusted, average_precision
from genearena.metrics.embedding_space import EmbeddingSpace

if TYPE_CHECKING:
    import scipy.sparse

LACKING = "no cells kept back, or in these no edges or nothing else"


def replicated(space: EmbeddingSpace, position: int, among: Mask | None = None) -> float | None:
    """Return how well the cosine of a graph's vectors predicts the edges in the other cells.

    `among` (n, n) says which pairs are ranked; None if there is no other half of the cells.
    """
    edges = space.graphs[position].replicate
    if edges is None:
        return None
    covered = space.covered_in(position)
    return edge_precision(
        space.cosine(position, position), edges, np.outer(covered, covered), among
    )


def edge_precision(
    similarity: DoubleArray,
    edges: "scipy.sparse.csr_array",
    covered: Mask | None = None,
    among: Mask | None = None,
) -> float | None:
    """Return (AP - π) / (1 - π) of a ranking of gene pairs for edges; π is the share of edges.

    Parameters
    ----------
    similarity
        (n, n) symmetric.
    edges
        (n, n) what is to be predicted.
    covered
        (n, n) pairs of genes that have a vector, all if None; the others lie anywhere.
    among
        (n, n) the pairs that are ranked, all if None.

    Returns
    -------
    None if there are no edges among the pairs, or nothing else.
    """
    above = np.triu(np.ones(similarity.shape, dtype=bool), k=1)
    if among is not None:
        above &= among
    label = edges.toarray()[above] != 0
    if label.all() or not label.any():
        return None
    known = None if covered is None else covered[above][None]
    precision = float(average_precision(similarity[above][None], label[None], known=known)[0])
    return adjusted(precision, float(label.mean()))


def degree_product(edges: "scipy.sparse.csr_array") -> DoubleArray:
    """Return (n, n) products of the genes' degrees, which predict edges without knowing any."""
    degree = np.asarray(edges.sum(axis=0), dtype=np.float64).ravel()
    return np.outer(degree, degree)
