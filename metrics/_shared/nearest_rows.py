"""Exact nearest neighbours with a rule for ties, so that threads and BLAS never change them."""

import numpy as np
import numpy.typing as npt

from genearena.data.graphs import IntArray

DoubleArray = npt.NDArray[np.float64]

_BLOCK_ELEMENTS = 2**24


def nearest_rows(points: DoubleArray, k: int) -> tuple[IntArray, DoubleArray]:
    """Find the k rows nearest to each row in Euclidean distance, itself left out.

    A matrix product proposes the candidates within its rounding error and their distances are
    then taken from the differences themselves: copies of a point are at distance exactly 0, and
    of equally distant rows the one that comes first is nearer.

    Parameters
    ----------
    points
        (n, d) points.
    k
        Number of neighbours, below n.

    Returns
    -------
    (n, k) row numbers and (n, k) distances, nearest first.
    """
    n, width = points.shape
    centred = points - points.mean(axis=0)
    square = np.einsum("ij,ij->i", centred, centred)
    step = max(1, _BLOCK_ELEMENTS // (n * width))
    blocks = [
        _nearest_to(np.arange(start, min(start + step, n)), points, centred, square, k)
        for start in range(0, n, step)
    ]
    return np.concatenate([b[0] for b in blocks]), np.concatenate([b[1] for b in blocks])


def _nearest_to(
    queries: IntArray, points: DoubleArray, centred: DoubleArray, square: DoubleArray, k: int
) -> tuple[IntArray, DoubleArray]:
    row, column = _candidates(queries, centred, square, k)
    difference = points[queries[row]] - points[column]
    distance = np.sqrt(np.einsum("ij,ij->i", difference, difference))
    order = np.lexsort((column, distance, row))
    first = np.searchsorted(row, np.arange(len(queries)))
    chosen = order[first[:, None] + np.arange(k)]
    return column[chosen], distance[chosen]


def _candidates(
    queries: IntArray, centred: DoubleArray, square: DoubleArray, k: int
) -> tuple[IntArray, IntArray]:
    rounding = (centred.shape[1] + 4) * np.finfo(np.float64).eps
    # squared distances but for the query's own square, which is the same along a row
    upper = centred[queries] @ (-2 * centred.T)
    upper += (1 + rounding) * square
    upper[np.arange(len(queries)), queries] = np.inf
    bound = _kth_or_more(upper, k) + 4 * rounding * square[queries]
    upper -= 2 * rounding * square
    row, column = np.nonzero(upper <= bound[:, None])
    return row, column


def _kth_or_more(values: DoubleArray, k: int) -> DoubleArray:
    """Bound the k-th smallest value of each row from above.

    Columns are dealt into groups: the k-th smallest of the group minima is a bound, close when
    there are many groups, and much cheaper to find.
    """
    groups = 8 * k
    n = values.shape[1]
    least = values[:, :groups].copy()
    for start in range(groups, n - groups + 1, groups):
        np.minimum(least, values[:, start : start + groups], out=least)
    return np.asarray(np.partition(least, k - 1, axis=1)[:, k - 1])
