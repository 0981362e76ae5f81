"""Read text files line by line, gzipped or not, and name the file when that fails."""

import gzip
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, cast

from genearena.data.errors import DataError

GZIP = b"\x1f\x8b"


def is_gzipped(path: Path) -> bool:
    """Return whether a file begins as gzip does, whatever its name (bgzip is gzip)."""
    with path.open("rb") as file:
        return file.read(len(GZIP)) == GZIP


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text file without their ends, each with its number from 1.

    Raises
    ------
    DataError
        If the file does not exist, is no text, or its compression is damaged.
    """
    number = 0
    try:
        opener = partial(gzip.open, path, "rt") if is_gzipped(path) else path.open
        with cast("IO[str]", opener(encoding="utf-8")) as file:
            for number, line in enumerate(file, start=1):
                yield number, line.rstrip("\r\n")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise unreadable(path, error, number) from error


def unreadable(path: Path, error: Exception, number: int = 0) -> DataError:
    """Return the error of a file that cannot be read beyond line `number`."""
    if isinstance(error, FileNotFoundError):
        return DataError(f"'{path}' does not exist")
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
    where = f" after line {number}" if number else ""
    return DataError(
        f"'{path}' cannot be read{where} ({reason}); check that it is complete and a text file"
    )
