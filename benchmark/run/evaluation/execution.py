"""On what runs are carried out: device and threads."""

import os
from dataclasses import dataclass

from genearena.data.common.errors import UsageError

DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class Execution:
    """What a worker may use; it changes a run's cost, and its numbers only by rounding.

    Parameters
    ----------
    device
        Where neural methods train: "cpu" or "cuda".
    workers
        Worker processes.
    threads
        Threads of each worker.
    deterministic
        On a GPU: only use operations whose bits repeat.
    """

    device: str = "cpu"
    workers: int = 1
    threads: int = 1
    deterministic: bool = True


def plan_execution(
    device: str, workers: int | None, threads: int, deterministic: bool
) -> Execution:
    """Fill in what the user left open.

    A run on the CPU gets one thread, as many at once as there are cores: that is fastest, and the
    bits do not depend on the number of workers. A GPU has one worker unless more are asked for.

    Parameters
    ----------
    device
        "auto" for the GPU if there is one.
    workers
        None to choose.
    threads
        Per worker.
    deterministic
        See `Execution`.

    Raises
    ------
    UsageError
        If there is no GPU, or more threads are asked for than there are cores.
    """
    found = _device(device)
    cores = usable_cores()
    if workers is None:
        workers = 1 if found == "cuda" else max(1, cores // threads)
    if workers * threads > max(cores, workers):
        raise UsageError(
            f"{workers} workers with {threads} threads each want {workers * threads} cores, "
            f"there are {cores}; lower --jobs or --threads"
        )
    return Execution(found, workers, threads, deterministic)


def usable_cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _device(wanted: str) -> str:
    if wanted == "cpu":
        return "cpu"
    import torch

    if torch.cuda.is_available():
        return "cuda"
    if wanted == "cuda":
        raise UsageError(
            "device 'cuda' is not available: torch finds no CUDA device; use --device cpu"
        )
    return "cpu"
