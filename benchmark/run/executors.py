"""Choose where jobs are carried out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from genearena.benchmark.run.evaluation.execution import Execution
from genearena.benchmark.run.workers.events import Executor
from genearena.benchmark.run.workers.limits import NO_LIMITS, Limits


@dataclass(frozen=True)
class Place:
    """Where runs are carried out, and within what bounds.

    Parameters
    ----------
    execution
        What each worker may use.
    limits
        What no run may exceed.
    cluster
        None for worker processes of this machine, else see `cluster.connect.connected`.
    """

    execution: Execution
    limits: Limits = NO_LIMITS
    cluster: str | None = None


@contextmanager
def executor_on(place: Place) -> Iterator[tuple[Executor, Execution]]:
    """Give an executor, and the execution with the number of workers there are.

    Raises
    ------
    UsageError
        If there is no such cluster.
    """
    execution = place.execution
    if place.cluster is None:
        from genearena.benchmark.run.workers.pool import WorkerPool

        yield WorkerPool(execution, place.limits), execution
        return
    from genearena.benchmark.run.cluster.connect import connected
    from genearena.benchmark.run.cluster.executor import DaskExecutor

    with connected(place.cluster, execution.workers) as client:
        threads = sum(client.nthreads().values())
        executor = DaskExecutor(client, execution, place.limits)
        yield executor, replace(execution, workers=max(1, threads))
