"""What this process uses of the machine and its GPU during one stretch of work."""

import ctypes
import os
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from genearena.benchmark.records.record import Cost
from genearena.data.common.full_disk import with_causes
from genearena.data.common.one_line import said

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


class Usage:
    """A stretch of work that begins now."""

    def __init__(self) -> None:
        reset_gpu_peak()
        reset_peak()
        self._base = resident_bytes()
        self._cpu = cpu_seconds()
        self._wall = time.perf_counter()

    def charge(self, cost: Cost) -> Cost:
        """Return `cost` with the CPU time and the memory that the stretch used."""
        used = {
            "cpu_seconds": cpu_seconds() - self._cpu,
            "peak_rss_bytes": peak_bytes(),
            "base_rss_bytes": self._base,
            "peak_gpu_bytes": gpu_peak_bytes(),
        }
        return cost.model_copy(update=used)

    def broken_off(self) -> Cost:
        """Return the cost of a job that failed just now."""
        return self.charge(Cost(fit_seconds=time.perf_counter() - self._wall))


def cpu_seconds() -> float:
    """Return the user and system time of this process and its children so far."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    total = sum(usage.ru_utime + usage.ru_stime for usage in spent)
    # finding living children reads every process of the machine
    return total + (_living_children_seconds() if has_children() else 0.0)


def has_children() -> bool:
    """Tell whether this process has children, running or not yet waited for."""
    if not hasattr(os, "waitid"):  # macOS before Python 3.13
        return bool(psutil.Process().children())
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _living_children_seconds() -> float:
    total = 0.0
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            times = child.cpu_times()
            total += times.user + times.system
    return total


def reset_peak() -> None:
    """Start a new stretch; where the system cannot, peaks stay those of the process's life.

    Memory that was freed before goes back to the system first: glibc keeps much of it, and a small
    stretch after a large one would seem to need as much.
    """
    with suppress(AttributeError, OSError):  # other C libraries have no such call
        ctypes.CDLL(None).malloc_trim(0)
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


def _status(name: str) -> int | None:
    with suppress(OSError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return None


def prepare_gpu() -> None:
    """Have this process only use operations on the GPU whose bits repeat."""
    # cuBLAS reads this when it starts; without it matrix products may differ between runs
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    import torch

    torch.use_deterministic_algorithms(True, warn_only=True)


def reset_gpu_peak() -> None:
    """Start a new stretch of work, giving back memory that nothing uses."""
    cuda = _cuda()
    if cuda is not None:
        cuda.empty_cache()
        cuda.reset_peak_memory_stats()


def gpu_peak_bytes() -> int | None:
    """Return the most GPU memory tensors took since `reset_gpu_peak`; None without a GPU."""
    cuda = _cuda()
    return None if cuda is None else int(cuda.max_memory_allocated())


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error says that the machine or its GPU ran out of memory."""
    # torch's CPU allocator has no class of its own, and a full GPU may break off a recording
    # with an error that only mentions the first in its context
    return any(
        isinstance(each, MemoryError)
        or type(each).__name__ == "OutOfMemoryError"
        or "can't allocate memory" in said(each)
        for each in with_causes(error)
    )


def gpu_broken() -> bool:
    """Tell whether an error has made the GPU unusable for the rest of this process's life."""
    cuda = _cuda()
    if cuda is None:
        return False
    try:
        cuda.synchronize()
    except RuntimeError:
        return True
    return False


def _cuda() -> Any:
    """Return torch.cuda if this process has used it; never the first to import torch."""
    torch = sys.modules.get("torch")
    return torch.cuda if torch is not None and torch.cuda.is_initialized() else None
