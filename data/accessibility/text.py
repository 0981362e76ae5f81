"""Read text files line by line, gzipped or not, and name the file when that fails."""

import zlib
from collections.abc import Iterator
from pathlib import Path

from genearena.data.common.errors import DataError
from genearena.data.common.one_line import first_line
from genearena.data.reading.formats.packed_text import open_text

MOST_DIGITS = 18


def is_position(text: str) -> bool:
    """Return whether a text is a whole number that an int64 holds, with room for a promoter."""
    return text.isdecimal() and len(text) <= MOST_DIGITS


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text file without their ends, each with its number from 1.

    Raises
    ------
    DataError
        If the file does not exist, is no text, has an endless line, or its compression is damaged.
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
