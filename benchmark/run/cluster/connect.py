"""Find a Dask cluster, or start one of local processes."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from genearena.data.common.errors import UsageError

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
CONNECT_SECONDS = 20


@contextmanager
def connected(where: str, workers: int) -> Iterator["Client"]:
    """Give a client of a Dask cluster, and close it in the end.

    Parameters
    ----------
    where
        ``local`` to start a scheduler and workers on this machine, which end with this process;
        the address of a running scheduler (``tcp://host:8786``); or its scheduler file.
    workers
        Worker processes of a local cluster.

    Raises
    ------
    UsageError
        If Dask is not installed, or nothing answers at the address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError(
            "--dask needs dask.distributed, which is not installed; pip install 'genearena[dask]'"
        ) from error
    with _own_cluster(workers) if where == LOCAL else nullcontext(_found(where)) as found:
        try:
            client = Client(**found, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:  # a timeout is an OSError too
            raise UsageError(
                f"no Dask scheduler answers at '{where}'; start one with 'dask scheduler', or use "
                "--dask local"
            ) from error
        with client:
            yield client


@contextmanager
def _own_cluster(workers: int) -> Iterator[dict[str, str]]:
    from distributed import LocalCluster

    # no worker may say that it is going: a run that ends is no trouble
    options = {"dashboard_address": None, "host": "127.0.0.1", "silence_logs": "CRITICAL"}
    with LocalCluster(n_workers=workers, threads_per_worker=1, **options) as cluster:
        yield {"address": cluster.scheduler_address}


def _found(where: str) -> dict[str, str]:
    if "://" in where:
        return {"address": where}
    if Path(where).is_file():
        return {"scheduler_file": where}
    if ":" in where:
        return {"address": f"tcp://{where}"}
    raise UsageError(
        f"cannot find a Dask cluster at '{where}'; give 'local', an address such as "
        "tcp://host:8786, or a scheduler file that exists"
    )
