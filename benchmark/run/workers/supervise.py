"""Take worker processes through batches, and say how each job ended, whatever happens."""

import time
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

from genearena.benchmark.run.evaluation.batches import Batch
from genearena.benchmark.run.evaluation.environment import current_environment
from genearena.benchmark.run.evaluation.execution import Execution
from genearena.benchmark.run.evaluation.outcome import Outcome
from genearena.benchmark.run.workers.cause import ending, given_up
from genearena.benchmark.run.workers.events import ATTEMPTS, Finished, Progress
from genearena.benchmark.run.workers.limits import NO_LIMITS, Limits
from genearena.benchmark.run.workers.messages import Began, Done, Stage
from genearena.benchmark.run.workers.process import WorkerProcess
from genearena.data.common.registry import SUITE


@dataclass(frozen=True)
class _Part:
    """What the worker has to do at a time: a batch, or one job of a batch that failed."""

    batch: Batch
    attempt: int = 1


class Supervisor:
    """Has one worker process at a time; a new one takes the place of one that dies.

    A batch of seeds that fails, or whose worker dies, is done again seed by seed: one seed's
    crash, or a lack of memory for all of them, is not the others'. A job that machines have
    failed is begun again, `ATTEMPTS` times in all; one that its method has failed is not.

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
        self._parts: deque[_Part] = deque()
        self._stage = ""
        self._running = False
        self._begun = 0.0

    @property
    def busy(self) -> bool:
        """Whether a batch is being done."""
        return bool(self._parts)

    @property
    def connection(self) -> Connection:
        """What becomes readable when `events` has something to tell; only while busy."""
        return self._worker().connection

    def run(self, batch: Batch) -> Generator[Progress | Finished]:
        """Carry out a batch, yielding what happens until all its jobs have finished."""
        self.give(batch)
        while self.busy:
            yield from self.events()

    def give(self, batch: Batch) -> None:
        """Begin a batch; only when not busy."""
        self._parts.append(_Part(batch))
        self._begin()

    def events(self) -> list[Progress | Finished]:
        """Wait for the worker's next message and tell what it means."""
        message = self._worker().hear()
        if isinstance(message, Stage):
            self._stage = message.name
            return [Progress(self.number, self._parts[0].batch, *vars(message).values())]
        if isinstance(message, Began):
            self._running = True
            self._worker().watch.began()
            return []
        outcomes = self._post_mortem() if message is None else self._done(message)
        ended = self._settle(self._parts.popleft(), outcomes)
        if self._parts:
            self._begin()
        return ended

    def stop(self) -> None:
        """End the worker process at once."""
        self._parts.clear()
        self._dismiss()

    def _worker(self) -> WorkerProcess:
        if self._process is None:
            self._process = WorkerProcess(self.execution, self.limits)
        return self._process

    def _begin(self) -> None:
        self._stage, self._running, self._begun = "", False, time.monotonic()
        method = self._parts[0].batch.jobs[0].method
        if self._outsider not in ("", method.name):
            self._dismiss()
        self._outsider = "" if method.origin == SUITE else method.name
        self._worker().give(self._parts[0].batch)

    def _dismiss(self) -> None:
        if self._process is not None:
            self._process.stop()
            self._process = None

    def _done(self, message: Done) -> list[Outcome]:
        watch = self._worker().watch
        stretch = watch.done()
        # the watch may have condemned the process in the very moment it was done
        if watch.verdict is not None or not message.reusable or watch.hoards():
            self._dismiss()
        return [replace(o, cost=stretch.charge(o.cost)) for o in message.outcomes]

    def _post_mortem(self) -> list[Outcome]:
        process = self._worker()
        stretch = process.watch.done()
        code, words = process.death()
        outcome = process.watch.verdict or ending(code, self._stage, running=self._running)
        outcome = replace(outcome, traceback=words, cost=stretch.lost())
        self._dismiss()
        return [outcome] * len(self._parts[0].batch.jobs)

    def _settle(self, part: _Part, outcomes: Sequence[Outcome]) -> list[Progress | Finished]:
        """Return the ends of jobs that have ended, and queue those to be done again."""
        jobs = part.batch.jobs
        blameless = any(o.fault == "infrastructure" for o in outcomes)
        failed = any(o.status not in ("ok", "skipped") for o in outcomes)
        if failed and (len(jobs) > 1 or (blameless and part.attempt < ATTEMPTS)):
            attempt = part.attempt + blameless
            self._parts.extend(_Part(Batch((job,)), attempt) for job in jobs)
            return []
        here, busy = current_environment(self.execution), time.monotonic() - self._begun
        ended: list[Progress | Finished] = []
        for job, outcome in zip(jobs, outcomes, strict=True):
            reason = given_up(outcome, part.attempt) if blameless else outcome.reason
            final = replace(outcome, reason=reason, environment=here)
            ended.append(Finished(self.number, job, final, part.attempt, busy / len(jobs)))
        return ended
