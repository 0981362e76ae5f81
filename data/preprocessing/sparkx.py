"""SPARK-X: genes whose counts depend on where in the tissue they are (Zhu et al. 2021)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.graphs import IntArray
from genearena.data.preprocessing.arguments import counts_and_names
from genearena.data.reading.counts import as_coordinates, coordinate_problem

Array = npt.NDArray[np.float64]

LEVELS = (20, 40, 60, 80, 100)
KERNELS = (
    "projection",
    *(f"gaussian {level}" for level in LEVELS),
    *(f"cosine {level}" for level in LEVELS),
)
"""Kernels in the order of columns; the number is the percentile that is the kernel's width."""

MIN_SPOTS = 10
FLAT = 1e-12
"""Variance of a gene, as a share of its mean square, at or below which it does not vary."""
BLIND = 1e-8
"""Standard deviation of a feature over the section, relative to its size, taken for none."""


@dataclass(frozen=True, eq=False)
class SpatialVariation:
    """Tests of n genes for spatial expression.

    Parameters
    ----------
    combined_p
        (n,) p-value over all kernels by Cauchy combination; 1 for a gene that does not vary.
    adjusted_p
        (n,) `combined_p` adjusted for the number of genes that vary (Benjamini-Yekutieli).
    kernel_p
        (n, 11) p-value of every kernel, in the order of `KERNELS`.
    statistic
        (n, 11) test statistic of every kernel, see `sparkx`.
    """

    genes: tuple[str, ...]
    combined_p: Array
    adjusted_p: Array
    kernel_p: Array
    statistic: Array

    def top(self, n: int) -> IntArray:
        """Return the positions of the `n` genes of smallest combined p, best first.

        Of genes of equal p, which only those beyond the range of floats and those that do not
        vary have, that of the largest statistic comes first, then the first in the data.
        """
        ranked = np.lexsort((-self.statistic.max(axis=1), self.combined_p))
        return ranked[:n].astype(np.int64)


def sparkx(
    counts: Any,
    coordinates: npt.ArrayLike | None = None,
    *,
    genes: Sequence[str] | None = None,
) -> SpatialVariation:
    """Test every gene for expression that depends on place.

    For a gene with counts y over N spots and features S of the places, both centred by H, the
    statistic of a kernel is N tr(E Σ) with E = H y yᵀ H / yᵀy and Σ the projection on the columns
    of H S. Without spatial expression it is distributed as λ χ² with as many degrees of freedom as
    H S has rank, usually two, and λ = yᵀH y / yᵀy; with two p = exp(-statistic / 2 λ). Features
    are the coordinates, and their Gaussian and cosine transforms of five widths each.

    Parameters
    ----------
    counts
        (spots, n) counts, dense or sparse, or an AnnData whose `X` holds them.
    coordinates
        (spots, 2) places in any unit; by default the ``obsm['spatial']`` of the AnnData.
    genes
        n gene names; by default those of the AnnData, else the positions 0 to n - 1.

    Raises
    ------
    DataError
        If there are fewer than ten spots or no genes, values are not finite, coordinates are
        missing, not (spots, 2), or all the same.

    References
    ----------
    Zhu, Sun & Zhou, SPARK-X: non-parametric modeling enables scalable and robust detection of
    spatial expression patterns for large spatial transcriptomic studies, Genome Biology 2021.
    Liu & Xie, Cauchy combination test, JASA 2020. Benjamini & Yekutieli, Annals of Statistics 2001.
    """
    from scipy import stats  # which takes a while to import

    matrix, places, names = _arguments(counts, coordinates, genes)
    bases = [_basis(features) for features in _features(places)]
    square = np.asarray(matrix.multiply(matrix).sum(axis=0), dtype=np.float64)
    spread = 1 - _quotient(np.asarray(matrix.sum(axis=0)) ** 2 / len(places), square)
    varies = (square > 0) & (spread > FLAT)
    explained = _explained(matrix, bases)
    statistic = len(places) * _quotient(explained, square[:, None])
    scaled = _quotient(statistic, np.where(varies, spread, 0)[:, None])
    ranks = np.array([basis.shape[1] for basis in bases])
    kernel_p = _chi_square_tail(scaled, ranks)
    combined = np.where(varies, combine_cauchy(kernel_p), 1.0)
    adjusted = np.ones_like(combined)
    if varies.any():
        adjusted[varies] = stats.false_discovery_control(combined[varies], method="by")
    return SpatialVariation(names, combined, adjusted, kernel_p, statistic)


def combine_cauchy(p: Array) -> Array:
    """Combine the p-values of each row into one by the mean of their Cauchy quantiles.

    A p of 1 counts as none: it comes from a kernel that sees nothing, and its quantile of
    minus infinity would overrule all others.
    """
    # cot(πp) and arccot(t)/π keep the digits of a p near 0, which in tan(π(1/2 - p)) and
    # 1/2 - arctan(t)/π are lost against 1/2
    with np.errstate(divide="ignore"):
        quantile = np.where(p < 1, 1 / np.tan(np.pi * p), 0.0)
    return np.asarray(np.arctan2(1.0, quantile.mean(axis=1)) / np.pi)


def _features(places: Array) -> Iterator[Array]:
    """Yield the (spots, 2) features of every kernel; each axis has widths of its own."""
    centred = places - places.mean(axis=0)
    centred = _quotient(centred, np.abs(centred).max(axis=0))
    widths = np.percentile(np.abs(centred), LEVELS, axis=0)
    yield centred
    scaled = [_quotient(centred, width) for width in widths]
    yield from (np.exp(-(u**2) / 2) for u in scaled)
    yield from (np.cos(2 * np.pi * u) for u in scaled)


def _basis(features: Array) -> Array:
    """Return an orthonormal basis (spots, rank) of the centred features."""
    centred = features - features.mean(axis=0)
    left, size, _ = np.linalg.svd(centred, full_matrices=False)
    basis: Array = left[:, size > BLIND * np.sqrt(len(features))]
    return basis


def _explained(matrix: sparse.csr_array, bases: Sequence[Array]) -> Array:
    """Return the (genes, kernels) sums of squares of the genes' projections on the bases."""
    squares = np.asarray(matrix.T @ np.hstack(bases)) ** 2
    ends = np.cumsum([basis.shape[1] for basis in bases])
    return np.stack([part.sum(axis=1) for part in np.split(squares, ends[:-1], axis=1)], axis=1)


def _chi_square_tail(value: Array, ranks: IntArray) -> Array:
    """Return P(χ² > value), of which χ² with rank 0 is always 0."""
    from scipy.special import erfc

    p = np.ones_like(value)
    two, one = ranks == 2, ranks == 1
    p[:, two] = np.exp(-value[:, two] / 2)
    p[:, one] = erfc(np.sqrt(value[:, one] / 2))
    return p


def _quotient(above: Array, below: Array) -> Array:
    shape = np.broadcast_shapes(above.shape, below.shape)
    return np.divide(above, below, out=np.zeros(shape), where=np.broadcast_to(below > 0, shape))


def _arguments(
    counts: Any, coordinates: npt.ArrayLike | None, genes: Sequence[str] | None
) -> tuple[sparse.csr_array, Array, tuple[str, ...]]:
    if coordinates is None and hasattr(counts, "obsm"):
        coordinates = counts.obsm.get("spatial")
    matrix, names = counts_and_names("SPARK-X", counts, genes)
    spots, n = matrix.shape
    if coordinates is None:
        raise DataError(
            "SPARK-X got no coordinates; give a (spots, 2) array or an AnnData with obsm['spatial']"
        )
    if spots < MIN_SPOTS or n == 0:
        raise DataError(
            f"SPARK-X got {spots} spots x {n} genes; want at least {MIN_SPOTS} spots and a gene"
        )
    if not np.isfinite(matrix.data).all():
        raise DataError("SPARK-X got counts that are not finite; want non-negative integers")
    places = as_coordinates(coordinates)
    problem = coordinate_problem(places, spots)
    if problem:
        raise DataError(f"SPARK-X: {problem}")
    if (places == places[0]).all():
        raise DataError(f"SPARK-X: all {spots} spots have the same coordinates; want their places")
    return matrix, places, names
