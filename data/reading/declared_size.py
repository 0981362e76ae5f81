"""Refuse files that declare to hold more than they can, before anything is allocated for it."""

import psutil

from genearena.data.common.errors import DataError
from genearena.data.common.quantities import gibibytes

RATIO = 1100
"""Times that deflate packs zeros at best (1032), rounded up."""
FLOOR = 2**28
"""Bytes that may be declared by any file: what is never written takes no place in HDF5."""


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
