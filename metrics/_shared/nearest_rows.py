"""Exact nearest neighbours with a rule for ties, so that threads and BLAS never change them."""

from dataclasses import dataclass
from typing import Self

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
    cloud = _Cloud.of(points)
    step = max(1, _BLOCK_ELEMENTS // (n * width))
    blocks = [
        _nearest_to(np.arange(start, min(start + step, n)), cloud, k) for start in range(0, n, step)
    ]
    return np.concatenate([b[0] for b in blocks]), np.concatenate([b[1] for b in blocks])


@dataclass(frozen=True)
class _Cloud:
    points: DoubleArray
    centred: DoubleArray
    minus_twice: DoubleArray
    square: DoubleArray

    @classmethod
    def of(cls, points: DoubleArray) -> Self:
        centred = points - points.mean(axis=0)
        square = np.einsum("ij,ij->i", centred, centred)
        return cls(points, centred, -2 * centred.T, square)


def _nearest_to(queries: IntArray, cloud: _Cloud, k: int) -> tuple[IntArray, DoubleArray]:
    row, column = _candidates(queries, cloud, k)
    difference = cloud.points[queries[row]] - cloud.points[column]
    distance = np.sqrt(np.einsum("ij,ij->i", difference, difference))
    order = np.lexsort((column, distance, row))
    first = np.searchsorted(row, np.arange(len(queries)))
    chosen = order[first[:, None] + np.arange(k)]
    return column[chosen], distance[chosen]


def _candidates(queries: IntArray, cloud: _Cloud, k: int) -> tuple[IntArray, IntArray]:
    rounding = (cloud.points.shape[1] + 4) * np.finfo(np.float64).eps
    # squared distances but for the query's own square, which is the same along a row
    upper = cloud.centred[queries] @ cloud.minus_twice
    upper += (1 + rounding) * cloud.square
    upper[np.arange(len(queries)), queries] = np.inf
    bound = _kth_or_more(upper, k) + 4 * rounding * cloud.square[queries]
    upper -= 2 * rounding * cloud.square
    # on one axis the search for the few candidates takes a tenth of its time on two
    row, column = np.divmod(np.flatnonzero(upper <= bound[:, None]), upper.shape[1])
    return row, column


def _kth_or_more(values: DoubleArray, k: int) -> DoubleArray:
    """Bound the k-th smallest value of each row from above.

    Columns are dealt into groups: the k-th smallest of the group minima is a bound, close when
    there are many groups, and much cheaper to find. Columns left over are in no group.
    """
    groups = min(8 * k, values.shape[1])
    depth = values.shape[1] // groups
    dealt = values[:, : groups * depth].reshape(len(values), depth, groups)
    least = dealt.min(axis=1)
    return np.asarray(np.partition(least, k - 1, axis=1)[:, k - 1])
