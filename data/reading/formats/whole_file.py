"""Read small files whole, unless they are not small."""

from pathlib import Path
from stat import S_ISREG

from genearena.data.common.errors import DataError
from genearena.data.common.quantities import gibibytes

MOST_BYTES = 2**27


def read_whole(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a plain file.

    A device or a pipe, which may have no end, or more than `most` bytes raise DataError, and what
    cannot be read OSError.
    """
    found = path.stat()
    if not S_ISREG(found.st_mode):
        raise DataError("it is no plain file")
    if found.st_size > most:
        raise DataError(f"it has {gibibytes(found.st_size)}, want at most {gibibytes(most)}")
    return path.read_bytes()
