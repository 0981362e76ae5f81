"""Read which barcodes of a fragment file are cells, and what is known about them."""

from pathlib import Path
from typing import Any

from genearena.data.accessibility.text import numbered_lines
from genearena.data.errors import DataError


def read_cells(path: Path) -> Any:
    """Read a list of barcodes, or a table whose first column holds them, as a data frame.

    Parameters
    ----------
    path
        One barcode a line, or a csv or tsv with names in its first line, such as a column that
        tells the donor of each cell; possibly gzipped.

    Raises
    ------
    DataError
        If the file cannot be read, a line has another number of columns than the first, there
        is no barcode, or one repeats.
    """
    import pandas as pd

    lines = [(number, line) for number, line in numbered_lines(path) if line.strip()]
    separator = "\t" if any("\t" in line for _, line in lines[:1]) else ","
    rows = [(number, line.split(separator)) for number, line in lines]
    header = ["barcode"]
    if rows and len(rows[0][1]) > 1:
        header, rows = rows[0][1], rows[1:]
    for number, row in rows:
        if len(row) != len(header):
            raise DataError(f"'{path}', line {number}: {len(row)} columns, want {len(header)}")
    cells = pd.DataFrame([row for _, row in rows], columns=header, dtype=object)
    cells = cells.apply(lambda column: column.str.strip().str.strip('"')).set_index(header[0])
    if cells.empty and not len(cells):
        raise DataError(f"'{path}' lists no barcode")
    if not cells.index.is_unique:
        twice = cells.index[cells.index.duplicated()][0]
        raise DataError(f"'{path}' lists barcode '{twice}' more than once")
    return cells
