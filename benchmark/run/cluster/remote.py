"""A cluster worker's side: it has its own worker processes and takes jobs through them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock

from genearena import __version__
from genearena.benchmark.run.cluster.payload import Data, Message, unpacked
from genearena.benchmark.run.resources import Resources
from genearena.benchmark.run.workers.events import Finished
from genearena.benchmark.run.workers.supervise import Supervisor
from genearena.data.common.errors import UsageError

_idle: list[Supervisor] = []
_lock = Lock()


def carry_out(message: Message, data: Data, resources: Resources, version: str) -> Finished:
    """Carry out a job in a process of its own, on data that are stored here when first needed.

    `version` is that of the suite where the job was planned.

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
    with unpacked(message, data, _folder()) as job, _supervisor(resources) as supervisor:
        *_, end = supervisor.run(job)
    assert isinstance(end, Finished)  # noqa: S101 - what `run` ends with
    return replace(end, job=message.job)


def _folder() -> Path:
    """Return a folder that all worker processes of Dask on this machine share."""
    from distributed import get_worker

    return Path(get_worker().local_directory).parent / "genearena"


@contextmanager
def _supervisor(resources: Resources) -> Iterator[Supervisor]:
    """Lend a supervisor that is idle, or a new one; its process stays for the next job."""
    with _lock:
        fit = [one for one in _idle if one.resources == resources]
        others = [one for one in _idle if one.resources != resources]
        _idle[:] = fit[1:]
    for one in others:
        one.stop()
    supervisor = fit[0] if fit else Supervisor(resources)
    try:
        yield supervisor
    except BaseException:
        supervisor.stop()
        raise
    with _lock:
        _idle.append(supervisor)
