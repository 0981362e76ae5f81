"""The peak memory of one stretch of work, not of a process's whole life."""

import ctypes
import resource
import sys
from contextlib import suppress
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


def reset_peak() -> None:
    """Start a new stretch; where the system cannot, peaks stay those of the process's life.

    Memory that was freed before goes back to the system first: glibc keeps much of it, and a small
    stretch after a large one would seem to need as much.
    """
    _trim()
    with suppress(OSError):
        _CLEAR.write_text("5")


def resident_bytes() -> int | None:
    """Return the resident set of this process in bytes, None where the system does not tell."""
    return _status("VmRSS:")


def peak_bytes() -> int:
    """Return the largest resident set since the last `reset_peak`, in bytes."""
    peak = _status("VmHWM:")
    if peak is not None:
        return peak
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _trim() -> None:
    with suppress(AttributeError, OSError):  # other C libraries have no such call
        ctypes.CDLL(None).malloc_trim(0)


def _status(name: str) -> int | None:
    with suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return None
