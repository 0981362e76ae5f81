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

from genearena.benchmark.batches import Batch
from genearena.benchmark.execution import Execution
from genearena.benchmark.jobs import Job

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMBA_NUM_THREADS",
)


@dataclass(frozen=True)
class Progress:
    """A training's or scoring's state within a batch of jobs."""

    worker: int
    batch: Batch
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
    """A process with a two-way connection, and the batch it is at."""

    def __init__(self, number: int, execution: Execution) -> None:
        context = get_context("spawn")
        self.number = number
        self.connection, child = context.Pipe()
        self.process: BaseProcess = context.Process(
            target=_serve, args=(child, execution), name=f"bench-worker-{number}", daemon=True
        )
        with _environment(dict.fromkeys(THREAD_VARIABLES, str(execution.threads))):
            self.process.start()
        child.close()
        self.batch: Batch | None = None

    def give(self, batch: Batch) -> None:
        self.batch = batch
        with suppress(BrokenPipeError):  # a death is noticed, and told, when reading
            self.connection.send(batch)

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class WorkerPool:
    """Run jobs on worker processes.

    Parameters
    ----------
    execution
        How many workers, and what each may use.
    """

    def __init__(self, execution: Execution) -> None:
        self.execution = execution

    def run(self, batches: Sequence[Batch]) -> Generator[Progress | Finished]:
        """Yield what happens, as it happens, until every job has finished.

        The jobs of a batch whose worker dies finish with `lost` set; a fresh worker takes its
        place. Closing the iterator kills the workers.
        """
        waiting = list(reversed(batches))
        size = min(self.execution.workers, len(batches))
        workers = [_Worker(number, self.execution) for number in range(size)]
        try:
            for worker in workers:
                worker.give(waiting.pop())
            while busy := [worker for worker in workers if worker.batch is not None]:
                for worker in _ready(busy):
                    events = _events(worker)
                    yield from events
                    if isinstance(events[0], Finished):
                        self._advance(workers, worker, waiting, lost=bool(events[0].lost))
        finally:
            for worker in workers:
                worker.stop()

    def _advance(
        self, workers: list[_Worker], worker: _Worker, waiting: list[Batch], *, lost: bool
    ) -> None:
        worker.batch = None
        if lost:
            worker.stop()
            if not waiting:
                return
            workers[worker.number] = worker = _Worker(worker.number, self.execution)
        if waiting:
            worker.give(waiting.pop())


def _ready(busy: Sequence[_Worker]) -> Iterator[_Worker]:
    by_connection = {worker.connection: worker for worker in busy}
    for connection in wait(list(by_connection)):
        yield by_connection[connection]  # type: ignore[index]


def _events(worker: _Worker) -> list[Progress | Finished]:
    """Return what the worker says next: one report, or the end of every job of its batch."""
    batch = worker.batch
    assert batch is not None  # noqa: S101 - busy workers have one
    try:
        message = worker.connection.recv()
    except (EOFError, OSError):
        lost = _cause_of_death(worker.process)
        return [Finished(worker.number, job, None, lost) for job in batch.jobs]
    if isinstance(message, tuple):
        return [Progress(worker.number, batch, *message)]
    pairs = zip(batch.jobs, message, strict=True)
    return [Finished(worker.number, job, outcome) for job, outcome in pairs]


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


def _serve(connection: Connection, execution: Execution) -> None:
    """Answer batches until the connection closes (in the worker process)."""
    # Ctrl-C reaches the whole process group; only the parent decides what it means
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # plugins may print; nothing of theirs may end up in the parent's tables
    os.dup2(2, 1)
    from genearena.benchmark.work import Work

    work = Work(connection, execution)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            batch = connection.recv()
            try:
                connection.send(work.carry_out(batch))
            except (BrokenPipeError, ConnectionResetError):
                raise
            except Exception:  # noqa: BLE001 - reported as the jobs' end, with its traceback
                connection.send(work.failure(batch, traceback.format_exc()))
