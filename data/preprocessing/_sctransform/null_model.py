"""Pearson residuals of counts under the regularised negative binomial."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.common.compiled import compiled
from genearena.data.graphs import FloatArray, IntArray
from genearena.data.preprocessing._sctransform.fit import MIN_CELLS, Sampling, fit_genes
from genearena.data.preprocessing._sctransform.negative_binomial import over_genes

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.integer[Any]]

BLOCK = 128


@dataclass(frozen=True, eq=False)
class NegativeBinomialResiduals:
    """Residuals (x - μ) / √max(μ + μ² / θ, v), where μ is the cell's depth times exp(b).

    Parameters
    ----------
    counts, depth
        (cells, genes) counts, and their (cells,) sums over all genes.
    theta, intercept
        (genes,) θ and b; nan for genes in fewer than five cells, whose residuals are 0.
    least_variance
        v, the square of a fifth of the median non-zero count.
    """

    counts: sparse.csc_array
    depth: Array
    theta: Array
    intercept: Array
    least_variance: float

    @cached_property
    def variance(self) -> Array:
        """(genes,) variance of each gene's residuals, clipped to ±√cells; 0 for rare genes."""
        variance = np.zeros(len(self.theta))
        columns = self.counts.indptr, self.counts.indices, self.counts.data
        fit = self.depth, np.exp(self.intercept), 1 / self.theta, self.least_variance
        over_genes(_residual_variances, len(variance), *columns, *fit, variance)
        return variance

    def profiles(self, genes: IntArray) -> FloatArray:
        """Return the (len(genes), cells) residuals of the genes at these positions.

        They are clipped to ±√(cells / 30) and then centred per gene.
        """
        profiles = np.zeros((len(genes), len(self.depth)), dtype=np.float32)
        limit = np.sqrt(len(self.depth) / 30)
        for start in range(0, len(genes), BLOCK):
            residuals = self.residuals(np.asarray(genes[start : start + BLOCK]))
            np.clip(residuals, -limit, limit, out=residuals)
            centred = residuals - residuals.mean(axis=1, keepdims=True)
            profiles[start : start + BLOCK] = centred
        return profiles

    def residuals(self, genes: IntArray) -> Array:
        """Return the (len(genes), cells) residuals themselves, neither clipped nor centred."""
        mean = np.exp(self.intercept[genes])[:, None] * self.depth
        spread = mean + mean**2 / self.theta[genes][:, None]
        rest = self.counts[:, genes].toarray().T - mean
        rest /= np.sqrt(np.maximum(spread, self.least_variance))
        rest[np.isnan(self.theta[genes])] = 0
        return np.asarray(rest)


def fit_null_model(
    counts: sparse.csr_array, sampling: Sampling | None = None
) -> NegativeBinomialResiduals:
    """Fit scTransform's null model, version 2, to (cells, genes) counts."""
    columns = sparse.csc_array(counts).astype(np.float64)  # a copy, which may be put in order
    columns.sum_duplicates()
    columns.eliminate_zeros()
    depth = np.asarray(columns.sum(axis=1), dtype=np.float64)
    theta = np.full(columns.shape[1], np.nan)
    intercept = np.full(columns.shape[1], np.nan)
    kept = np.flatnonzero(np.diff(columns.indptr) >= MIN_CELLS)
    if not len(kept):
        return NegativeBinomialResiduals(columns, depth, theta, intercept, 0.0)
    chosen = columns[:, kept]
    theta[kept], intercept[kept] = fit_genes(chosen, depth, sampling or Sampling())
    least = (np.median(chosen.data) / 5) ** 2
    return NegativeBinomialResiduals(columns, depth, theta, intercept, float(least))


@compiled
def _residual_variances(
    start: int,
    stop: int,
    indptr: Indices,
    indices: Indices,
    data: Array,
    depth: Array,
    rate: Array,
    dispersion: Array,
    least: float,
    out: Array,
) -> None:
    """Write the variance of the clipped residuals of the genes from `start` to `stop`."""
    cells = len(depth)
    limit = np.sqrt(cells)
    for gene in range(start, stop):
        if np.isnan(rate[gene]):
            continue
        r, a = rate[gene], dispersion[gene]
        total = 0.0
        squares = 0.0
        for d in depth:
            mean = r * d
            z = max(-mean / np.sqrt(max(mean + a * mean * mean, least)), -limit)
            total += z
            squares += z * z
        for k in range(indptr[gene], indptr[gene + 1]):
            mean = r * depth[indices[k]]
            spread = np.sqrt(max(mean + a * mean * mean, least))
            empty = max(-mean / spread, -limit)
            z = min(max((data[k] - mean) / spread, -limit), limit)
            total += z - empty
            squares += z * z - empty * empty
        out[gene] = max(squares - total * total / cells, 0.0) / max(cells - 1, 1)
