"""Make sure that a matrix holds raw counts."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.errors import DataError
from genearena.data.quality import BoolArray

if TYPE_CHECKING:
    import anndata


def checked_counts(
    path: Path, table: "anndata.AnnData", matrix: Any, genes: tuple[str, ...]
) -> sparse.csr_array:
    """Return the counts of a matrix as int32 without stored zeros.

    Parameters
    ----------
    path, table
        File and what was read of it, for messages.
    matrix
        (cells, genes) values.
    genes
        Names of its columns.

    Raises
    ------
    DataError
        If there are no values, or some are not non-negative integers, or all are zero.
    """
    if matrix is None or 0 in matrix.shape:
        shape = "no matrix" if matrix is None else f"{matrix.shape[0]} cells x {len(genes)} genes"
        raise DataError(f"'{path}' holds {shape}; want counts of cells x genes")
    if not _is_numeric(matrix):
        raise DataError(f"'{path}' holds no numbers where the counts should be")
    counts = sparse.csr_array(matrix)
    wrong = np.flatnonzero(~_is_count(counts.data))
    if len(wrong):
        first = int(wrong[0])
        cell = table.obs_names[int(np.searchsorted(counts.indptr, first, side="right")) - 1]
        raise DataError(
            f"'{path}': cell '{cell}', gene '{genes[counts.indices[first]]}' has the value "
            f"{counts.data[first]:g}, want non-negative integers; {_elsewhere(table)}"
        )
    if not counts.data.any():
        raise DataError(f"'{path}': all counts are zero; check what the file was exported from")
    if counts.data.max() > np.iinfo(np.int32).max:
        raise DataError(f"'{path}': a count of {counts.data.max():g} is beyond any real one")
    counts = counts.astype(np.int32)
    counts.eliminate_zeros()
    return counts


def _is_count(values: npt.NDArray[Any]) -> BoolArray:
    with np.errstate(invalid="ignore"):
        return np.asarray((values >= 0) & (values == np.floor(values)) & np.isfinite(values))


def _holds_counts(matrix: Any) -> bool:
    return _is_numeric(matrix) and bool(_is_count(sparse.csr_array(matrix).data).all())


def _is_numeric(matrix: Any) -> bool:
    return getattr(matrix, "dtype", np.dtype(object)).kind in "biuf"


def _elsewhere(table: "anndata.AnnData") -> str:
    """Say where in the file integers are."""
    places = [(name, table.layers[name]) for name in table.layers]
    places += [("raw", table.raw.X)] if table.raw is not None else []
    good = [name for name, matrix in places if _holds_counts(matrix)]
    if good:
        return f"these hold some: {', '.join(f'--layer {name}' for name in good)}"
    return "nothing else in the file holds counts; export the raw counts, before normalisation"
