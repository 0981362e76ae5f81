"""What this process uses of the machine during one stretch of work: time and memory."""

import os
import resource
import time
from contextlib import suppress

import psutil

from genearena.benchmark.records.record import Cost
from genearena.benchmark.run.evaluation.memory import peak_bytes, reset_peak, resident_bytes


class Usage:
    """A stretch of work that begins now."""

    def __init__(self) -> None:
        reset_peak()
        self._base = resident_bytes()
        self._cpu = cpu_seconds()
        self._wall = time.perf_counter()

    def charge(self, cost: Cost) -> Cost:
        """Return `cost` with what the stretch used: memory and CPU time."""
        return cost.model_copy(
            update={
                "cpu_seconds": cpu_seconds() - self._cpu,
                "peak_rss_bytes": peak_bytes(),
                "base_rss_bytes": self._base,
            }
        )

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
