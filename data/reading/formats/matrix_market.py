"""Read sparse matrices of Matrix Market, whose text anyone may have made.

scipy's reader is not used, since some damaged files crash it.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from genearena.data.common.errors import DataError
from genearena.data.common.foreign_files import check_declared
from genearena.data.reading.formats.text import open_packed

if TYPE_CHECKING:
    from scipy import sparse

BANNER = ("%%matrixmarket", "matrix", "coordinate")
PATTERN = "pattern"
FIELDS = {"integer": np.int64, "unsigned-integer": np.int64, "real": np.float64, PATTERN: None}
"""What kinds of values are called, and the types they are read as."""
ENTRY_BYTES = 16
"""Two indices and a value in memory."""
CHUNK = 10_000_000
"""Entries read at a time."""


class Header(NamedTuple):
    """What a matrix declares: the kind of its values and its size."""

    field: str
    n_rows: int
    n_columns: int
    n_entries: int


def declared_shape(matrix: Path) -> tuple[int, int]:
    """Return how many rows and columns a Matrix Market file of coordinates declares.

    A header that is damaged, or declares more entries than the file can hold, raises DataError.
    """
    with open_packed(matrix) as file:
        _, n_rows, n_columns, n_entries = _header(matrix, file)
    if n_entries > n_rows * n_columns:
        raise DataError(f"{matrix.name} declares {n_entries} entries of {n_rows} x {n_columns}")
    check_declared(n_entries * ENTRY_BYTES, matrix.stat().st_size)
    return n_rows, n_columns


def read_market(matrix: Path) -> "sparse.coo_matrix":
    """Return a sparse matrix whose `declared_shape` was found right.

    An entry that is damaged or lies outside, or another number of them, raises ValueError.
    """
    from scipy import sparse

    with open_packed(matrix) as file:
        header = _header(matrix, file)
        parts = list(_parts(matrix, file, header)) if header.n_entries else []
    n_read = sum(len(part[0]) for part in parts)
    if n_read != header.n_entries:
        raise ValueError(f"{matrix.name} has {n_read} entries, declares {header.n_entries}")
    none = (np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64))
    rows, columns, values = (np.concatenate(side) for side in zip(*(parts or [none]), strict=True))
    return sparse.coo_matrix((values, (rows, columns)), (header.n_rows, header.n_columns))


def _parts(matrix: Path, file: io.BufferedReader, header: Header) -> Iterator[tuple[Any, Any, Any]]:
    """Yield rows and columns, counted from 0, and values."""
    import pandas as pd

    kind = FIELDS[header.field]
    types = (np.int64, np.int64, *(() if kind is None else (kind,)))
    narrow = np.int32 if max(header.n_rows, header.n_columns) < 2**31 else np.int64
    with pd.read_csv(
        file,
        sep=r"\s+",
        header=None,
        dtype=dict(enumerate(types)),
        quoting=csv.QUOTE_NONE,
        chunksize=CHUNK,
        encoding="utf-8",
    ) as chunks:
        for chunk in chunks:
            if chunk.shape[1] != len(types):
                raise ValueError(f"{matrix.name} has {chunk.shape[1]} columns, want {len(types)}")
            rows, columns = (chunk[side].to_numpy() - 1 for side in (0, 1))
            for side, n in ((rows, header.n_rows), (columns, header.n_columns)):
                if side.min() < 0 or side.max() >= n:
                    raise ValueError(f"{matrix.name} has entries outside its declared size")
            values = np.ones(len(chunk), np.int64) if kind is None else chunk[2].to_numpy()
            yield rows.astype(narrow), columns.astype(narrow), values


def _header(matrix: Path, file: io.BufferedReader) -> Header:
    """Read up to the first entry."""
    banner = tuple(file.readline().decode("utf-8-sig").lower().split())
    line = file.readline()
    while line.startswith(b"%") or (line and not line.strip()):
        line = file.readline()
    if banner[:3] != BANNER or banner[3:] not in {(field, "general") for field in FIELDS}:
        raise DataError(f"{matrix.name} begins with no banner of a general matrix of counts")
    numbers = line.decode().split()
    if len(numbers) != 3 or not all(n.isdecimal() and len(n) < 19 for n in numbers):
        raise DataError(f"{matrix.name} declares no rows, columns and entries")
    n_rows, n_columns, n_entries = map(int, numbers)
    return Header(banner[3], n_rows, n_columns, n_entries)
