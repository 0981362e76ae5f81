"""Where jobs are carried out: by worker processes of this machine or on a Dask cluster."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import wait

from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.resources import Resources
from genearena.benchmark.run.workers.events import Finished, Progress
from genearena.benchmark.run.workers.supervise import Supervisor

SECONDS_BETWEEN_PULLS = 0.2
_EXHAUSTED = object()


class Executor(ABC):
    """Something that carries out jobs, as soon as there is room for them."""

    def run(self, jobs: Iterable[Job | None]) -> Generator[Progress | Finished]:
        """Yield what happens, as it happens, until every job has finished.

        Parameters
        ----------
        jobs
            Pulled lazily, one when there is room for it. None means that there is nothing to do
            just now: it is asked again a little later.

        Returns
        -------
        Generator of `Progress`, and of one `Finished` per job. Closing it stops the executor.
        """
        source, more = iter(jobs), True
        try:
            while True:
                while more and self._has_room():
                    job = next(source, _EXHAUSTED)
                    if job is None:
                        break
                    if isinstance(job, Job):
                        self._begin(job)
                    else:
                        more = False
                if not (more or self._busy()):
                    return
                asks_again = more and self._has_room()
                yield from self._events(SECONDS_BETWEEN_PULLS if asks_again else None)
        finally:
            self._stop()

    @abstractmethod
    def _has_room(self) -> bool:
        """Tell whether another job can begin."""

    @abstractmethod
    def _busy(self) -> bool:
        """Tell whether any job is being done."""

    @abstractmethod
    def _begin(self, job: Job) -> None:
        """Begin a job; only when there is room."""

    @abstractmethod
    def _events(self, patience: float | None) -> Iterator[Progress | Finished]:
        """Wait so many seconds, or without end, until something happens, and tell what."""

    @abstractmethod
    def _stop(self) -> None:
        """Hear no more of the jobs that are being done."""


class WorkerPool(Executor):
    """As many worker processes on this machine as `resources` allow; they end when it stops."""

    def __init__(self, resources: Resources) -> None:
        self._workers = [Supervisor(resources, number) for number in range(resources.workers)]

    def _has_room(self) -> bool:
        return not all(worker.busy for worker in self._workers)

    def _busy(self) -> bool:
        return any(worker.busy for worker in self._workers)

    def _begin(self, job: Job) -> None:
        next(worker for worker in self._workers if not worker.busy).give(job)

    def _events(self, patience: float | None) -> Iterator[Progress | Finished]:
        busy = {worker.connection: worker for worker in self._workers if worker.busy}
        # with nobody busy this only sleeps
        for connection in wait(list(busy), patience):
            yield from busy[connection].events()  # type: ignore[index]

    def _stop(self) -> None:
        for worker in self._workers:
            worker.stop()


@contextmanager
def executor_on(cluster: str | None, resources: Resources) -> Iterator[tuple[Executor, Resources]]:
    """Give an executor, and the resources with the number of workers there are.

    That is this machine if there is no `cluster`; else see `cluster.connect.connected`.

    Raises
    ------
    UsageError
        If there is no such cluster.
    """
    if cluster is None:
        yield WorkerPool(resources), resources
        return
    from genearena.benchmark.run.cluster.connect import connected
    from genearena.benchmark.run.cluster.executor import DaskExecutor

    with connected(cluster, resources.workers) as client:
        threads = sum(client.nthreads().values())
        yield DaskExecutor(client, resources), replace(resources, workers=max(1, threads))
