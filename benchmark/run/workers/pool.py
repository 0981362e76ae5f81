"""Worker processes on this machine."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from multiprocessing.connection import wait

from genearena.benchmark.run.evaluation.execution import Execution
from genearena.benchmark.run.evaluation.jobs import Job
from genearena.benchmark.run.workers.events import Finished, Progress
from genearena.benchmark.run.workers.limits import NO_LIMITS, Limits
from genearena.benchmark.run.workers.source import Source
from genearena.benchmark.run.workers.supervise import Supervisor

SECONDS_BETWEEN_PULLS = 0.2


class WorkerPool:
    """The `Executor` of this machine: as many worker processes as `execution` allows.

    Parameters
    ----------
    execution
        How many workers, and what each may use.
    limits
        What no run may exceed.
    """

    def __init__(self, execution: Execution, limits: Limits = NO_LIMITS) -> None:
        self.execution = execution
        self.limits = limits

    def run(self, jobs: Iterable[Job | None]) -> Generator[Progress | Finished]:
        """Yield what happens until every job has finished; see `Executor.run`."""
        source = Source(jobs)
        numbers = range(self.execution.workers)
        workers = [Supervisor(self.execution, self.limits, number) for number in numbers]
        try:
            while _give(workers, source) or not source.exhausted:
                yield from _events(workers, source)
        finally:
            for worker in workers:
                worker.stop()


def _give(workers: Sequence[Supervisor], source: Source) -> bool:
    """Give idle workers what there is; return whether any worker is busy."""
    for worker in workers:
        if not worker.busy:
            job = source.pull()
            if job is None:
                break
            worker.give(job)
    return any(worker.busy for worker in workers)


def _events(workers: Sequence[Supervisor], source: Source) -> Iterator[Progress | Finished]:
    """Wait until something happens or jobs may be there, and tell what happened."""
    busy = {worker.connection: worker for worker in workers if worker.busy}
    may_get_more = len(busy) < len(workers) and not source.exhausted
    patience = SECONDS_BETWEEN_PULLS if may_get_more else None
    # with nobody busy this only sleeps
    for connection in wait(list(busy), patience):
        yield from busy[connection].events()  # type: ignore[index]
