"""How many threads linear algebra uses while the clock runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from threadpoolctl import threadpool_limits

from speed.requirement import installed


def cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def limited_to(threads: int) -> Iterator[None]:
    """Let numpy, scipy and torch use `threads` threads inside the block."""
    # a limit reaches only what is loaded
    import scipy.linalg  # noqa: F401

    with threadpool_limits(threads), _torch(threads) if installed("torch") else nullcontext():
        yield


@contextmanager
def _torch(threads: int) -> Iterator[None]:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)
