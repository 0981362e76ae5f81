"""A table of gene vectors made elsewhere, of data sets or the same in all of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from genearena.data.common.errors import DataError
from genearena.data.graphs import FloatArray
from genearena.data.reading.formats.word2vec import MOST_DIMENSIONS


@dataclass(frozen=True, eq=False)
class GeneVectors:
    """One vector a row, in any order.

    Parameters
    ----------
    gene
        Names of the n rows.
    vectors
        (n, dim) finite float32.
    dataset
        Data sets of the rows; empty where vectors are the same in all of them.
    fingerprint
        Data the vectors were made from, empty if the file does not say.
    new_donor
        (n, dim) vectors of a second training without a donor, if there was one; that donor's are
        not looked at.

    Raises
    ------
    DataError
        If lengths differ or the vectors are not finite numbers of one usable width.
    """

    gene: tuple[str, ...]
    vectors: FloatArray
    dataset: tuple[str, ...] = ()
    fingerprint: str = ""
    new_donor: FloatArray | None = None

    def __post_init__(self) -> None:
        names, rows = len(self.dataset), len(self.gene)
        if names not in (0, rows):
            raise DataError(f"{names} data set names for {rows} genes, want one a row each")
        object.__setattr__(self, "vectors", _numbers(self.vectors, rows, "vectors"))
        if self.new_donor is not None:
            object.__setattr__(self, "new_donor", _numbers(self.new_donor, rows, "new_donor"))


def _numbers(values: npt.NDArray[Any], rows: int, what: str) -> FloatArray:
    array = np.asarray(values)
    if array.ndim != 2 or len(array) != rows or not rows:
        raise DataError(f"{what} have shape {array.shape}, want one row for each of {rows} genes")
    if not 1 <= array.shape[1] <= MOST_DIMENSIONS:
        raise DataError(f"{what} have {array.shape[1]} dimensions, want 1 to {MOST_DIMENSIONS}")
    if array.dtype.kind not in "fiu":
        raise DataError(f"{what} are of type {array.dtype}, want numbers (float32)")
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite, and is refused
        narrow = array.astype(np.float32)
    bad = np.flatnonzero(~np.isfinite(narrow).all(axis=1))
    if bad.size:
        raise DataError(f"{what} are not finite in row {bad[0] + 1} ({bad.size} such rows)")
    return narrow
