"""Carry out jobs on a Dask cluster."""

import hashlib
import time
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from genearena import __version__
from genearena.benchmark.run.cluster.payload import data_key, pack_data, pack_job
from genearena.benchmark.run.cluster.remote import carry_out
from genearena.benchmark.run.evaluation.job import Job, Outcome
from genearena.benchmark.run.executors import SECONDS_BETWEEN_PULLS, Executor
from genearena.benchmark.run.resources import Resources
from genearena.benchmark.run.workers.events import ATTEMPTS, Finished, Progress
from genearena.data.common.errors import StoreError

if TYPE_CHECKING:
    from distributed import Client, Future

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


class DaskExecutor(Executor):
    """The workers of the Dask cluster that a client is connected to.

    Every job is published in the cluster until its end is taken: a client that is interrupted
    finds it there when it comes back, done or still being done.
    """

    def __init__(self, client: "Client", resources: Resources) -> None:
        self.client = client
        self.resources = resources
        self.address = client.scheduler.address
        self._published: set[str] = set()
        self._running: dict[str, _Sent] = {}
        self._ended: SimpleQueue[str] = SimpleQueue()
        self._data: dict[str, Future] = {}
        self._threads = 0
        self._counted = -SECONDS_BETWEEN_COUNTS

    def run(self, jobs: Iterable[Job | None]) -> Generator[Progress | Finished]:
        """Yield the end of every job; see `Executor.run`.

        Raises
        ------
        StoreError
            If the scheduler has gone.
        """
        try:
            self._published = set(self.client.list_datasets())
            yield from super().run(jobs)
        except OSError as error:
            if isinstance(error, StoreError):
                raise
            raise self._gone() from error

    def _has_room(self) -> bool:
        if time.monotonic() - self._counted > SECONDS_BETWEEN_COUNTS:
            self._counted = time.monotonic()
            self._threads = sum(self.client.nthreads().values())
        return len(self._running) < JOBS_PER_THREAD * max(1, self._threads)

    def _busy(self) -> bool:
        return bool(self._running)

    def _begin(self, job: Job) -> None:
        # the same for the same run and metrics, only
        said = "\n".join((job.run_id, *job.metrics))
        name = f"genearena-{job.run_id}-{hashlib.sha256(said.encode()).hexdigest()[:8]}"
        if name in self._published:
            self._published.discard(name)
            self._follow(_Sent(job, name, self.client.get_dataset(name), 1))
        else:
            self._send(job, name, 1)

    def _events(self, patience: float | None) -> Iterator[Finished]:  # noqa: ARG002 - it looks
        try:
            name = self._ended.get(timeout=SECONDS_BETWEEN_PULLS)
        except Empty:
            self._check_scheduler()
        else:
            yield from self._take(self._running.pop(name))

    def _stop(self) -> None:
        """Leave everything as it is: what was sent goes on without this process."""

    def _send(self, job: Job, name: str, attempt: int) -> None:
        future = self.client.submit(
            carry_out, pack_job(job), self._data_of(job), self.resources, __version__,
            key=f"{name}-{time.time_ns()}", pure=False,
        )  # fmt: skip
        self.client.publish_dataset(future, name=name, override=True)
        self._follow(_Sent(job, name, future, attempt))

    def _follow(self, sent: _Sent) -> None:
        self._running[sent.name] = sent
        sent.future.add_done_callback(lambda _: self._ended.put(sent.name))

    def _data_of(self, job: Job) -> "Future":
        """Return a job's data in the cluster, where they go once, and let go of others'."""
        needed = {data_key(sent.job) for sent in self._running.values()}
        self._data = {name: data for name, data in self._data.items() if name in needed}
        name = data_key(job)
        if name not in self._data:
            key = f"genearena-data-{name}"
            scattered = self.client.scatter({key: pack_data(job)}, broadcast=COPIES)
            self._data[name] = scattered[key]
        return self._data[name]

    def _take(self, sent: _Sent) -> Iterator[Finished]:
        """Take the end of a job, or send it again if it has none and a machine is to blame."""
        try:
            end = sent.future.result()
        except Exception as error:  # noqa: BLE001 - whatever went wrong, no method is to blame
            self._check_scheduler()
            if sent.attempt < ATTEMPTS:
                self._data.pop(data_key(sent.job), None)
                self._send(sent.job, sent.name, sent.attempt + 1)
                return
            end = _lost(sent, error)
        yield replace(end, job=sent.job, attempts=end.attempts + sent.attempt - 1)
        # once it is stored: a client killed before that finds it again
        self.client.unpublish_dataset(sent.name)

    def _check_scheduler(self) -> None:
        if self.client.status != "running":
            raise self._gone()

    def _gone(self) -> StoreError:
        return StoreError(f"the Dask scheduler at {self.address} has gone; start it again")


def _lost(sent: _Sent, error: Exception) -> Finished:
    text = " ".join(str(error).split()) or type(error).__name__
    reason = f"no worker of the cluster could do it in {sent.attempt} attempts: {text}"
    return Finished(0, sent.job, Outcome("failed", reason, fault="infrastructure"))
