"""Choose where batches are carried out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from genearena.benchmark.execution import Execution
from genearena.benchmark.workers.events import Executor


@contextmanager
def executor_on(cluster: str | None, execution: Execution) -> Iterator[tuple[Executor, Execution]]:
    """Give an executor, and the execution with the number of workers there are.

    Parameters
    ----------
    cluster
        None for worker processes of this machine, else see `cluster.connect.connected`.
    execution
        What each worker may use.

    Raises
    ------
    UsageError
        If there is no such cluster.
    """
    if cluster is None:
        from genearena.benchmark.workers.pool import WorkerPool

        yield WorkerPool(execution), execution
        return
    from genearena.benchmark.cluster.connect import connected
    from genearena.benchmark.cluster.executor import DaskExecutor

    with connected(cluster, execution.workers) as client:
        threads = sum(client.nthreads().values())
        yield DaskExecutor(client, execution), replace(execution, workers=max(1, threads))
