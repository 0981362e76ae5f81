"""Analytic Pearson residuals (Lause, Berens & Kobak, Genome Biology 2021)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.graphs import FloatArray, IntArray

THETA = 100.0
BLOCK = 512

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PearsonResiduals:
    """Residuals (x - μ) / √(μ + μ² / θ), where μ is the cell's depth times the gene's share.

    They are clipped to ±√cells, and computed for a few hundred genes at a time. `depth` (cells,)
    and `share` (genes,) are of the (cells, genes) `counts`; θ is the size of the negative binomial.
    """

    counts: sparse.csc_array
    depth: Array
    share: Array
    theta: float

    @cached_property
    def variance(self) -> Array:
        """(genes,) variance of each gene's residuals over the cells."""
        starts = range(0, len(self.share), BLOCK)
        every = np.arange(len(self.share))
        return np.concatenate([self._residuals(every[s : s + BLOCK]).var(axis=0) for s in starts])

    def profiles(self, genes: IntArray) -> FloatArray:
        """Return the (len(genes), cells) residuals of the genes at these positions."""
        return np.ascontiguousarray(self._residuals(genes).T, dtype=np.float32)

    def _residuals(self, genes: IntArray) -> Array:
        expected = self.depth[:, None] * self.share[genes]
        spread = np.sqrt(expected + expected**2 / self.theta)
        rest = self.counts[:, genes].toarray() - expected
        z = np.divide(rest, spread, out=np.zeros_like(rest), where=spread > 0)
        limit = np.sqrt(len(self.depth))
        return np.asarray(np.clip(z, -limit, limit))


def analytic_pearson(counts: sparse.csr_array, *, theta: float = THETA) -> PearsonResiduals:
    """Set up the analytic Pearson residuals of (cells, genes) counts."""
    depth = np.asarray(counts.sum(axis=1), dtype=np.float64)
    total = np.asarray(counts.sum(axis=0), dtype=np.float64)
    columns = sparse.csc_array(counts, dtype=np.float64)
    return PearsonResiduals(columns, depth, total / max(total.sum(), 1.0), theta)
