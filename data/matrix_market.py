"""Check what a Matrix Market file declares, before it is read."""

from pathlib import Path

from genearena.data.declared_size import check_declared
from genearena.data.errors import DataError
from genearena.data.packed_text import open_text

BANNER = ("%%matrixmarket", "matrix", "coordinate")
FIELDS = ("integer", "real", "unsigned-integer", "pattern")
ENTRY_BYTES = 16
"""Two indices and a value in memory."""


def declared_shape(matrix: Path) -> tuple[int, int]:
    """Return how many rows and columns a sparse matrix declares.

    Parameters
    ----------
    matrix
        A Matrix Market file of coordinates, possibly gzipped.

    Raises
    ------
    DataError
        If the header is damaged, or declares more entries than the file can hold.
    """
    n_rows, n_columns, n_entries = _declared(matrix)
    if n_entries > n_rows * n_columns:
        raise DataError(f"{matrix.name} declares {n_entries} entries of {n_rows} x {n_columns}")
    check_declared(n_entries * ENTRY_BYTES, matrix.stat().st_size)
    return n_rows, n_columns


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
