"""A cluster worker's side: it has its own worker processes and takes jobs through them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from genearena import __version__
from genearena.benchmark.run.cluster.luggage import Luggage, unpack
from genearena.benchmark.run.cluster.order import Order
from genearena.benchmark.run.evaluation.execution import Execution
from genearena.benchmark.run.workers.events import Finished
from genearena.benchmark.run.workers.limits import Limits
from genearena.benchmark.run.workers.supervise import Supervisor
from genearena.data.common.errors import UsageError

_idle: list[Supervisor] = []
_lock = Lock()


def carry_out(
    order: Order, luggage: Luggage, execution: Execution, limits: Limits, version: str
) -> Finished:
    """Run an order in a process of its own, on data that are stored here when first needed.

    Parameters
    ----------
    order
        What to do.
    luggage
        The data; Dask brings them to each worker once.
    execution
        What the process may use.
    limits
        What no run may exceed.
    version
        Of the suite where the order was given.

    Returns
    -------
    The end of the job.

    Raises
    ------
    UsageError
        If this machine has another version of the suite.
    StoreError
        If the data cannot be stored here.
    """
    if version != __version__:
        raise UsageError(
            f"a cluster worker has genearena {__version__}, want {version}; install the same"
        )
    folder = _folder()
    task = unpack(luggage, folder)
    with _written(order.vectors, folder) as stored, _supervisor(execution, limits) as supervisor:
        *_, end = supervisor.run(order.job(task, stored))
    assert isinstance(end, Finished)  # noqa: S101 - what `run` ends with
    return end


def _folder() -> Path:
    """Return a folder that all worker processes of Dask on this machine share."""
    from distributed import get_worker

    return Path(get_worker().local_directory).parent / "genearena"


@contextmanager
def _supervisor(execution: Execution, limits: Limits) -> Iterator[Supervisor]:
    """Lend a supervisor that is idle, or a new one; its process stays for the next order."""
    wanted = execution, limits
    with _lock:
        mine = next((one for one in _idle if (one.execution, one.limits) == wanted), None)
        if mine is not None:
            _idle.remove(mine)
        others = [one for one in _idle if (one.execution, one.limits) != wanted]
        for one in others:
            _idle.remove(one)
    for one in others:
        one.stop()
    supervisor = mine or Supervisor(execution, limits)
    try:
        yield supervisor
    except BaseException:
        supervisor.stop()
        raise
    with _lock:
        _idle.append(supervisor)


@contextmanager
def _written(content: bytes | None, folder: Path) -> Iterator[Path | None]:
    if content is None:
        yield None
        return
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".h5ad") as file:
        file.write(content)
        file.flush()
        yield Path(file.name)
