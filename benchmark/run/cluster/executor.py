"""Carry out jobs on a Dask cluster."""

import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field, replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from genearena import __version__
from genearena.benchmark.run.cluster.luggage import pack
from genearena.benchmark.run.cluster.order import name_of, order_of
from genearena.benchmark.run.cluster.remote import carry_out
from genearena.benchmark.run.evaluation.execution import Execution
from genearena.benchmark.run.evaluation.jobs import Job
from genearena.benchmark.run.evaluation.outcome import Outcome
from genearena.benchmark.run.workers.events import ATTEMPTS, Finished, Progress
from genearena.benchmark.run.workers.limits import NO_LIMITS, Limits
from genearena.benchmark.run.workers.source import Source
from genearena.data.common.errors import StoreError
from genearena.data.tasks import TaskCard

if TYPE_CHECKING:
    from distributed import Client, Future

SECONDS_BETWEEN_PULLS = 0.2
SECONDS_BETWEEN_COUNTS = 2.0
# one being done and one at hand, so that no worker waits for the next
JOBS_PER_THREAD = 2
# of the data of a task: the loss of one worker loses none
COPIES = 2


@dataclass(frozen=True)
class _Sent:
    job: Job
    name: str
    future: "Future"
    attempt: int


@dataclass
class DaskExecutor:
    """The `Executor` of a Dask cluster.

    Every job is published in the cluster until its end is taken: a client that is interrupted
    finds it there when it comes back, done or still being done.

    Parameters
    ----------
    client
        Connected to the cluster.
    execution
        What each worker process may use.
    limits
        What no run may exceed.
    """

    client: "Client"
    execution: Execution
    limits: Limits = NO_LIMITS
    address: str = field(init=False)
    _running: dict[str, _Sent] = field(default_factory=dict)
    _ended: SimpleQueue[str] = field(default_factory=SimpleQueue)
    _data: dict[str, "Future"] = field(default_factory=dict)
    _threads: int = 0
    _counted: float = -SECONDS_BETWEEN_COUNTS

    def __post_init__(self) -> None:
        self.address = self.client.scheduler.address

    def run(self, jobs: Iterable[Job | None]) -> Generator[Progress | Finished]:
        """Yield the end of every job; see `Executor.run`.

        Raises
        ------
        StoreError
            If the scheduler has gone.
        """
        try:
            yield from self._run(Source(jobs))
        except OSError as error:
            if isinstance(error, StoreError):
                raise
            raise self._gone() from error

    def _run(self, source: Source) -> Generator[Finished]:
        waiting = set(self.client.list_datasets())
        while self._send_all(source, waiting) or not source.exhausted:
            try:
                name = self._ended.get(timeout=SECONDS_BETWEEN_PULLS)
            except Empty:
                self._check_scheduler()
            else:
                yield from self._take(self._running.pop(name))

    def _send_all(self, source: Source, waiting: set[str]) -> bool:
        """Send jobs while workers lack any; return whether some are being done."""
        while len(self._running) < self._capacity():
            job = source.pull()
            if job is None:
                break
            name = name_of(job)
            if name in waiting:
                waiting.discard(name)
                self._watch(job, name, self.client.get_dataset(name), 1)
            else:
                self._send(job, name, 1)
        return bool(self._running)

    def _send(self, job: Job, name: str, attempt: int) -> None:
        data = self._luggage(job.task)
        future = self.client.submit(
            carry_out, order_of(job), data, self.execution, self.limits, __version__,
            key=f"{name}-{time.time_ns()}", pure=False,
        )  # fmt: skip
        self.client.publish_dataset(future, name=name, override=True)
        self._watch(job, name, future, attempt)

    def _watch(self, job: Job, name: str, future: "Future", attempt: int) -> None:
        self._running[name] = _Sent(job, name, future, attempt)
        future.add_done_callback(lambda _: self._ended.put(name))

    def _luggage(self, task: TaskCard) -> "Future":
        """Return a task's data in the cluster, where they go once, and let go of others'."""
        needed = {sent.job.task.fingerprint for sent in self._running.values()}
        self._data = {name: data for name, data in self._data.items() if name in needed}
        fingerprint = task.fingerprint
        if fingerprint not in self._data:
            key = f"genearena-data-{fingerprint}"
            packed = {key: pack(task)}
            self._data[fingerprint] = self.client.scatter(packed, broadcast=COPIES)[key]
        return self._data[fingerprint]

    def _take(self, sent: _Sent) -> Generator[Finished]:
        """Take the end of a job, or send it again if it has none and a machine is to blame."""
        try:
            end = sent.future.result()
        except Exception as error:  # noqa: BLE001 - whatever went wrong, no method is to blame
            self._check_scheduler()
            if sent.attempt < ATTEMPTS:
                self._data.pop(sent.job.task.fingerprint, None)
                self._send(sent.job, sent.name, sent.attempt + 1)
                return
            end = _lost(sent, error)
        self.client.unpublish_dataset(sent.name)
        yield replace(end, job=sent.job, attempts=end.attempts + sent.attempt - 1)

    def _capacity(self) -> int:
        if time.monotonic() - self._counted > SECONDS_BETWEEN_COUNTS:
            self._counted = time.monotonic()
            self._threads = sum(self.client.nthreads().values())
        return JOBS_PER_THREAD * max(1, self._threads)

    def _check_scheduler(self) -> None:
        if self.client.status != "running":
            raise self._gone()

    def _gone(self) -> StoreError:
        return StoreError(f"the Dask scheduler at {self.address} has gone; start it again")


def _lost(sent: _Sent, error: Exception) -> Finished:
    text = " ".join(str(error).split()) or type(error).__name__
    reason = f"no worker of the cluster could do it in {sent.attempt} attempts: {text}"
    outcome = Outcome("failed", reason, fault="infrastructure")
    return Finished(0, sent.job, outcome)
