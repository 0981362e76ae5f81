"""Negative-binomial fits of single genes with a known depth of each cell.

A count y of a cell of depth d has mean μ = d exp(b) and variance μ + α μ²; b is the intercept of
the gene and α its dispersion (Ahlmann-Eltze & Huber, Bioinformatics 2020). Counts are (cells, n),
depths (cells,), and what is known or found of genes (n,).
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.common.compiled import compiled

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.integer[Any]]

ADJUSTMENT = 0.495
"""Weight of the Cox-Reid term: ½, less the 1 % the reference outputs show."""
MAX_ROUNDS = 100
TOLERANCE = 1e-10
SMALLEST = 1e-9
"""A dispersion that falls below this while its likelihood still grows downwards is zero."""
LARGEST = 1e9
BLOCKS_PER_THREAD = 8


def over_genes(kernel: Callable[..., None], n_genes: int, *arguments: Any) -> None:
    """Call a compiled ``kernel(start, stop, *arguments)`` on blocks of all genes, in threads.

    It writes what it computes for gene g into entry g of arrays among its arguments, so the
    outcome does not depend on the number of threads.
    """
    threads = max(1, min(int(vars(numba.config)["NUMBA_NUM_THREADS"]), n_genes))
    if threads == 1:
        kernel(0, n_genes, *arguments)
        return
    edges = np.unique(np.linspace(0, n_genes, threads * BLOCKS_PER_THREAD + 1).astype(int))
    with ThreadPoolExecutor(threads) as pool:
        blocks = [pool.submit(kernel, int(a), int(b), *arguments) for a, b in pairwise(edges)]
        for block in blocks:
            block.result()


def moment_dispersion(mean: Array, variance: Array, depth: Array) -> Array:
    """Estimate the dispersion of each gene from mean m and variance v of its counts, at least 0.

    It is (v - m / ⟨d⟩) / m². The Poisson part is small against v, so this is nearly the squared
    coefficient of variation, depth included: a start on the upper side.
    """
    return np.asarray(np.maximum(variance - mean / depth.mean(), 0) / mean**2)


def fit_intercepts(counts: sparse.csc_array, depth: Array, dispersion: Array) -> Array:
    """Return the (n,) intercepts b that maximise each gene's likelihood, by Newton's method.

    No gene of the (cells, n) counts may be without any; depths (cells,) are positive.
    """
    rate = np.empty(counts.shape[1])
    columns = counts.indptr, counts.indices, counts.data
    over_genes(_rates, len(rate), *columns, depth, dispersion, rate)
    return np.asarray(np.log(rate))


def fit_dispersions(
    counts: sparse.csc_array, depth: Array, intercept: Array, start: Array
) -> Array:
    """Return the (n,) dispersions that maximise each gene's Cox-Reid adjusted profile likelihood.

    The adjustment takes ½ log Σ μ / (1 + α μ), times 0.99, off the log likelihood to make up for
    the intercept having been fitted to the same counts. The search begins at `start` (n,), and the
    dispersion is 0 where the likelihood grows all the way down.
    """
    dispersion = np.empty(counts.shape[1])
    columns = counts.indptr, counts.indices, counts.data
    rate = np.exp(intercept)
    over_genes(_dispersions, len(dispersion), *columns, depth, rate, start, dispersion)
    return dispersion


@compiled
def _rates(
    start: int,
    stop: int,
    indptr: Indices,
    indices: Indices,
    data: Array,
    depth: Array,
    dispersion: Array,
    rate: Array,
) -> None:
    """Write exp(b) of the genes from `start` to `stop`."""
    for gene in range(start, stop):
        cells = indices[indptr[gene] : indptr[gene + 1]]
        y = data[indptr[gene] : indptr[gene + 1]]
        a = dispersion[gene]
        r = y.sum() / depth.sum()
        for _ in range(MAX_ROUNDS):
            slope, curvature = _intercept_derivatives(r, a, cells, y, depth)
            step = min(max(slope / curvature, -2.0), 2.0)
            r *= np.exp(step)
            if abs(step) <= TOLERANCE:
                break
        rate[gene] = r


@compiled
def _intercept_derivatives(
    r: float, a: float, cells: Indices, y: Array, depth: Array
) -> tuple[float, float]:
    """Return first and negative second derivative of the log likelihood by b at exp(b) = r."""
    slope = 0.0
    curvature = 0.0
    for d in depth:
        mean = r * d
        w = 1 / (1 + a * mean)
        slope -= mean * w
        curvature += mean * w * w
    for k in range(len(y)):
        mean = r * depth[cells[k]]
        w = 1 / (1 + a * mean)
        slope += y[k] * w
        curvature += a * y[k] * mean * w * w
    return slope, curvature


@compiled
def _dispersions(
    start: int,
    stop: int,
    indptr: Indices,
    indices: Indices,
    data: Array,
    depth: Array,
    rate: Array,
    first: Array,
    dispersion: Array,
) -> None:
    """Write the dispersions of the genes from `start` to `stop`."""
    for gene in range(start, stop):
        cells = indices[indptr[gene] : indptr[gene + 1]]
        y = data[indptr[gene] : indptr[gene + 1]]
        above = _cells_above(y)
        dispersion[gene] = _climb(rate[gene], first[gene], cells, y, above, depth)


@compiled
def _cells_above(y: Array) -> Array:
    """Return for j = 0, 1, … the number of counts above j."""
    above = np.zeros(int(y.max()) if len(y) else 0)
    for count in y:
        above[int(count) - 1] += 1
    for j in range(len(above) - 2, -1, -1):
        above[j] += above[j + 1]
    return above


@compiled
def _climb(r: float, first: float, cells: Indices, y: Array, above: Array, depth: Array) -> float:
    """Find the maximum uphill of `first` by Newton steps in log α, kept within brackets."""
    low, high = np.log(SMALLEST), np.log(LARGEST)
    x = min(max(np.log(max(first, 1e-3)), low), high)
    for _ in range(MAX_ROUNDS):
        a = np.exp(x)
        slope, curvature = _dispersion_derivatives(a, r, cells, y, above, depth)
        slope, curvature = a * slope, a * slope + a * a * curvature
        if slope > 0:
            low = x
        else:
            high = x
        step = -slope / curvature if curvature < 0 else np.sign(slope)
        step = min(max(step, -2.0), 2.0)
        if not low < x + step < high:
            step = (low + high) / 2 - x if high - low < 4 else np.sign(slope)
            step = min(max(step, low - x), high - x)
        x += step
        if abs(step) <= TOLERANCE:
            break
    return 0.0 if x <= np.log(SMALLEST) + 1e-6 else np.exp(x)


@compiled
def _dispersion_derivatives(
    a: float, r: float, cells: Indices, y: Array, above: Array, depth: Array
) -> tuple[float, float]:
    """Return first and second derivative of the adjusted log likelihood by α."""
    slope = 0.0
    curvature = 0.0
    for j in range(1, len(above)):
        w = j / (1 + j * a)
        slope += above[j] * w
        curvature -= above[j] * w * w
    for k in range(len(y)):
        m = r * depth[cells[k]]
        m /= 1 + a * m
        slope -= y[k] * m
        curvature += y[k] * m * m
    first, second, third, slope_of_logs, curvature_of_logs = _sums_over_cells(a, r, depth)
    slope += slope_of_logs + ADJUSTMENT * second / first
    curvature += curvature_of_logs + ADJUSTMENT * ((second / first) ** 2 - 2 * third / first)
    return slope, curvature


@compiled
def _sums_over_cells(a: float, r: float, depth: Array) -> tuple[float, float, float, float, float]:
    """Sum (μ w)^k for k = 1, 2, 3 with w = 1 / (1 + α μ), and derivatives of -log(1 + α μ) / α.

    The derivative of -log(1 + t) / α by α is [log(1 + t) - t w] / α² with t = α μ; small t
    would cancel in it and its derivative, so both are summed from their power series there.
    """
    first = second = third = slope = curvature = 0.0
    logs = parts = parts_of_curvature = 0.0
    product = 1.0
    for d in depth:
        m = r * d
        t = a * m
        q = m / (1 + t)
        first += q
        second += q * q
        third += q * q * q
        if t < 0.01:
            slope += m * m * (1 / 2 - t * (2 / 3 - t * (3 / 4 - t * (4 / 5 - t * (5 / 6)))))
            curvature -= m * m * m * (2 / 3 - t * (3 / 2 - t * (12 / 5 - t * (10 / 3))))
            continue
        u = t / (1 + t)
        parts += u
        parts_of_curvature += u * (2 + u)
        # one logarithm of a product costs less than many logarithms
        product *= 1 + t
        if product > 1e200:
            logs += np.log(product)
            product = 1.0
    logs += np.log(product)
    slope += (logs - parts) / a**2
    curvature += (parts_of_curvature - 2 * logs) / a**3
    return first, second, third, slope, curvature
