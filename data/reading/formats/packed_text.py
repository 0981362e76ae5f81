"""Open text files, gzipped or not, that must not unfold into more than memory holds."""

import gzip
import io
from pathlib import Path

import psutil

from genearena.data.common.errors import DataError
from genearena.data.common.quantities import gibibytes

GZIP = b"\x1f\x8b"
SHARE = 4
"""Part of memory, one in so many, that a table may have as text; as numbers it has more."""
LONGEST_LINE = 2**28
"""Bytes of a line; a million cells in a row take a tenth of it."""


def is_gzipped(path: Path) -> bool:
    """Return whether a file begins as gzip does, whatever its name (bgzip is gzip)."""
    with path.open("rb") as file:
        return file.read(len(GZIP)) == GZIP


def open_packed(path: Path, *, whole: bool = False) -> io.BufferedReader:
    """Open a file, unpacked if it is gzipped.

    Parameters
    ----------
    path
        The file.
    whole
        Whether it is kept in memory rather than read piece by piece.

    Raises
    ------
    DataError
        While it is read: if it is `whole` and unpacks to more than a fourth of the machine's
        memory, or has a line beyond `LONGEST_LINE`.
    """
    packed = is_gzipped(path)
    file = gzip.GzipFile(path) if packed else path.open("rb")
    most = psutil.virtual_memory().total // SHARE if whole else None
    return io.BufferedReader(_Metered(file, most), io.DEFAULT_BUFFER_SIZE * 16)


def open_text(path: Path, *, whole: bool = False) -> io.TextIOWrapper:
    """Open a file as `open_packed` does, and decode it without a byte-order mark."""
    return io.TextIOWrapper(open_packed(path, whole=whole), encoding="utf-8-sig", newline="")


class _Metered(io.RawIOBase):
    """Pass bytes on as long as they are not too many, in all or in a line."""

    def __init__(self, file: gzip.GzipFile | io.BufferedReader, most: int | None) -> None:
        self._file = file
        self._most = most
        self._n_read = 0
        self._n_in_line = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        n = self._file.readinto(buffer)
        self._n_read += n
        last = bytes(buffer[:n]).rfind(b"\n")
        self._n_in_line = self._n_in_line + n if last < 0 else n - last - 1
        if self._n_in_line > LONGEST_LINE:
            raise DataError(f"it has a line of more than {gibibytes(LONGEST_LINE)}")
        if self._most is not None and self._n_read > self._most:
            raise DataError(f"it unpacks to more than {gibibytes(self._most)}, too much for here")
        return n

    def close(self) -> None:
        self._file.close()
        super().close()
