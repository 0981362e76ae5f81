"""A process and its descendants: what they hold, what they have used, and their end."""

import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil

SECONDS_BETWEEN_SCANS = 0.25
# looking for descendants reads every process of the machine; it may take 2 % of the time
_SCAN_SHARE = 0.02


class ProcessTree:
    """A worker process and whatever it has started.

    Parameters
    ----------
    pid
        The process, leader of a process group.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._descendants: list[psutil.Process] = []
        self._next_scan = 0.0
        self._root: psutil.Process | None = None
        with suppress(psutil.Error):
            self._root = psutil.Process(pid)

    def memory_bytes(self) -> int:
        """Return the resident memory of the tree; pages that several share count once."""
        self._scan()
        alone = _resident(self._processes())
        # forked children share nearly all of their pages with the parent: the sum would count
        # the same memory many times
        return alone if not self._descendants else sum(map(_proportional, self._processes()))

    def cpu_seconds(self) -> float:
        """Return the processor time of the tree since its processes began."""
        total = 0.0
        for process in self._processes():
            with suppress(psutil.Error):
                times = process.cpu_times()
                total += times.user + times.system
                total += getattr(times, "children_user", 0.0)
                total += getattr(times, "children_system", 0.0)
        return total

    def kill(self) -> None:
        """Kill the process group, and descendants that left it."""
        self._scan(now=True)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)
        for process in self._descendants:
            with suppress(psutil.Error):
                process.kill()

    def _processes(self) -> list[psutil.Process]:
        return ([] if self._root is None else [self._root]) + self._descendants

    def _scan(self, *, now: bool = False) -> None:
        start = time.monotonic()
        if self._root is None or (start < self._next_scan and not now):
            return
        found: list[psutil.Process] = []
        with suppress(psutil.Error):
            found = self._root.children(recursive=True)
        # those seen before may have lost their parent, and with it their place in the tree
        orphans = [p for p in self._descendants if p not in found and p.is_running()]
        self._descendants = found + orphans
        took = time.monotonic() - start
        self._next_scan = start + max(SECONDS_BETWEEN_SCANS, took / _SCAN_SHARE)


def _resident(processes: Iterable[psutil.Process]) -> int:
    total = 0
    for process in processes:
        with suppress(psutil.Error):
            total += process.memory_info().rss
    return total


def _proportional(process: psutil.Process) -> int:
    """Return a process's memory, of shared pages its share; all of them if that is not told."""
    with suppress(OSError):
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return _resident([process])
