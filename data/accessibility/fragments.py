"""Count the fragments of each cell that overlap each gene's region."""

import csv
import io
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from genearena.data.accessibility.counter import FragmentCounter
from genearena.data.accessibility.gtf import is_position
from genearena.data.accessibility.regions import GeneRegions, Positions
from genearena.data.common.errors import DataError
from genearena.data.notes import warn
from genearena.data.reading.formats.text import numbered_lines, open_packed, unreadable

SUFFIXES = (".tsv", ".bed", ".txt", ".tsv.gz", ".bed.gz", ".txt.gz")
SHOWN = 30
COLUMNS = ("chromosome", "start", "end", "barcode")
COMMENTS = re.compile(rb"^#[^\n]*\n?", re.MULTILINE)
"""Of one file, and in the midst of several that were written one after the other."""
PIECE = 2**20
"""Bytes looked through for comments at a time."""
CHUNK = 1_000_000
"""Fragments read at a time; a file of 200,000 barcodes takes about 0.3 GB in all."""


def is_fragments(path: Path) -> bool:
    """Return whether a file holds fragments, by its name or its first line."""
    if path.is_dir() or not path.exists() or not path.name.lower().endswith(SUFFIXES):
        return False
    if "fragments" in path.name.lower():
        return True
    first = next((line for _, line in numbered_lines(path) if not line.startswith("#")), "")
    return not _fault(first)


def count_fragments(
    path: Path,
    regions: GeneRegions,
    *,
    barcodes: tuple[str, ...] | None = None,
    min_fragments: int = 0,
    chunk: int = CHUNK,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[tuple[str, ...], Positions, sparse.csr_array]:
    """Count the fragments of each cell that overlap each gene by a base or more.

    A fragment counts once for every gene it overlaps, however many read pairs support it. Listed
    barcodes without any, and more than half of the fragments on chromosomes without genes, are
    warned of. Progress is told with a line about every chunk but the last, and one about the cells.

    Parameters
    ----------
    path
        Fragments as Cell Ranger writes them: chromosome, start, end and barcode in tab-separated
        columns, bases counted from 0, the end not included; possibly gzipped, in any order.
    regions
        Regions of the genes.
    barcodes, min_fragments
        The cells, None to take all barcodes, and the fragments, on any chromosome, below which a
        barcode is no cell.
    chunk
        Fragments read at a time.

    Returns
    -------
    The barcodes of the c cells, sorted unless `barcodes` orders them; their (c,) fragments; and
    the (c, genes) counts.

    Raises
    ------
    DataError
        If the file cannot be read, a line is damaged, no barcode is a cell, or no fragment
        overlaps a gene.
    """
    counter = FragmentCounter(regions, barcodes)
    for part in _chunks(path, chunk):
        if counter.n_read:
            progress(f"{path.name}: {counter.n_read / 1e6:.0f} million fragments read")
        counter.add(part)
    _check_read(path, counter)
    cells = _cells(path, counter, barcodes, min_fragments)
    progress(
        f"{path.name}: {len(cells)} of {len(counter.barcodes)} barcodes have "
        f"{max(min_fragments, 1)} fragments (--min-fragments) and are cells"
    )
    counts = counter.counts()[cells]
    if not counts.nnz:
        raise DataError(
            f"'{path}': no fragment of {len(cells)} cells overlaps a gene; is the GTF of the same "
            "assembly?"
        )
    return tuple(np.array(counter.barcodes, dtype=object)[cells]), counter.per_cell[cells], counts


def _check_read(path: Path, counter: FragmentCounter) -> None:
    if not counter.n_read:
        raise DataError(f"'{path}' holds no fragments")
    if counter.n_elsewhere == counter.n_read:
        raise counter.regions.shares_none(path, tuple(counter.chromosomes))
    if counter.n_elsewhere > counter.n_read / 2:
        share = 100 * counter.n_elsewhere / counter.n_read
        warn(f"'{path.name}': {share:.0f} % of fragments lie on chromosomes without genes")


def _cells(
    path: Path, counter: FragmentCounter, listed: tuple[str, ...] | None, min_fragments: int
) -> Positions:
    """Return the rows that are cells."""
    cells = np.flatnonzero(counter.per_cell >= max(min_fragments, 1))
    if listed is not None:
        _check_listed(path, counter, listed)
    else:
        cells = cells[np.argsort(np.array(counter.barcodes, dtype=object)[cells])]
    if not len(cells):
        raise DataError(
            f"'{path}': none of {len(counter.per_cell)} barcodes has {min_fragments} fragments, "
            f"the most is {counter.per_cell.max()}; lower --min-fragments"
        )
    return cells


def _check_listed(path: Path, counter: FragmentCounter, listed: tuple[str, ...]) -> None:
    missing = np.flatnonzero(counter.per_cell == 0)
    if len(missing) == len(listed):
        has = next(iter(next(_chunks(path, 1))["barcode"]))
        raise DataError(
            f"'{path}' has none of the {len(listed)} listed barcodes such as '{listed[0]}'; its "
            f"first is '{has}'"
        )
    if len(missing):
        warn(
            f"'{path.name}' has no fragment of {len(missing)} of {len(listed)} listed barcodes, "
            f"the first '{listed[missing[0]]}'"
        )


def _chunks(path: Path, size: int) -> Iterator[Any]:
    """Read fragments, chromosomes and barcodes as categories, bases as integers."""
    import pandas as pd

    if all(line.startswith("#") for _, line in numbered_lines(path)):
        return
    try:
        with (
            open_packed(path) as packed,
            io.BufferedReader(_Uncommented(packed)) as file,
            pd.read_csv(
                file,
                sep="\t",
                header=None,
                usecols=range(len(COLUMNS)),
                names=COLUMNS,
                dtype=dict(zip(COLUMNS, ("category", np.int64, np.int64, "category"), strict=True)),
                chunksize=size,
                quoting=csv.QUOTE_NONE,
                keep_default_na=False,
                low_memory=False,  # else categories are merged every few hundred thousand lines
                encoding="utf-8",
            ) as parts,
        ):
            for part in parts:
                if not _is_sound(part):
                    raise ValueError("a line is damaged")
                yield part
    except (OSError, EOFError, zlib.error, ValueError, OverflowError) as error:
        raise _first_fault(path) or unreadable(path, error) from error


class _Uncommented(io.RawIOBase):
    """Pass a file on without its lines that begin with ``#``."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file = file
        self._waiting = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        while not self._waiting:
            lines = self._file.read(PIECE) + self._file.readline()
            if not lines:
                return 0
            commented = lines.startswith(b"#") or b"\n#" in lines
            self._waiting = memoryview(COMMENTS.sub(b"", lines) if commented else lines)
        n = min(len(buffer), len(self._waiting))
        buffer[:n], self._waiting = self._waiting[:n], self._waiting[n:]
        return n


def _is_sound(part: Any) -> bool:
    starts, ends = part["start"].to_numpy(), part["end"].to_numpy()
    named = all("" not in part[name].cat.categories for name in ("chromosome", "barcode"))
    return named and bool(((starts >= 0) & (starts < ends)).all())


def _first_fault(path: Path) -> DataError | None:
    """Find the first line that is no fragment, which the fast reader does not number."""
    for number, line in numbered_lines(path):
        fault = "" if line.startswith("#") or not line else _fault(line)
        if fault:
            return DataError(f"'{path}', line {number}: {fault}")
    return None


def _fault(line: str) -> str:
    """Return why a line is no fragment, nothing if it is one."""
    columns = line.split("\t")
    if len(columns) < len(COLUMNS):
        return f"{len(columns)} columns, want chromosome, start, end and barcode"
    chromosome, start, end, barcode = columns[: len(COLUMNS)]
    if not (is_position(start) and is_position(end) and int(start) < int(end)):
        return f"fragment from '{start[:SHOWN]}' to '{end[:SHOWN]}', want 0 <= start < end"
    if not chromosome or not barcode:
        return "fragment without chromosome or barcode"
    return ""
