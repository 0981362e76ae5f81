"""The weighted neighbour graph scanpy builds (UMAP's fuzzy simplicial set), without its imports.

Importing umap-learn and compiling its kernels takes longer than scoring a run, and the arithmetic
is short. Precision is single where umap-learn's is, because Leiden's answer can turn on the last
bits of a weight; tests compare graph and clusters with scanpy's.
"""

from typing import TYPE_CHECKING

import numpy as np

from genearena.data.graphs import FloatArray, IntArray
from genearena.metrics._shared.nearest_rows import DoubleArray, nearest_rows

if TYPE_CHECKING:
    import scipy.sparse

_STEPS = 64
_TOLERANCE = 1e-5
_NARROWEST = 1e-3


def fuzzy_graph(points: DoubleArray, n_neighbours: int = 15) -> "scipy.sparse.csr_array":
    """Connect every row with its nearest ones by weights between 0 and 1.

    The weight from row i to a neighbour at distance d is exp(-(d - ρ_i)/σ_i), with ρ_i the
    distance of the nearest row that is not a copy and σ_i such that row i's weights add up to
    log2(n_neighbours); the two directions a, b of a pair join as a + b - ab.

    Parameters
    ----------
    points
        (n, d) points, n >= 2.
    n_neighbours
        Neighbours including the row itself; with fewer rows than that, half of them, as in scanpy.

    Returns
    -------
    (n, n) symmetric float32 weights, those of ``scanpy.pp.neighbors(..., transformer="sklearn")``
    unless rows coincide: scanpy's distances between copies are rounding noise, and here 0.

    References
    ----------
    McInnes, Healy, Melville: UMAP, 2018 (section 3.1); Wolf et al.: scanpy, 2018.
    """
    from scipy import sparse

    n = len(points)
    size = n_neighbours if n >= n_neighbours else 1 + n // 2
    neighbour, exact = nearest_rows(points, size - 1)
    excess, width = _local_scale(_within_one(exact), size)
    weight = _weights(excess, width[:, None])
    row = np.repeat(np.arange(n), size - 1)
    directed = sparse.csr_array((weight.ravel(), (row, neighbour.ravel())), shape=(n, n))
    directed.eliminate_zeros()
    graph = sparse.csr_array(directed + directed.T - directed.multiply(directed.T))
    graph.eliminate_zeros()
    return graph


def _within_one(distance: DoubleArray) -> FloatArray:
    """Shrink or stretch every row's distances below 1 and round them to single precision.

    A power of two changes no bit of them, nor of the weights, which depend on ratios within a row
    only; without it single precision and the bisection's steps end at some scale of the points.
    """
    _, exponent = np.frexp(distance.max(axis=1, keepdims=True))
    return np.asarray(np.ldexp(distance, -exponent), dtype=np.float32)


def _local_scale(distance: FloatArray, size: int) -> tuple[FloatArray, FloatArray]:
    apart = np.where(distance > 0, distance, np.inf).min(axis=1)
    nearest = np.where(np.isfinite(apart), apart, 0).astype(np.float32)
    excess = np.maximum(distance - nearest[:, None], 0)
    typical = distance.sum(axis=1) / size
    width = np.maximum(_widths(excess, float(np.log2(size))), _NARROWEST * typical)
    return excess, width.astype(np.float32)


def _widths(excess: FloatArray, target: float) -> DoubleArray:
    """Bisect for the σ whose weights add up to the target, for all rows at once."""
    n = len(excess)
    low, high, width = np.zeros(n), np.full(n, np.inf), np.ones(n)
    active: IntArray = np.arange(n)
    for _ in range(_STEPS):
        total = np.exp(-excess[active] / width[active, None]).sum(axis=1)
        open_ = np.abs(total - target) >= _TOLERANCE
        active, wide = active[open_], (total > target)[open_]
        high[active[wide]] = width[active[wide]]
        low[active[~wide]] = width[active[~wide]]
        middle = (low[active] + high[active]) / 2
        width[active] = np.where(np.isfinite(middle), middle, 2 * width[active])
        if not active.size:
            break
    return width


def _weights(excess: FloatArray, width: FloatArray) -> FloatArray:
    """exp(-excess/width), rounded to single precision once, as the C library's expf does."""
    scaled = np.divide(excess, width, out=np.zeros_like(excess), where=width > 0)
    return np.exp(-scaled.astype(np.float64)).astype(np.float32)
