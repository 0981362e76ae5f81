"""Read a folder of the Gene Embedding Hub: vectors, their genes, and what is known of them."""

import json
from pathlib import Path
from typing import Any

import numpy.typing as npt

from genearena.data.common.errors import DataError
from genearena.data.common.foreign_files import read_npz, read_whole
from genearena.data.reading.formats.text import TAB, letters_of, numbered_lines, split_line
from genearena.data.reading.name_tables import SYMBOLS

VECTORS, GENES, ABOUT = "embeddings.npz", "genes.tsv", "metadata.json"
HUB = (VECTORS, GENES, ABOUT)
"""The files of a folder."""
ARRAY = "embeddings"


def read_hub(folder: Path) -> tuple[tuple[str, ...], npt.NDArray[Any]]:
    """Return genes and the array of their vectors, one row each.

    ``genes.tsv`` has a line for every row, in order, below a heading or not; of several columns the
    one headed as symbols are taken, else the first. ``metadata.json`` must be readable, and changes
    nothing.

    Raises
    ------
    DataError
        If a file is missing, or the rows are not as many as the genes.
    """
    missing = [name for name in HUB if not (folder / name).is_file()]
    if missing:
        raise DataError(f"it has no file '{missing[0]}'; want {', '.join(HUB)}")
    about = json.loads(read_whole(folder / ABOUT))
    if not isinstance(about, dict):
        raise DataError(f"{ABOUT} holds a {type(about).__name__}, want an object")
    arrays = read_npz(folder / VECTORS, (ARRAY,))
    if ARRAY not in arrays or arrays[ARRAY].ndim != 2:
        raise DataError(f"{VECTORS} has no '{ARRAY}' of shape (genes, dim)")
    rows = [split_line(line, TAB) for _, line in numbered_lines(folder / GENES)]
    n = len(arrays[ARRAY])
    if len(rows) not in (n, n + 1):
        raise DataError(f"{GENES} has {len(rows)} lines, want one for each of {n} rows")
    heading = rows.pop(0) if len(rows) > n else []
    symbols = (i for i, name in enumerate(heading) if letters_of(name) in SYMBOLS)
    place = next(symbols, 0)
    return tuple(row[place] if place < len(row) else "" for row in rows), arrays[ARRAY]
