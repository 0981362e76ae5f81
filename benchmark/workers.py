"""Long-lived worker processes: imports are paid once, and one may die without the others."""

import os
import signal
import traceback
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from genearena.benchmark.jobs import Job

# one thread per worker: results must not depend on how many workers share the machine
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
)
SINGLE_THREAD = dict.fromkeys(THREAD_VARIABLES, "1")


@dataclass(frozen=True)
class Progress:
    """A training's or scoring's state within a job."""

    worker: int
    job: Job
    stage: str
    done: int
    total: int
    loss: float


@dataclass(frozen=True)
class Finished:
    """A job's end: its outcome, or why the worker could not give one."""

    worker: int
    job: Job
    outcome: object
    lost: str = ""


class _Worker:
    """A process with a two-way connection, and the job it is at."""

    def __init__(self, number: int) -> None:
        context = get_context("spawn")
        self.number = number
        self.connection, child = context.Pipe()
        self.process: BaseProcess = context.Process(
            target=_serve, args=(child,), name=f"bench-worker-{number}", daemon=True
        )
        with _environment(SINGLE_THREAD):
            self.process.start()
        child.close()
        self.job: Job | None = None

    def give(self, job: Job) -> None:
        self.job = job
        with suppress(BrokenPipeError):  # a death is noticed, and told, when reading
            self.connection.send(job)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class WorkerPool:
    """Run jobs on `size` worker processes.

    Parameters
    ----------
    size
        Number of workers, each single-threaded.
    """

    def __init__(self, size: int) -> None:
        self.size = size

    def run(self, jobs: Sequence[Job]) -> Generator[Progress | Finished]:
        """Yield what happens, as it happens, until every job has finished.

        A job whose worker dies finishes with `lost` set; a fresh worker takes its place. Closing
        the iterator kills the workers.
        """
        waiting = list(reversed(jobs))
        workers = [_Worker(number) for number in range(min(self.size, len(jobs)))]
        try:
            for worker in workers:
                worker.give(waiting.pop())
            while busy := [worker for worker in workers if worker.job is not None]:
                for event in _events(busy):
                    yield event
                    if isinstance(event, Finished):
                        _advance(workers, event, waiting)
        finally:
            for worker in workers:
                worker.stop()


def _advance(workers: list[_Worker], event: Finished, waiting: list[Job]) -> None:
    worker = workers[event.worker]
    worker.job = None
    if event.lost:
        worker.stop()
        if not waiting:
            return
        workers[event.worker] = worker = _Worker(event.worker)
    if waiting:
        worker.give(waiting.pop())


def _events(busy: Sequence[_Worker]) -> Iterator[Progress | Finished]:
    by_connection = {worker.connection: worker for worker in busy}
    for connection in wait(list(by_connection)):
        worker = by_connection[connection]  # type: ignore[index]
        job = worker.job
        assert job is not None  # noqa: S101 - busy workers have one
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            yield Finished(worker.number, job, None, _cause_of_death(worker.process))
            continue
        if isinstance(message, tuple):
            yield Progress(worker.number, job, *message)
        else:
            yield Finished(worker.number, job, message)


def _cause_of_death(process: BaseProcess) -> str:
    process.join(5)
    code = process.exitcode or 0
    if code >= 0:
        return f"the worker process ended with exit code {code}"
    name = signal.Signals(-code).name
    hint = " (often the system's answer to a lack of memory)" if name == "SIGKILL" else ""
    return f"the worker process was killed by {name}{hint}"


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _serve(connection: Connection) -> None:
    """Answer jobs until the connection closes (in the worker process)."""
    # Ctrl-C reaches the whole process group; only the parent decides what it means
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # plugins may print; nothing of theirs may end up in the parent's tables
    os.dup2(2, 1)
    from genearena.benchmark.work import Work

    work = Work(connection)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            job = connection.recv()
            try:
                connection.send(work.carry_out(job))
            except (BrokenPipeError, ConnectionResetError):
                raise
            except Exception:  # noqa: BLE001 - reported as the job's end, with its traceback
                connection.send(work.failure(traceback.format_exc()))
