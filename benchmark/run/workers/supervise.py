"""Take worker processes through jobs, and say how each job ended, whatever happens."""

import time
from collections.abc import Generator
from dataclasses import replace
from multiprocessing.connection import Connection

from genearena.benchmark.run.evaluation.environment import current_environment
from genearena.benchmark.run.evaluation.execution import Execution
from genearena.benchmark.run.evaluation.jobs import Job
from genearena.benchmark.run.evaluation.outcome import Outcome
from genearena.benchmark.run.workers.cause import ending, given_up
from genearena.benchmark.run.workers.events import ATTEMPTS, Finished, Progress
from genearena.benchmark.run.workers.limits import NO_LIMITS, Limits
from genearena.benchmark.run.workers.messages import Began, Done, Stage
from genearena.benchmark.run.workers.process import WorkerProcess
from genearena.data.common.registry import SUITE


class Supervisor:
    """Has one worker process at a time; a new one takes the place of one that dies.

    A job that machines have failed is begun again, `ATTEMPTS` times in all; one that its method has
    failed is not.

    A process that has imported a method from outside the suite does no other method's jobs: what
    such code patches in other modules cannot be seen, let alone put back.

    Parameters
    ----------
    execution
        What the process may use.
    limits
        What runs may not exceed.
    number
        What the worker is called in events.
    """

    def __init__(self, execution: Execution, limits: Limits = NO_LIMITS, number: int = 0) -> None:
        self.execution = execution
        self.limits = limits
        self.number = number
        self._process: WorkerProcess | None = None
        self._outsider = ""
        self._job: Job | None = None
        self._attempt = 1
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
        self._begin(job, 1)

    def events(self) -> list[Progress | Finished]:
        """Wait for the worker's next message and tell what it means."""
        assert self._job is not None  # noqa: S101 - only while busy
        message = self._worker().hear()
        if isinstance(message, Stage):
            self._stage = message.name
            return [Progress(self.number, self._job, *vars(message).values())]
        if isinstance(message, Began):
            self._running = True
            self._worker().watch.began()
            return []
        return self._settle(
            self._job, self._post_mortem() if message is None else self._done(message)
        )

    def stop(self) -> None:
        """End the worker process at once."""
        self._job = None
        self._dismiss()

    def _worker(self) -> WorkerProcess:
        if self._process is None:
            self._process = WorkerProcess(self.execution, self.limits)
        return self._process

    def _begin(self, job: Job, attempt: int) -> None:
        self._job, self._attempt = job, attempt
        self._stage, self._running, self._begun = "", False, time.monotonic()
        method = job.method
        if self._outsider not in ("", method.name):
            self._dismiss()
        self._outsider = "" if method.origin == SUITE else method.name
        self._worker().give(job)

    def _dismiss(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    def _done(self, message: Done) -> Outcome:
        watch = self._worker().watch
        stretch = watch.done()
        # the watch may have condemned the process in the very moment it was done
        if watch.verdict is not None or not message.reusable or watch.hoards():
            self._dismiss()
        return replace(message.outcome, cost=stretch.charge(message.outcome.cost))

    def _post_mortem(self) -> Outcome:
        process = self._worker()
        stretch = process.watch.done()
        code, words = process.death()
        outcome = process.watch.verdict or ending(code, self._stage, running=self._running)
        outcome = replace(outcome, traceback=words, cost=stretch.lost())
        self._dismiss()
        return outcome

    def _settle(self, job: Job, outcome: Outcome) -> list[Progress | Finished]:
        """Return the end of a job that has ended; begin it again if a machine has failed it."""
        blameless = outcome.fault == "infrastructure"
        if blameless and outcome.status not in ("ok", "skipped") and self._attempt < ATTEMPTS:
            self._begin(job, self._attempt + 1)
            return []
        reason = given_up(outcome, self._attempt) if blameless else outcome.reason
        here, busy = current_environment(self.execution), time.monotonic() - self._begun
        self._job = None
        final = replace(outcome, reason=reason, environment=here)
        return [Finished(self.number, job, final, self._attempt, busy)]
