"""A process and its descendants: what they hold, what they have used, and their end."""

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil

SECONDS_BETWEEN_LOOKS = 0.25
# looking for descendants reads every process of the machine; it may take 2 % of the time
_LOOK_SHARE = 0.02


class _Family:
    """Who started whom on this machine; one look serves all worker processes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next_look = 0.0
        self._children: dict[int, list[psutil.Process]] = {}

    def descendants(self, pid: int, *, now: bool = False) -> list[psutil.Process]:
        """Return the descendants of a process, as seen lately or, if it must be, `now`."""
        with self._lock:
            if now or time.monotonic() >= self._next_look:
                self._look()
            found = list(self._children.get(pid, ()))
            for process in found:  # grows while it is gone through
                found.extend(self._children.get(process.pid, ()))
            return found

    def _look(self) -> None:
        start = time.monotonic()
        self._children = {}
        for process in psutil.process_iter(["ppid"]):
            self._children.setdefault(process.info["ppid"], []).append(process)
        end = time.monotonic()
        self._next_look = end + max(SECONDS_BETWEEN_LOOKS, (end - start) / _LOOK_SHARE)


_FAMILY = _Family()


class ProcessTree:
    """A worker process, the leader of a process group, and whatever it has started."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._descendants: list[psutil.Process] = []
        self._root: psutil.Process | None = None
        with suppress(psutil.Error):
            self._root = psutil.Process(pid)

    def memory_bytes(self) -> int:
        """Return the resident memory of the tree; pages that several share count once."""
        self._scan()
        if not self._descendants:
            return sum(map(_resident, self._processes()))
        # forked children share nearly all of their pages with the parent: the sum of resident
        # sets would count the same memory many times
        return sum(map(_proportional, self._processes()))

    def cpu_seconds(self) -> float:
        """Return the processor time of the tree since its processes began."""
        total = 0.0
        for process in self._processes():
            with suppress(psutil.Error):
                total += sum(process.cpu_times()[:4])  # its own, and its children's that ended
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
        found = _FAMILY.descendants(self._pid, now=now)
        # those seen before may have lost their parent, and with it their place in the tree
        orphans = [p for p in self._descendants if p not in found and p.is_running()]
        self._descendants = found + orphans


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _proportional(process: psutil.Process) -> int:
    """Return a process's memory, of shared pages its share; all of them if that is not told."""
    with suppress(OSError):
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return _resident(process)
