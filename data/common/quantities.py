"""Write quantities as people read them."""

from collections.abc import Sequence


def gigabytes(size: float) -> str:
    """Write a number of bytes with three digits: ``812 MB``, ``4.31 GB``."""
    return _in_units(size, 1000, ("kB", "MB", "GB", "TB"))


def gibibytes(size: float) -> str:
    """Write a number of bytes of which a power of two is the limit: ``128 MiB``, ``3.2 GiB``."""
    return _in_units(size, 1024, ("KiB", "MiB", "GiB", "TiB"))


def _in_units(size: float, step: int, units: Sequence[str]) -> str:
    unit = ""
    for larger in units:
        if size < step:
            break
        size, unit = size / step, larger
    return f"{size:.3g} {unit}" if unit else f"{size:.0f} bytes"


def clock(seconds: float | None) -> str:
    """Write a duration to the second: ``42 s``, ``3 min 05 s``, ``2 h 10 min``; ``…`` for None."""
    if seconds is None:
        return "…"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def short_duration(seconds: float) -> str:
    """Write a duration in the one unit that suits it: ``<0.1 s``, ``3.0 s``, ``2.1 min``."""
    if seconds < 0.05:
        return "<0.1 s"
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def short_size(size: float) -> str:
    """Write a number of bytes as a column of a table has it: ``8 MB``, ``2.5 GB``."""
    return f"{size / 1e6:.0f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"
