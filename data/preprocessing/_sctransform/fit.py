"""Fit the regularised negative binomial of every gene."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.graphs import IntArray
from genearena.data.preprocessing._sctransform.dispersion_trend import dispersion_trend
from genearena.data.preprocessing._sctransform.even_sample import even_sample
from genearena.data.preprocessing._sctransform.gene_statistics import (
    GeneStatistics,
    gene_statistics,
)
from genearena.data.preprocessing._sctransform.negative_binomial import (
    fit_dispersions,
    fit_intercepts,
    moment_dispersion,
)
from genearena.data.preprocessing._sctransform.regularise import regularise

Array = npt.NDArray[np.float64]

MIN_CELLS = 5
BARELY_OVERDISPERSED = 1e-3
"""A gene whose θ is this many times as large as its moments predict has θ = ∞."""


@dataclass(frozen=True)
class Sampling:
    """How many cells and genes the fits of single genes use; None for all of them."""

    cells: int | None = 5000
    genes: int | None = 2000
    seed: int = 0


def fit_genes(counts: sparse.csc_array, depth: Array, sampling: Sampling) -> tuple[Array, Array]:
    """Return θ and intercept of each gene, regularised.

    Parameters
    ----------
    counts
        (cells, n) counts; every gene in at least `MIN_CELLS` cells.
    depth
        (cells,) depth of each cell over all genes, not only these; cells of depth 0 have no part.
    sampling
        What to fit single genes on.

    Returns
    -------
    (n,) θ and (n,) intercept b: a count has mean μ = depth exp(b) and variance μ + μ² / θ.
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
