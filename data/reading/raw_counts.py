"""Make sure that a matrix holds raw counts."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.notes import note, warn
from genearena.data.quality.filtering import BoolArray

if TYPE_CHECKING:
    import anndata

EXACT_HALF = 2048
"""Integers up to which float16 holds every one."""
SAMPLED = 200
"""Cells looked at to tell how their values came about."""
NEAR, MOST = 0.1, 0.6
"""Distance from an integer that may be rounding, and the share of so near values that is none by
chance, which gives a fifth; float16 rounds some values of normalised cells further."""


def checked_counts(
    path: Path,
    table: "anndata.AnnData",
    matrix: Any,
    genes: tuple[str, ...],
    *,
    layer: str | None = None,
    rounded: bool = False,
) -> sparse.csr_array:
    """Return the counts of a (cells, genes) matrix as int32 without stored zeros.

    How many values were rounded is noted; that float16 may have rounded some is warned of. The
    file, what was read of it and the names of its genes are for messages, and so is the `layer` of
    the table that the matrix is, None for the main one.

    Raises
    ------
    DataError
        If there are no values, or some are not non-negative integers, or all are zero, or they were
        normalised and would be `rounded`, as fractional counts of salmon, CellBender or SoupX are.
    """
    if matrix is None or 0 in matrix.shape:
        shape = "no matrix" if matrix is None else f"{matrix.shape[0]} cells x {len(genes)} genes"
        raise DataError(
            f"'{path}' holds {shape}, want counts of cells x genes; {_elsewhere(table, layer)}"
        )
    if not _is_numeric(matrix):
        raise DataError(f"'{path}' holds no numbers where the counts should be")
    counts = _as_sparse(matrix)
    if rounded:
        counts = _rounded(path, counts)
    wrong = np.flatnonzero(~_is_count(counts.data))
    if len(wrong):
        first = int(wrong[0])
        cell = table.obs_names[int(np.searchsorted(counts.indptr, first, side="right")) - 1]
        raise DataError(
            f"'{path}': cell '{cell}', gene '{genes[counts.indices[first]]}' has the value "
            f"{counts.data[first]:g}, want non-negative integers; {_remedy(table, counts, layer)}"
        )
    if not counts.data.any():
        raise DataError(f"'{path}': all counts are zero; {_elsewhere(table, layer)}")
    most = counts.data.max()
    if most > np.iinfo(np.int32).max:
        raise DataError(f"'{path}': a count of {most:g} is beyond any real one")
    if matrix.dtype == np.float16 and most > EXACT_HALF:
        warn(f"'{path.name}': counts above {EXACT_HALF} are not exact, as float16 rounds them")
    counts = counts.astype(np.int32)
    counts.eliminate_zeros()
    return counts


def warn_of_detection(path: Path, counts: sparse.csr_array) -> None:
    """Warn if counts may say only whether a gene was detected."""
    if counts.data.max(initial=0) == 1:
        warn(
            f"'{path.name}': no count is above 1; if these say only whether a gene was detected, "
            "add the counts they were made from"
        )


def _as_sparse(matrix: Any) -> sparse.csr_array:
    if matrix.dtype == np.float16:  # which scipy does not take
        matrix = matrix.astype(np.float32)
    return sparse.csr_array(matrix)


def _rounded(path: Path, counts: sparse.csr_array) -> sparse.csr_array:
    """Return the nearest integers of fractional counts, of halves the even one."""
    if _is_normalised(counts):
        raise DataError(
            f"'{path}' holds counts that were scaled cell by cell, which --round does not bring "
            "back; export the raw counts, before normalisation"
        )
    fractional = int(np.sum(~_is_whole(counts.data)))
    if fractional:
        counts = sparse.csr_array(
            (np.rint(counts.data), counts.indices, counts.indptr), counts.shape
        )
        note(f"{fractional} of {counts.nnz} counts had fractions and were rounded (--round)")
    return counts


def _is_normalised(counts: sparse.csr_array) -> bool:
    """Return whether most cells hold a multiple of integers or the logarithm of one.

    In such a cell the smallest value stands for one read, and all others are multiples of it.
    """
    rows = np.unique(np.linspace(0, counts.shape[0] - 1, SAMPLED).astype(int))
    cells = [counts.data[counts.indptr[row] : counts.indptr[row + 1]] for row in rows]
    cells = [cell[cell > 0].astype(np.float64) for cell in cells]
    scaled = [_is_scaled(cell) for cell in cells if len(cell)]
    return bool(scaled) and float(np.mean(scaled)) > 0.5


def _is_scaled(cell: npt.NDArray[np.float64]) -> bool:
    if np.mean(_is_whole(cell)) > 0.5:
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        multiples = [values / values.min() for values in (cell, np.expm1(cell), np.exp2(cell) - 1)]
        return any(np.mean(np.abs(m - np.rint(m)) <= NEAR) > MOST for m in multiples)


def _is_whole(values: npt.NDArray[Any]) -> BoolArray:
    with np.errstate(invalid="ignore"):
        return np.asarray(values == np.floor(values))


def _is_count(values: npt.NDArray[Any]) -> BoolArray:
    with np.errstate(invalid="ignore"):
        return np.asarray((values >= 0) & _is_whole(values) & np.isfinite(values))


def _holds_counts(matrix: Any) -> bool:
    if not _is_numeric(matrix):
        return False
    values = _as_sparse(matrix).data
    return bool(values.any() and _is_count(values).all())


def _is_numeric(matrix: Any) -> bool:
    return getattr(matrix, "dtype", np.dtype(object)).kind in "biuf"


def _remedy(table: "anndata.AnnData", counts: sparse.csr_array, layer: str | None) -> str:
    """Say where integers are, or that these values may be rounded."""
    values = counts.data
    plausible = bool(np.isfinite(values).all() and (values >= 0).all())
    if _places(table, layer):
        return _elsewhere(table, layer)
    if not plausible or _is_normalised(counts):
        return f"{_elsewhere(table, layer)}, before normalisation"
    share = 100 * float(np.mean(~_is_whole(values)))
    return (
        f"{share:.0f} % of values have fractions: --round rounds them if they are counts (of "
        "salmon or CellBender), not if they were normalised"
    )


def _elsewhere(table: "anndata.AnnData", layer: str | None) -> str:
    """Say where in the file integers are."""
    places = _places(table, layer)
    if places:
        return f"these hold some: {', '.join(places)}"
    return "nothing else in the file holds counts; export the raw counts"


def _places(table: "anndata.AnnData", layer: str | None) -> list[str]:
    """Return the options that read counts, other than those of the layer that was read."""
    places = [(f"--layer {name}", name, table.layers[name]) for name in table.layers]
    places += [("--layer raw", "raw", table.raw.X)] if table.raw is not None else []
    places += [("no --layer", None, table.X)]
    return [option for option, name, matrix in places if name != layer and _holds_counts(matrix)]
