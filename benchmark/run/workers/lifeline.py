"""Let worker processes, and all they started, die with the process they work for.

Three things see to it, none of which exists off Linux: the kernel kills a worker's process group
when its owner is gone; a worker takes in the orphans among its descendants, so that it knows of
daemons; and a sitter, a small process that outlives both, kills what still has the worker's mark
in its environment, such as daemons of a worker that crashed.
"""

import ctypes
import os
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

MARK = "GENEARENA_WORKER"
"""Environment variable that a worker and all that it starts share, and no other process has."""

_PR_SET_CHILD_SUBREAPER = 36
_SECONDS_TO_SWEEP = 10.0


def die_with_parent(descriptor: int) -> None:
    """Have this process group killed when the other end of a pipe closes.

    The kernel closes the other end whatever becomes of its owner, and sends the signal itself:
    neither a loop in C nor a blocked signal holds it up, and processes that a plugin started die
    too unless they left the group. (A parent-death signal, prctl's, would reach this process
    alone, and already when the *thread* that started it ends.) Where there is no F_SETSIG, off
    Linux, a worker ends when it next listens for a job. Nothing is ever written into the pipe.
    """
    import fcntl  # only workers need it, and some systems have none

    if not hasattr(fcntl, "F_SETSIG"):
        return
    fcntl.fcntl(descriptor, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGKILL)
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([descriptor], [], [], 0)[0]:  # it closed before anyone was listening
        os.killpg(0, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends; else they would be init's."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def leave_sitter(descriptor: int) -> None:
    """Start a process that kills all bearers of this one's mark when a pipe closes.

    It is no child of this process, which would otherwise seem to have left one behind. To be
    called while there is but one thread.
    """
    if sys.platform != "linux":
        return
    middle = os.fork()
    if middle:
        os.waitpid(middle, 0)
        return
    try:
        os.setsid()
        if not os.fork():
            _sit(descriptor, f"{MARK}={os.environ[MARK]}".encode())
    finally:
        os._exit(0)


def _sit(descriptor: int, mark: bytes) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.dup2(descriptor, 0)
    os.closerange(1, os.sysconf("SC_OPEN_MAX"))  # others wait for the ends of what these lead to
    os.read(0, 1)
    end = time.monotonic() + _SECONDS_TO_SWEEP
    while (pids := _bearers(mark)) and time.monotonic() < end:  # they may be starting others
        for pid in pids:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def _bearers(mark: bytes) -> list[int]:
    """Return the processes that began with a mark in their environment, without this one."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if mark in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
    return [pid for pid in found if pid != os.getpid()]
