"""Hold a worker process to its limits, from a thread of its own.

Whoever gives the worker its jobs may be waiting for a message that never comes; the watch kills,
and the end of the connection wakes the other up.
"""

import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from genearena.benchmark.records.record import Cost
from genearena.benchmark.run.evaluation.job import Outcome
from genearena.benchmark.run.resources import Resources
from genearena.benchmark.run.workers.tree import ProcessTree
from genearena.data.common.quantities import gigabytes

LOADING_TIMEOUT = 1800.0
SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_BETWEEN_MEMORY_LOOKS = 0.03
# processes in an uninterruptible sleep (a dead file server) do not die even of SIGKILL
_SECONDS_TO_DIE = 10.0
_LOOK_SHARE = 0.05


@dataclass
class Stopwatch:
    """Runs while the worker is busy: loading first, then `running` its method.

    `cpu_before` is the processor time that the worker had used when that began.
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

    def with_children(self, cost: Cost) -> Cost:
        """Return a worker's account of its cost: it does not know the peak of its children."""
        peak = max(cost.peak_rss_bytes, self.peak_bytes)
        return cost.model_copy(update={"peak_rss_bytes": peak})


class Watch:
    """Looks after one process, the leader of a process group, until it is dead.

    `on_kill` is called just before a run is killed, while the process still lives, and `on_death`
    when it and its descendants are dead.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        limits: Resources,
        on_kill: Callable[[], None],
        on_death: Callable[[], None],
    ) -> None:
        self.verdict: Outcome | None = None
        self._stopwatch: Stopwatch | None = None
        self._base: int | None = None
        self._tree = ProcessTree(process.pid)
        self._process = process
        self._limits = limits
        self._timeout = limits.timeout
        self._on_kill = on_kill
        self._on_death = on_death
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="worker-watch", daemon=True)
        self._thread.start()

    def loading(self, timeout: float | None = None) -> None:
        """Take note that the worker was given a job, maybe with a limit of its own."""
        with self._lock:
            self._stopwatch = Stopwatch()
            self._timeout = self._limits.timeout if timeout is None else timeout

    def began(self) -> None:
        """Take note that the method's own time has begun."""
        with self._lock:
            if self._base is None:
                self._base = self._tree.memory_bytes()
            self._stopwatch = Stopwatch(running=True, cpu_before=self._tree.cpu_seconds())

    def done(self) -> Stopwatch:
        """Take note that the job is at an end, and return what it took."""
        with self._lock:
            stopwatch, self._stopwatch = self._stopwatch, None
            return stopwatch or Stopwatch()

    def keeps_memory(self) -> bool:
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
        limits, timeout, stopwatch = self._limits, self._timeout, self._stopwatch
        usual = SECONDS_BETWEEN_LOOKS
        if limits.memory is not None:
            usual = SECONDS_BETWEEN_MEMORY_LOOKS
        if timeout is not None and stopwatch is not None and stopwatch.running:
            usual = min(usual, max(0.0, timeout - stopwatch.seconds))
        return max(usual, took / _LOOK_SHARE)

    def _look(self) -> bool:
        """Look once; return True if the process has to be killed."""
        with self._lock:
            stopwatch = self._stopwatch
            if stopwatch is None:
                return False
            memory = self._tree.memory_bytes()
            stopwatch.peak_bytes = max(stopwatch.peak_bytes, memory)
            self.verdict = self._judged(stopwatch, memory)
            if self.verdict is None:
                return False
            stopwatch.cpu_seconds = self._tree.cpu_seconds() - stopwatch.cpu_before
        self._on_kill()
        return True

    def _judged(self, stopwatch: Stopwatch, memory: int) -> Outcome | None:
        limits = self._limits
        if limits.memory is not None and memory > limits.memory:
            return Outcome(
                "oom",
                f"over the memory limit: {gigabytes(memory)} held, "
                f"{gigabytes(limits.memory)} allowed (--memory)",
            )
        if not stopwatch.running:
            late = stopwatch.seconds > LOADING_TIMEOUT
            reason = f"the worker was not ready after {LOADING_TIMEOUT:g} s"
            return Outcome("failed", reason, fault="infrastructure") if late else None
        if self._timeout is not None and stopwatch.seconds > self._timeout:
            return Outcome("timeout", f"no end after {self._timeout:g} s (--timeout)")
        return None
