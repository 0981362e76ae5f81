"""Refuse files that declare to hold more than they can, before anything is allocated for it."""

import psutil

from genearena.data.common.errors import DataError

RATIO = 1100
"""Times that deflate packs zeros at best (1032), rounded up."""
FLOOR = 2**28
"""Bytes that may be declared by any file: what is never written takes no place in HDF5."""


def check_declared(n_bytes: int, stored: int) -> None:
    """Raise DataError unless `n_bytes` of data can be in a file and in the machine's memory.

    Parameters
    ----------
    n_bytes
        Bytes of the unpacked data, as the headers tell.
    stored
        Bytes of the file.
    """
    if n_bytes > max(RATIO * stored, FLOOR):
        raise DataError(
            f"it declares {in_words(n_bytes)} of data in {in_words(stored)}; it is damaged, or "
            "made to exhaust memory"
        )
    memory = psutil.virtual_memory().total
    if n_bytes > memory:
        raise DataError(
            f"it holds {in_words(n_bytes)} unpacked, this machine has {in_words(memory)} of "
            "memory; take a larger one, or a part of the data"
        )


def in_words(n_bytes: int) -> str:
    """Return a number of bytes as people say it, ``3.2 GiB``."""
    size, unit = float(n_bytes), "bytes"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.3g} {unit}"
