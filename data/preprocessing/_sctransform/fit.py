"""Fit the regularised negative binomial of every gene."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.graphs import IntArray
from genearena.data.preprocessing._sctransform.negative_binomial import (
    fit_dispersions,
    fit_intercepts,
    moment_dispersion,
)
from genearena.data.preprocessing._sctransform.smoothing import even_sample, regularise

Array = npt.NDArray[np.float64]

MIN_CELLS = 5
LEAST_MEAN = 0.001
BATCH = 500
SMALLEST_WINDOW = 100
SHARE_OF_GENES = 0.1
BARELY_OVERDISPERSED = 1e-3
"""A gene whose θ is this many times as large as its moments predict has θ = ∞."""


@dataclass(frozen=True)
class Sampling:
    """How many cells and genes the fits of single genes use; None for all of them."""

    cells: int | None = 5000
    genes: int | None = 2000
    seed: int = 0


@dataclass(frozen=True, eq=False)
class GeneStatistics:
    """Mean and unbiased variance of the counts of n genes, and the level they are compared by.

    `log_mean` is log10 of the geometric mean of count + 1, less 1.
    """

    mean: Array
    variance: Array
    log_mean: Array

    @property
    def excess(self) -> Array:
        """(n,) variance beyond the mean, which a Poisson count would have."""
        return self.variance - self.mean

    @property
    def poisson(self) -> npt.NDArray[np.bool_]:
        """(n,) whether a gene varies no more than a Poisson count, or is too rare to tell."""
        return (self.excess <= 0) | (self.mean < LEAST_MEAN)


def gene_statistics(counts: sparse.csc_array) -> GeneStatistics:
    """Compute the moments of (cells, n) counts, where every gene has some."""
    cells = counts.shape[0]
    total = _sums(counts, counts.data)
    squares = _sums(counts, counts.data**2)
    # this order of operations is exact for integers where variance and mean are equal
    variance = (squares - total * (total / cells)) / max(cells - 1, 1)
    log_mean = np.log10(np.expm1(_sums(counts, np.log1p(counts.data)) / cells))
    return GeneStatistics(total / cells, variance, log_mean)


def _sums(counts: sparse.csc_array, values: Array) -> Array:
    """Sum for each gene the values at its non-zero counts."""
    summed: Array = np.add.reduceat(values, counts.indptr[:-1])
    return summed


def fit_genes(counts: sparse.csc_array, depth: Array, sampling: Sampling) -> tuple[Array, Array]:
    """Return (n,) θ and (n,) intercept b of the genes, regularised.

    A count has mean μ = depth exp(b) and variance μ + μ² / θ. Every gene of the (cells, n) counts
    is in at least `MIN_CELLS` cells; depths (cells,) are over all genes, not only these, and cells
    of depth 0 have no part.
    """
    rng = np.random.default_rng(sampling.seed)
    every = gene_statistics(counts)
    theta = np.full(counts.shape[1], np.inf)
    intercept = np.log(every.mean) - np.log(counts.sum() / counts.shape[0])
    cells = _sampled_cells(depth, sampling.cells, rng)
    some = counts if len(cells) == counts.shape[0] else sparse.csc_array(counts.tocsr()[cells])
    genes = np.flatnonzero(~every.poisson & (np.diff(some.indptr) >= MIN_CELLS))
    if not len(genes):
        return theta, intercept
    level = gene_statistics(some[:, genes]).log_mean
    if sampling.genes is not None and sampling.genes < len(genes):
        genes = genes[even_sample(level, sampling.genes, rng)]
    smooth = _regularised(some[:, genes], depth[cells], genes, every)
    if smooth is not None:
        overdispersed = ~every.poisson
        theta[overdispersed], intercept[overdispersed] = (v[overdispersed] for v in smooth)
    return theta, intercept


def _sampled_cells(depth: Array, size: int | None, rng: np.random.Generator) -> IntArray:
    cells = np.flatnonzero(depth > 0)
    if size is not None and size < len(cells):
        cells = np.sort(rng.choice(cells, size, replace=False))
    return cells.astype(np.int64)


def _regularised(
    counts: sparse.csc_array, depth: Array, genes: IntArray, every: GeneStatistics
) -> tuple[Array, Array] | None:
    """Fit the sampled genes in sampled cells and regularise for all genes."""
    sampled = gene_statistics(counts)
    theta, intercept = fit_single_genes(counts, depth, sampled)
    predicted = every.mean[genes] ** 2 / every.excess[genes]
    theta[predicted / theta < BARELY_OVERDISPERSED] = np.inf
    return regularise(sampled.log_mean, theta, intercept, every.log_mean)


def fit_single_genes(
    counts: sparse.csc_array, depth: Array, statistics: GeneStatistics
) -> tuple[Array, Array]:
    """Return θ and intercept of each gene fitted alone; the order of genes matters to the trend.

    Intercepts under moment dispersions, dispersions under these intercepts, and intercepts again
    under the trend of the dispersions over the mean.
    """
    start = moment_dispersion(statistics.mean, statistics.variance, depth)
    intercept = fit_intercepts(counts, depth, start)
    dispersion = fit_dispersions(counts, depth, intercept, start)
    trend = dispersion_trend(intercept, dispersion)
    with np.errstate(divide="ignore"):
        return 1 / dispersion, fit_intercepts(counts, depth, trend)


def dispersion_trend(level: Array, dispersion: Array) -> Array:
    """Return for each gene the weighted median dispersion of the genes of similar level, all (n,).

    Genes are taken 500 at a time in the order given, as the original does. Of each batch a tenth,
    but at least 100 genes, make a window along the level, with normal weights that fall to three
    standard deviations at its ends. Genes nearer than half a window to the lowest or highest one
    share the first or last full window.
    """
    starts = range(0, len(level), BATCH)
    batches = [slice(start, start + BATCH) for start in starts]
    return np.concatenate([np.empty(0), *(_trend(level[b], dispersion[b]) for b in batches)])


def _trend(level: Array, dispersion: Array) -> Array:
    n = len(level)
    half = min(max(int(SHARE_OF_GENES * n), SMALLEST_WINDOW) // 2, (n - 1) // 2)
    weight = np.exp(-(np.linspace(-3, 3, 2 * half + 1) ** 2) / 2) if half else np.ones(1)
    order = np.argsort(level, kind="stable")
    windows = np.lib.stride_tricks.sliding_window_view(dispersion[order], 2 * half + 1)
    rank = np.argsort(windows, axis=1, kind="stable")
    passed = np.cumsum(weight[rank], axis=1)
    middle = (passed < passed[:, -1:] / 2).sum(axis=1, keepdims=True)
    median = np.take_along_axis(windows, np.take_along_axis(rank, middle, axis=1), axis=1)[:, 0]
    trend = np.empty(n)
    trend[order] = median[np.clip(np.arange(n) - half, 0, len(median) - 1)]
    return trend
