"""Text that anyone may have written, gzipped or not: open it, read its lines, split its tables.

What is read must not unfold into more than memory holds.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from math import isfinite
from pathlib import Path

import psutil

from genearena.data.common.errors import DataError
from genearena.data.common.one_line import first_line
from genearena.data.common.quantities import gibibytes

GZIP = b"\x1f\x8b"
SHARE = 4
"""Part of memory, one in so many, that a table may have as text; as numbers it has more."""
LONGEST_LINE = 2**28
"""Bytes of a line; a million cells in a row take a tenth of it."""

TAB, BLANKS = "\t", " "
SEPARATORS = (TAB, ",", ";")


def is_gzipped(path: Path) -> bool:
    """Return whether a file begins as gzip does, whatever its name (bgzip is gzip)."""
    with path.open("rb") as file:
        return file.read(len(GZIP)) == GZIP


def open_packed(path: Path, *, whole: bool = False) -> io.BufferedReader:
    """Open a file, unpacked if it is gzipped, to be kept in memory `whole` or read in pieces.

    Reading it raises DataError if it is `whole` and unpacks to more than a fourth of the machine's
    memory, or has a line beyond `LONGEST_LINE`.
    """
    packed = is_gzipped(path)
    file = gzip.GzipFile(path) if packed else path.open("rb")
    most = psutil.virtual_memory().total // SHARE if whole else None
    return io.BufferedReader(_Metered(file, most), io.DEFAULT_BUFFER_SIZE * 16)


def open_text(path: Path, *, whole: bool = False) -> io.TextIOWrapper:
    """Open a file as `open_packed` does, and decode it without a byte-order mark."""
    return io.TextIOWrapper(open_packed(path, whole=whole), encoding="utf-8-sig", newline="")


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text file without their ends, each with its number from 1.

    Raises DataError if the file does not exist, is no text, has an endless line, or its
    compression is damaged.
    """
    number = 0
    try:
        with open_text(path) as file:
            for number, line in enumerate(file, start=1):
                yield number, line.rstrip("\r\n")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, DataError) as error:
        raise unreadable(path, error, number) from error


def unreadable(path: Path, error: Exception, number: int = 0) -> DataError:
    """Return the error of a file that cannot be read beyond line `number`."""
    if isinstance(error, FileNotFoundError):
        return DataError(f"'{path}' does not exist")
    where = f" after line {number}" if number else ""
    return DataError(
        f"'{path}' cannot be read{where} ({first_line(error)}); check that it is complete and a "
        "text file"
    )


def separator_of(first: str, second: str, preferred: str = TAB) -> str:
    """Return what separates the columns of a table, by its line of names and the one after it.

    R writes no name over the column of row names. Of several that do, or none, the `preferred`.
    """
    widths = {
        separator: len(split_line(first, separator))
        for separator in dict.fromkeys((preferred, *SEPARATORS))
        if _fits(first, second, separator)
    }
    if widths:
        return max(widths, key=lambda separator: widths[separator])
    return BLANKS if _fits(first, second, BLANKS) else preferred


def split_line(line: str, separator: str) -> list[str]:
    """Return the fields of a line; any number of blanks in a row separates as one.

    Between tabs, a quotation mark is one only around a whole field: names of genes have single
    ones (5", 3'), which must not swallow what follows.
    A field longer than any real one raises ValueError.
    """
    if separator == TAB:
        return [unquoted(field) for field in line.split(TAB)]
    blanks = separator == BLANKS
    text = line.strip(BLANKS) if blanks else line
    try:
        return next(csv.reader([text], delimiter=separator, skipinitialspace=blanks), [])
    except csv.Error as error:
        raise ValueError(str(error)) from error


def unquoted(field: str) -> str:
    """Return a field without the quotation marks around it."""
    return field[1:-1] if len(field) > 1 and field[0] == field[-1] == '"' else field


def is_number(text: str) -> bool:
    """Return whether a field holds a finite number, as counts are written."""
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def letters_of(header: str) -> str:
    """Return the letters of a header alone, in lower case, which is how headers are compared."""
    return "".join(filter(str.isalpha, header)).casefold()


def _fits(first: str, second: str, separator: str) -> bool:
    names, values = (len(split_line(line, separator)) for line in (first, second))
    return values > 1 and names in (values, values - 1)


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
