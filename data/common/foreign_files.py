"""Read files that anyone may have made: no more of them than memory holds, nothing unpickled."""

import math
import zipfile
from collections.abc import Collection
from pathlib import Path
from stat import S_ISREG
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil

from genearena.data.common.errors import DataError
from genearena.data.common.quantities import gibibytes

MOST_BYTES = 2**27
"""Of a file that is read whole."""
RATIO = 1100
"""Times that deflate packs zeros at best (1032), rounded up."""
FLOOR = 2**28
"""Bytes that may be declared by any file: what is never written takes no place in HDF5."""
KINDS = "biufUS"
"""Truth values, numbers and text: the arrays whose bytes are all there is to them."""


def check_declared(n_bytes: int, stored: int) -> None:
    """Raise DataError unless `n_bytes` of data can be in a file and in the machine's memory.

    Headers tell how many bytes the data unpack to; the file has `stored` bytes.
    """
    if n_bytes > max(RATIO * stored, FLOOR):
        raise DataError(
            f"it declares {gibibytes(n_bytes)} of data in {gibibytes(stored)}; it is damaged, or "
            "made to exhaust memory"
        )
    memory = psutil.virtual_memory().total
    if n_bytes > memory:
        raise DataError(
            f"it holds {gibibytes(n_bytes)} unpacked, this machine has {gibibytes(memory)} of "
            "memory; take a larger one, or a part of the data"
        )


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


def read_npz(path: Path, names: Collection[str]) -> dict[str, npt.NDArray[Any]]:
    """Read those of the named arrays that an npz file has; all others are left unread.

    Raises
    ------
    DataError
        If an array is there twice, holds objects, or declares another size than it has, or all
        of them together are more than the file can hold.
    """
    with zipfile.ZipFile(path) as archive:
        entries = [e for e in archive.infolist() if e.filename.removesuffix(".npy") in names]
        check_declared(sum(entry.file_size for entry in entries), path.stat().st_size)
        found: dict[str, npt.NDArray[Any]] = {}
        for entry in entries:
            name = entry.filename.removesuffix(".npy")
            if name in found:
                raise DataError(f"it has two arrays '{name}'")
            _check_header(archive, entry, name)
            with archive.open(entry) as file:
                found[name] = np.lib.format.read_array(file, allow_pickle=False)
    return found


def _check_header(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
    # numpy allocates what a header declares before it reads what is there
    with archive.open(entry) as file:
        version = np.lib.format.read_magic(file)
        if version == (1, 0):
            shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        elif version == (2, 0):
            shape, _, dtype = np.lib.format.read_array_header_2_0(file)
        else:
            raise DataError(f"'{name}' is of npy version {version}, want 1.0 or 2.0")
        start = file.tell()
    if dtype.kind not in KINDS or not dtype.itemsize:
        raise DataError(f"'{name}' is of type {dtype}, want numbers or text (nothing is unpickled)")
    declared = math.prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or start + declared != entry.file_size:
        raise DataError(
            f"'{name}' declares {dtype} of shape {shape}, {declared} bytes, and has "
            f"{entry.file_size - start}"
        )
