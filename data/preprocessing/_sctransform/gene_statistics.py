"""Moments of the counts of each gene."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Array = npt.NDArray[np.float64]

LEAST_MEAN = 0.001


@dataclass(frozen=True, eq=False)
class GeneStatistics:
    """Moments of n genes.

    Parameters
    ----------
    mean, variance
        (n,) mean and unbiased variance of the counts.
    log_mean
        (n,) log10 of the geometric mean of count + 1, less 1: the level genes are compared by.
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
