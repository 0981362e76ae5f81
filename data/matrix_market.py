"""Check what a Matrix Market file declares against the names beside it, before it is read."""

import zlib
from pathlib import Path

from genearena.data.declared_size import check_declared
from genearena.data.errors import DataError
from genearena.data.packed_text import open_text

BANNER = ("%%matrixmarket", "matrix", "coordinate")
FIELDS = ("integer", "real", "unsigned-integer")
ENTRY_BYTES = 16
"""Two indices and a value in memory."""


def check_market(matrix: Path, rows: Path, columns: Path) -> None:
    """Refuse a sparse matrix whose header declares another size than its neighbours have.

    Parameters
    ----------
    matrix
        A Matrix Market file of coordinates, possibly gzipped.
    rows, columns
        Texts with a line for every row and column.

    Raises
    ------
    DataError
        If the header is damaged, the lines are not as many as it declares, or it declares more
        entries than the file can hold.
    """
    n_rows, n_columns, n_entries = _declared(matrix)
    for names, n in ((rows, n_rows), (columns, n_columns)):
        found = _n_lines(names)
        if found != n:
            raise DataError(f"{names.name} has {found} lines, {matrix.name} declares {n}")
    if n_entries > n_rows * n_columns:
        raise DataError(f"{matrix.name} declares {n_entries} entries of {n_rows} x {n_columns}")
    check_declared(n_entries * ENTRY_BYTES, matrix.stat().st_size)


def _declared(matrix: Path) -> tuple[int, int, int]:
    with open_text(matrix) as file:
        banner = tuple(file.readline().lower().split())
        line = file.readline()
        while line.startswith("%") or (line and not line.strip()):
            line = file.readline()
    if banner[:3] != BANNER or banner[3:] not in {(field, "general") for field in FIELDS}:
        raise DataError(f"{matrix.name} begins with no banner of a general matrix of counts")
    numbers = line.split()
    if len(numbers) != 3 or not all(n.isdecimal() and len(n) < 19 for n in numbers):
        raise DataError(f"{matrix.name} declares no rows, columns and entries")
    n_rows, n_columns, n_entries = map(int, numbers)
    return n_rows, n_columns, n_entries


def _n_lines(names: Path) -> int:
    try:
        with open_text(names, whole=True) as file:
            return sum(1 for line in file if line.strip())
    except zlib.error as error:
        raise DataError(f"{names.name} is damaged") from error
