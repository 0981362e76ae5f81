"""Score genes by how many of their nearest neighbours are in a set, for all sets at once."""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.genesets.gene_sets import BoolArray
from genearena.metrics._shared.nearest_rows import DoubleArray


def squared_distances(vectors: DoubleArray) -> DoubleArray:
    """Return the (n, n) squared distances between (n, d) vectors, rounded so that ties stay such.

    The distance of two vectors that are equal, or that point the same way, is otherwise noise.
    """
    squares = (vectors**2).sum(axis=1)
    distance = squares[:, None] + squares - 2 * vectors @ vectors.T
    scale = max(float(squares.max(initial=0.0)), np.finfo(float).tiny)
    return np.asarray(np.round(np.maximum(distance, 0) / scale, 12) * scale)


def nearest_scores(distance: DoubleArray, labels: BoolArray, k: int) -> DoubleArray:
    """Return for every gene and set the share of its k nearest labelled genes that are in the set.

    Of genes that are equally far those that come first are taken, so their order must tell nothing.

    Parameters
    ----------
    distance
        (q, m) of the genes asked about from the labelled ones.
    labels
        (m, T) which labelled genes are in which sets.
    k
        Number of neighbours; all if there are fewer.

    Returns
    -------
    (q, T) shares, as scikit-learn's ``KNeighborsClassifier.predict_proba``.
    """
    q, m = distance.shape
    k = min(k, m)
    # by the distance, then by the place: a partition alone would take any of equals
    near = np.argpartition(distance, k - 1, axis=1)[:, :k]
    limit = np.take_along_axis(distance, near, axis=1).max(axis=1, keepdims=True)
    inside = distance < limit
    ties = distance == limit
    taken = inside | (ties & (np.cumsum(ties, axis=1) <= k - inside.sum(axis=1, keepdims=True)))
    chosen: npt.NDArray[np.int64] = np.nonzero(taken)[1]
    pointers = np.arange(0, q * k + 1, k)
    weights = sparse.csr_array((np.full(q * k, 1 / k), chosen, pointers), shape=(q, m))
    return np.asarray(weights @ labels.astype(np.float64))
