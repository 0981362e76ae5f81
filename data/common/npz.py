"""Read arrays from an npz file that anyone may have made: nothing in it is unpickled."""

import math
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from genearena.data.common.errors import DataError
from genearena.data.reading.declared_size import check_declared

KINDS = "biufUS"
"""Truth values, numbers and text: the arrays whose bytes are all there is to them."""


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
