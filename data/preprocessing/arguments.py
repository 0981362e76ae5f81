"""What the statistics of this folder take: counts as a matrix or an AnnData, and names of genes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.common.errors import DataError


def counts_and_names(
    who: str,
    counts: Any,
    genes: Sequence[str] | None,
    dtype: npt.DTypeLike | None = np.float64,
) -> tuple[sparse.csr_array, tuple[str, ...]]:
    """Return (cells, n) counts as floats, and n names: those of an AnnData, or positions.

    With None for `dtype` the numbers stay of the type they are.
    Another number of names than of genes raises DataError, in which `who` is what takes them.
    """
    if hasattr(counts, "var_names"):  # an AnnData, recognised without importing anndata
        counts, genes = counts.X, counts.var_names if genes is None else genes
    matrix = sparse.csr_array(counts, dtype=dtype)
    names = tuple(map(str, range(matrix.shape[1]) if genes is None else genes))
    if len(names) != matrix.shape[1]:
        raise DataError(f"{who} got {len(names)} names for {matrix.shape[1]} genes")
    return matrix, names
