"""Read counts from text: one row a cell, one column a gene, names in the first row and column."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from genearena.data.packed_text import is_gzipped, open_packed, open_text

if TYPE_CHECKING:
    import anndata


def read_delimited(
    path: Path, separator: str, *, text_columns: tuple[str, ...] = (), transpose: bool = False
) -> "anndata.AnnData":
    """Read a csv or tsv file, possibly gzipped.

    Parameters
    ----------
    path
        The file.
    separator
        What stands between two columns.
    text_columns
        Columns that describe cells, where the file has them; all others are genes.
    transpose
        Whether genes are in rows; such a file cannot describe cells.

    Raises
    ------
    ValueError
        If a column that should count a gene holds text, or the file is not gzipped and named so.
    """
    import anndata
    import pandas as pd

    if path.suffix == ".gz" and not is_gzipped(path):
        raise ValueError("it is not gzipped")
    with open_packed(path, whole=True) as text:
        body: Any = pd.read_csv(text, sep=separator, header=None, skiprows=1, low_memory=False)
    rows, body = body[0].astype(str).to_numpy(), body.drop(columns=0)
    columns = _header(path, separator, body.shape[1])
    described = [name for name in text_columns if name in columns]
    obs = pd.DataFrame(
        {name: body.iloc[:, columns.index(name)].to_numpy() for name in described}, index=rows
    )
    counting = [i for i, name in enumerate(columns) if name not in described]
    _check_numbers(body, columns, counting)
    counts = sparse.csr_matrix(body.iloc[:, counting].to_numpy(dtype=np.float64))
    names = np.array(columns, dtype=object)[counting]
    if transpose:
        counts, names, obs = counts.T.tocsr(), rows, pd.DataFrame(index=names)
    return anndata.AnnData(counts, obs=obs, var=pd.DataFrame(index=names))


def _header(path: Path, separator: str, n_columns: int) -> list[str]:
    """Return the names of the columns after the first; R writes no name for the first."""
    with open_text(path) as file:
        names = next(csv.reader(file, delimiter=separator))
    if len(names) not in (n_columns, n_columns + 1):
        raise ValueError(f"{len(names)} names over {n_columns + 1} columns")
    return names[-n_columns:] if n_columns else []


def _check_numbers(body: Any, columns: list[str], counting: list[int]) -> None:
    from pandas.api.types import is_numeric_dtype

    for i in counting:
        if not is_numeric_dtype(body.dtypes.iloc[i]):
            raise ValueError(
                f"column '{columns[i]}' holds text; want one row a cell and one column a gene "
                "(--transpose if genes are in rows, --donor-key if it names donors)"
            )
