"""What the workers of a run may use: device, number, threads, time and memory."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from genearena.data.common.errors import UsageError

DEVICES = ("auto", "cpu", "cuda")
_DEVICES = Path("/dev")
_DRIVERS = ("nvidia*", "nvhost*", "kfd", "dxg")
"""Files there: of NVIDIA's driver, its boards with one memory, AMD's, and Windows's subsystem."""
_DURATION_UNITS = {"": 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_SIZE_UNITS = {
    "B": 1,
    **{f"{letter}{b}": 10 ** (3 * i) for i, letter in enumerate("KMGT", 1) for b in ("", "B")},
    **{f"{letter}I{b}": 2 ** (10 * i) for i, letter in enumerate("KMGT", 1) for b in ("", "B")},
}
_QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*")


@dataclass(frozen=True)
class Resources:
    """What workers may use; it changes a run's cost, and its numbers only by rounding.

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
    timeout
        Wall seconds of one run, from its method's start to its last metric; None for no limit.
    memory
        Bytes that a worker process and all its descendants may hold together, likewise.
    """

    device: str = "cpu"
    workers: int = 1
    threads: int = 1
    deterministic: bool = True
    timeout: float | None = None
    memory: int | None = None


def plan_resources(
    device: str = "auto",
    workers: int | None = None,
    threads: int = 1,
    *,
    deterministic: bool = True,
    timeout: str | None = None,
    memory: str | None = None,
) -> Resources:
    """Read what the user asks for, and fill in what was left open (``auto`` or None).

    Runs on the CPU get one thread each, as many at once as there are cores: that is fastest, and
    the bits do not depend on the number of workers. A GPU has one worker unless more are asked for.

    Raises
    ------
    UsageError
        If there is no GPU, more threads are asked for than there are cores, or a limit is none.
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
    seconds = None if timeout is None else parse_duration(timeout)
    n_bytes = None if memory is None else parse_size(memory)
    return Resources(found, workers, threads, deterministic, seconds, n_bytes)


def usable_cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def has_gpu_driver() -> bool:
    """Tell whether this machine has a file of a driver that torch can use as CUDA."""
    return any(next(_DEVICES.glob(name), None) for name in _DRIVERS)


def _device(wanted: str) -> str:
    # torch takes seconds to be imported, and finds no GPU where no driver has left a file
    if wanted == "cpu" or (wanted == "auto" and not has_gpu_driver()):
        return "cpu"
    import torch

    if torch.cuda.is_available():
        return "cuda"
    if wanted == "cuda":
        raise UsageError(
            "device 'cuda' is not available: torch finds no CUDA device; use --device cpu"
        )
    return "cpu"


def parse_duration(text: str) -> float:
    """Read a duration in seconds: ``90``, ``90s``, ``10min``, ``1.5h``, ``1d``.

    Raises
    ------
    UsageError
        If the text is no duration, or none at all.
    """
    number, unit = _quantity(text, str.lower)
    seconds = number * _DURATION_UNITS.get(unit, 0)
    if seconds <= 0:
        raise UsageError(f"cannot read duration '{text}'; give seconds (90), 90s, 10min or 2h")
    return seconds


def parse_size(text: str) -> int:
    """Read a size in bytes: ``4GB``, ``800MB``, ``1.5G``, or powers of two, ``4GiB``.

    Raises
    ------
    UsageError
        If the text is no size; a number without a unit is none.
    """
    number, unit = _quantity(text, str.upper)
    size = int(number * _SIZE_UNITS.get(unit, 0))
    if size <= 0:
        raise UsageError(f"cannot read size '{text}'; give a number with a unit: 800MB, 4GB, 4GiB")
    return size


def _quantity(text: str, normalise: Callable[[str], str]) -> tuple[float, str]:
    found = _QUANTITY.fullmatch(text)
    return (float(found[1]), normalise(found[2])) if found else (0.0, "")
