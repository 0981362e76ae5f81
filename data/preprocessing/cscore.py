"""CS-CORE: co-expression of genes from counts, free of sequencing depth (Su et al. 2023)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.options import ALPHA
from genearena.data.preprocessing.arguments import counts_and_names

Array = npt.NDArray[np.float64]
Weight = Callable[[Array], Array]
"""Maps depths (cells, 1) to s / w, w being the variance the weighting assumes for a count."""

BLOCK = 512
MAX_ROUNDS = 10
TOLERANCE = 0.05


@dataclass(frozen=True, eq=False)
class CoExpression:
    """Co-expression of n genes over the cells of one data set.

    Parameters
    ----------
    correlation
        (n, n) correlation of the latent expression, within [-1, 1], 1 on the diagonal.
    statistic
        (n, n) test statistic T of independence (MuSe-GNN Eq. 9), standard normal under it.
    p_value
        (n, n) two-sided p-value, 1 on the diagonal.
    mean, variance
        (n,) mean μ and variance σ² of the latent expression, in counts per unit of depth;
        estimates of the variance at or below 0 are kept as they are.
    """

    genes: tuple[str, ...]
    correlation: Array
    statistic: Array
    p_value: Array
    mean: Array
    variance: Array

    def edges(self, alpha: float = ALPHA, *, fdr: bool = False) -> sparse.csr_array:
        """Return the (n, n) symmetric 0/1 adjacency of the pairs with p < `alpha`.

        The paper takes 0.005 without correction. With `fdr`, p is adjusted (Benjamini-Hochberg) for
        all pairs, also those of genes without positive variance, whose p is 1.
        """
        row, col = np.triu_indices(len(self.genes), k=1)
        p = self.p_value[row, col]
        if fdr and len(p):
            from scipy import stats

            p = stats.false_discovery_control(p)
        joined = (row[p < alpha], col[p < alpha])
        half = sparse.coo_array((np.ones(len(joined[0]), np.int8), joined), self.p_value.shape)
        return sparse.csr_array(half + half.T)


def cscore(
    counts: Any,
    *,
    depth: npt.ArrayLike | None = None,
    genes: Sequence[str] | None = None,
) -> CoExpression:
    """Estimate and test the co-expression of every pair of genes.

    Counts are modelled as x | z ~ Poisson(s z) with depth s of the cell and latent expression z
    of mean μ and covariance Σ, all estimated by iteratively reweighted moments. A gene whose
    variance estimate is not positive has p = 1 with every other, and so no edges. Some hundred
    cells are made dense at a time, so memory grows with n², not with cells × n.

    Parameters
    ----------
    counts
        (cells, n) counts, dense or sparse, or an AnnData whose `X` holds them.
    depth
        (cells,) depth of each cell over all genes measured; by default the row sums of `counts`,
        which is right only if no gene has been left out.
    genes
        n gene names; by default those of the AnnData, else the positions 0 to n - 1.

    Raises
    ------
    DataError
        If there are no cells or genes, lengths disagree, or a count or depth is negative or not
        finite.

    References
    ----------
    Su et al., Cell-type-specific co-expression inference from single cell RNA-sequencing data,
    Nature Communications 2023.
    """
    matrix, names, s = _arguments(counts, depth, genes)
    blocks = _Blocks(matrix, s)
    mean, variance, spread = _moments(blocks)
    positive = variance > 0
    covariance = _quotient(*_products(blocks, mean, _overdispersed(mean, spread)))
    deviation = np.sqrt(np.where(positive, variance, np.inf))
    correlation = np.clip(covariance / deviation / deviation[:, None], -1, 1)
    np.fill_diagonal(correlation, 1)
    above, below = _products(blocks, mean, _independent(mean, np.maximum(variance, 0)))
    statistic = _quotient(above, np.sqrt(below))
    from scipy.special import erfc

    p_value = erfc(np.abs(statistic) / np.sqrt(2))
    p_value[~positive] = 1
    p_value[:, ~positive] = 1
    np.fill_diagonal(p_value, 1)
    return CoExpression(names, correlation, statistic, p_value, mean, variance)


class _Blocks:
    """The counts a few hundred cells at a time, dense, each block with the depths of its cells."""

    def __init__(self, counts: sparse.csr_array, depth: Array) -> None:
        self.counts = counts
        self.depth = depth

    def sums(self, terms: Callable[[Array, Array], tuple[Array, Array]]) -> tuple[Array, Array]:
        """Sum numerator and denominator of `terms` (counts, depths) over all blocks."""
        top: Array | float = 0.0
        bottom: Array | float = 0.0
        for start in range(0, len(self.depth), BLOCK):
            rows = slice(start, start + BLOCK)
            above, below = terms(self.counts[rows].toarray(), self.depth[rows, None])
            top, bottom = top + above, bottom + below
        return np.asarray(top), np.asarray(bottom)


def _moments(blocks: _Blocks) -> tuple[Array, Array, float]:
    """Return mean and variance of every gene and the median of their ratios θ = μ² / σ²."""
    mean = _mean(blocks, _unweighted)
    variance = _variance(blocks, mean, _unweighted)
    theta = _theta(mean, variance)
    for _ in range(MAX_ROUNDS):
        spread = _median(theta)
        mean = _mean(blocks, _overdispersed(mean, spread))
        variance = _variance(blocks, mean, _overdispersed(mean, spread))
        before, theta = theta, _theta(mean, variance)
        both = (theta > 0) & (before > 0)
        if np.abs(np.log(theta[both] / before[both])).max(initial=0) <= TOLERANCE:
            break
    return mean, variance, _median(theta)


def _mean(blocks: _Blocks, weight: Weight) -> Array:
    """Solve E x = s μ, weighted with 1 / w."""

    def terms(x: Array, s: Array) -> tuple[Array, Array]:
        q = weight(s)
        return (q * x).sum(axis=0), (q * s).sum(axis=0)

    return _quotient(*blocks.sums(terms))


def _variance(blocks: _Blocks, mean: Array, weight: Weight) -> Array:
    """Solve E (x - s μ)² = s μ + s² σ², weighted with 1 / w²."""

    def terms(x: Array, s: Array) -> tuple[Array, Array]:
        q = weight(s) ** 2
        expected = s * mean
        return (q * ((x - expected) ** 2 - expected)).sum(axis=0), (q * s**2).sum(axis=0)

    return _quotient(*blocks.sums(terms))


def _products(blocks: _Blocks, mean: Array, weight: Weight) -> tuple[Array, Array]:
    """Sum (x - s μ)(x' - s μ') s² / (w w') and s⁴ / (w w') over the cells, for all pairs."""

    def terms(x: Array, s: Array) -> tuple[Array, Array]:
        q = weight(s)
        scaled, rest = q * s, q * (x - s * mean)
        return rest.T @ rest, scaled.T @ scaled

    return blocks.sums(terms)


def _unweighted(s: Array) -> Array:
    return s


def _overdispersed(mean: Array, spread: float) -> Weight:
    """Take w = s μ + s² μ² / spread, of which the factor μ cancels in every quotient."""
    return lambda s: 1 / (1 + s * (mean / spread))


def _independent(mean: Array, variance: Array) -> Weight:
    """Take w = s μ + s² σ², the variance of a count; a gene without counts has weight 0."""
    return lambda s: _quotient(np.ones((len(s), len(mean))), mean + s * variance)


def _quotient(above: Array, below: Array) -> Array:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def _theta(mean: Array, variance: Array) -> Array:
    return np.divide(mean**2, variance, out=np.full_like(mean, np.nan), where=variance != 0)


def _median(theta: Array) -> float:
    return float(np.median(theta[theta > 0])) if (theta > 0).any() else float("inf")


def _arguments(
    counts: Any, depth: npt.ArrayLike | None, genes: Sequence[str] | None
) -> tuple[sparse.csr_array, tuple[str, ...], Array]:
    matrix, names = counts_and_names("CS-CORE", counts, genes)
    s = np.asarray(matrix.sum(axis=1) if depth is None else depth, dtype=np.float64).ravel()
    if 0 in matrix.shape:
        raise DataError(f"CS-CORE got {matrix.shape[0]} cells x {matrix.shape[1]} genes; want some")
    if len(s) != matrix.shape[0]:
        raise DataError(f"CS-CORE got {len(s)} depths for {matrix.shape[0]} cells")
    for what, values in (("count", matrix.data), ("depth", s)):
        wrong = values[~((values >= 0) & (values < np.inf))]
        if len(wrong):
            raise DataError(f"CS-CORE got a {what} of {wrong[0]:g}; want raw counts, 0 or more")
    return matrix, names, s
