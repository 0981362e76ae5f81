"""Hold a worker process to its limits, from a thread of its own.

Whoever gives the worker its jobs may be waiting for a message that never comes; the watch
kills, and the end of the connection wakes the other up.
"""

import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from genearena.benchmark.records.record import Cost
from genearena.benchmark.run.evaluation.outcome import Outcome
from genearena.benchmark.run.workers.limits import Limits
from genearena.benchmark.run.workers.tree import ProcessTree
from genearena.data.common.quantities import gigabytes

LOADING_TIMEOUT = 1800.0
SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_BETWEEN_MEMORY_LOOKS = 0.03
# processes in an uninterruptible sleep (a dead file server) do not die even of SIGKILL
_SECONDS_TO_DIE = 10.0
_LOOK_SHARE = 0.05


@dataclass
class Stretch:
    """A time during which the worker is busy: loading first, then running.

    Parameters
    ----------
    running
        Whether the method's own time has begun.
    cpu_before
        What had been used when it began.
    """

    running: bool = False
    cpu_before: float = 0.0
    started: float = field(default_factory=time.monotonic)
    peak_bytes: int = 0
    cpu_seconds: float | None = None

    @property
    def seconds(self) -> float:
        """Wall seconds since it started."""
        return time.monotonic() - self.started

    def lost(self) -> Cost:
        """Return what is known of the cost of a run whose worker died."""
        return Cost(
            fit_seconds=self.seconds if self.running else 0.0,
            cpu_seconds=self.cpu_seconds,
            peak_rss_bytes=self.peak_bytes,
        )

    def charge(self, cost: Cost) -> Cost:
        """Return the cost of one of its runs with what only an onlooker can tell."""
        # the worker knows its own peak to the byte, but not that of its children
        peak = max(cost.peak_rss_bytes, self.peak_bytes)
        return cost.model_copy(update={"peak_rss_bytes": peak})


class Watch:
    """Looks after one process until it is dead.

    Parameters
    ----------
    process
        The worker, leader of a process group.
    limits
        What its runs may not exceed.
    on_kill
        Called just before a run is killed, while the process still lives.
    on_death
        Called when the process and its descendants are dead.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        limits: Limits,
        on_kill: Callable[[], None],
        on_death: Callable[[], None],
    ) -> None:
        self.verdict: Outcome | None = None
        self._stretch: Stretch | None = None
        self._base: int | None = None
        self._tree = ProcessTree(process.pid)
        self._process = process
        self._limits = limits
        self._on_kill = on_kill
        self._on_death = on_death
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="worker-watch", daemon=True)
        self._thread.start()

    def loading(self) -> None:
        """Take note that the worker was given a job."""
        with self._lock:
            self._stretch = Stretch()

    def began(self) -> None:
        """Take note that the method's own time has begun."""
        with self._lock:
            if self._base is None:
                self._base = self._tree.memory_bytes()
            self._stretch = Stretch(True, self._tree.cpu_seconds())

    def done(self) -> Stretch:
        """Take note that the job is at an end, and return how it was."""
        with self._lock:
            stretch, self._stretch = self._stretch or Stretch(), None
            return stretch

    def hoards(self) -> bool:
        """Tell whether the process keeps most of the memory that runs may use."""
        if self._limits.memory is None or self._base is None:
            return False
        with self._lock:
            return self._tree.memory_bytes() > (self._base + self._limits.memory) / 2

    def stop(self) -> None:
        """Kill the process and what it has started, and wait for their end."""
        self._end.set()
        self._thread.join()

    def _look_on(self) -> None:
        pause = 0.0
        while not self._end.wait(pause):
            start = time.monotonic()
            if self._process.poll() is not None or self._look():
                break
            pause = self._pause(time.monotonic() - start)
        self._tree.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_SECONDS_TO_DIE)
        self._on_death()

    def _pause(self, took: float) -> float:
        limits, stretch = self._limits, self._stretch
        usual = SECONDS_BETWEEN_LOOKS
        if limits.memory is not None:
            usual = SECONDS_BETWEEN_MEMORY_LOOKS
        if limits.timeout is not None and stretch is not None and stretch.running:
            usual = min(usual, max(0.0, limits.timeout - stretch.seconds))
        return max(usual, took / _LOOK_SHARE)

    def _look(self) -> bool:
        """Look once; return True if the process has to be killed."""
        with self._lock:
            stretch = self._stretch
            if stretch is None:
                return False
            memory = self._tree.memory_bytes()
            stretch.peak_bytes = max(stretch.peak_bytes, memory)
            self.verdict = self._judged(stretch, memory)
            if self.verdict is None:
                return False
            stretch.cpu_seconds = self._tree.cpu_seconds() - stretch.cpu_before
        self._on_kill()
        return True

    def _judged(self, stretch: Stretch, memory: int) -> Outcome | None:
        limits = self._limits
        if limits.memory is not None and memory > limits.memory:
            return Outcome(
                "oom",
                f"over the memory limit: {gigabytes(memory)} held, "
                f"{gigabytes(limits.memory)} allowed (--memory)",
            )
        if not stretch.running:
            late = stretch.seconds > LOADING_TIMEOUT
            reason = f"the worker was not ready after {LOADING_TIMEOUT:g} s"
            return Outcome("failed", reason, fault="infrastructure") if late else None
        if limits.timeout is not None and stretch.seconds > limits.timeout:
            return Outcome("timeout", f"no end after {limits.timeout:g} s (--timeout)")
        return None
