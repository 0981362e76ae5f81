"""Take worker processes through jobs, and say how each ended, whatever happens."""

import signal
import time
from collections.abc import Generator
from dataclasses import replace
from multiprocessing.connection import Connection

from genearena.benchmark.run.evaluation.environment import current_environment
from genearena.benchmark.run.evaluation.job import Job, Outcome
from genearena.benchmark.run.resources import Resources
from genearena.benchmark.run.workers.events import ATTEMPTS, Began, Done, Finished, Progress, Stage
from genearena.benchmark.run.workers.process import WorkerProcess
from genearena.data.common.registry import SUITE

# sent by people, schedulers and the kernel's out-of-memory killer; crashes never come as these
FROM_OUTSIDE = frozenset(
    {signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGXCPU}
)
_BAD_ACCESS = frozenset({-signal.SIGSEGV, -signal.SIGBUS})


class Supervisor:
    """Has one worker process at a time; a new one takes the place of one that dies.

    A job that machines have failed is begun again, `ATTEMPTS` times in all; one that its method
    has failed is not.

    A process that has imported a method from outside the suite does no other method's jobs: what
    such code patches in other modules cannot be seen, let alone put back.

    `number` is what the worker is called in events.
    """

    def __init__(self, resources: Resources, number: int = 0) -> None:
        self.resources = resources
        self.number = number
        self._process: WorkerProcess | None = None
        self._outsider = ""
        self._job: Job | None = None
        self._attempt = 0
        self._stage = ""
        self._running = False
        self._begun = 0.0

    @property
    def busy(self) -> bool:
        """Whether a job is being done."""
        return self._job is not None

    @property
    def connection(self) -> Connection:
        """What becomes readable when `events` has something to tell; only while busy."""
        return self._worker().connection

    def run(self, job: Job) -> Generator[Progress | Finished]:
        """Carry out a job, yielding what happens until it has finished."""
        self.give(job)
        while self.busy:
            yield from self.events()

    def give(self, job: Job) -> None:
        """Begin a job; only when not busy."""
        self._job, self._attempt = job, 0
        self._begin(job)

    def events(self) -> list[Progress | Finished]:
        """Wait for the worker's next message and tell what it means; only while busy."""
        job = self._job
        assert job is not None  # noqa: S101 - else nobody has anything to say
        message = self._worker().hear()
        if isinstance(message, Stage):
            self._stage = message.name
            return [Progress(self.number, job, message)]
        if isinstance(message, Began):
            self._running = True
            self._worker().watch.began()
            return []
        outcome = self._post_mortem() if message is None else self._done(message)
        if outcome.fault == "infrastructure":
            if self._attempt < ATTEMPTS:
                self._begin(job)
                return []
            outcome = replace(outcome, reason=given_up(outcome, self._attempt))
        self._job = None
        outcome = replace(outcome, environment=current_environment(self.resources))
        busy = time.monotonic() - self._begun
        return [Finished(self.number, job, outcome, self._attempt, busy)]

    def stop(self) -> None:
        """End the worker process at once."""
        self._job = None
        self._dismiss()

    def _worker(self) -> WorkerProcess:
        if self._process is None:
            self._process = WorkerProcess(self.resources)
        return self._process

    def _begin(self, job: Job) -> None:
        self._attempt += 1
        self._stage, self._running, self._begun = "", False, time.monotonic()
        if self._outsider not in ("", job.method.name):
            self._dismiss()
        self._outsider = "" if job.method.origin == SUITE else job.method.name
        self._worker().give(job)

    def _dismiss(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    def _done(self, message: Done) -> Outcome:
        watch = self._worker().watch
        stopwatch = watch.done()
        # the watch may have condemned the process in the very moment it was done
        if watch.verdict is not None or not message.reusable or watch.keeps_memory():
            self._dismiss()
        return replace(message.outcome, cost=stopwatch.with_children(message.outcome.cost))

    def _post_mortem(self) -> Outcome:
        process = self._worker()
        stopwatch = process.watch.done()
        code, words = process.death()
        outcome = process.watch.verdict or ending(code, self._stage, running=self._running)
        self._dismiss()
        return replace(outcome, traceback=words, cost=stopwatch.lost())


def ending(code: int | None, stage: str, *, running: bool) -> Outcome:
    """Return how a run ended whose worker process died by itself.

    A crash or an exit during the run is the method's doing, except by a signal that somebody
    else sent. Before the run began (`running`) its method cannot have done anything. The exit
    `code` is negative for a signal, None if it cannot be told; `stage` was told last.
    """
    text = f"the worker process {_how(code)} in {stage or 'starting'}"
    if running and code in _BAD_ACCESS:
        text += "; a write to the graphs, which are read-only, ends like this"
    ours = not running or code is None or (code < 0 and -code in FROM_OUTSIDE)
    return Outcome("failed", text, fault="infrastructure" if ours else "method")


def _how(code: int | None) -> str:
    if code is None:
        return "was lost"
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    outside = " from outside" if -code in FROM_OUTSIDE else ""
    return f"was killed by {name}{outside}"


def given_up(outcome: Outcome, attempts: int) -> str:
    """Return the reason of a run that machines have failed in each of some attempts."""
    hint = ""
    if "SIGKILL from outside" in outcome.reason:
        hint = "; systems short of memory do this: lower --jobs or set --memory"
    return f"not the method's fault, {attempts} attempts: {outcome.reason}{hint}"
