"""Keep what one run does to its process from changing the numbers of the next.

Every run begins with the same global state, whatever ran before: random number generators,
working directory, environment variables, warning filters, signal handlers and timers, file
descriptors 1 and 2, sys.path, NumPy's error handling, and torch's dtype, device, threads,
gradients and determinism. A method that draws from the global generators although it was given
a seed thereby repeats too, and its numbers do not depend on its company.

Not put back, because only a new process could: what a plugin patches or caches in other
modules, threads that it leaves running, C libraries' own state (locale, floating-point modes,
thread pools of BLAS), and memory that it never frees. A worker is therefore replaced between a
method from outside the suite and any other, and also if a run leaves child processes behind,
breaks the GPU's context, or holds on to most of the memory it may use.
"""

import os
import random
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

# that of a process which has just imported torch: it may do so only in the midst of a run
_TORCH_SEED = 67280421310721


@contextmanager
def same_state(seed: int, threads: int) -> Iterator[None]:
    """Seed the global generators, and put other global state back at the end.

    The seed, below 2**32, is for `random` and `numpy.random`; torch starts as in a fresh process,
    with so many `threads` if only the run imports it.
    """
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - for plugins that draw from it
    torch = _torch()
    if torch is not None:
        torch.manual_seed(_TORCH_SEED)
    # outermost: putting torch back imports more of it, which adds filters
    with warnings.catch_warnings(), np.errstate(), ExitStack() as stack:
        for kept in (_descriptors, _settings, _signals):
            stack.callback(kept())
        stack.callback(_torch_state(threads))
        yield


def _descriptors() -> Callable[[], None]:
    copies = {number: os.dup(number) for number in (1, 2)}
    streams = sys.stdout, sys.stderr

    def restore() -> None:
        sys.stdout, sys.stderr = streams
        for number, copy in copies.items():
            os.dup2(copy, number)
            os.close(copy)

    return restore


def _settings() -> Callable[[], None]:
    directory, environment = Path.cwd(), dict(os.environ)
    path, limit = list(sys.path), sys.getrecursionlimit()

    def restore() -> None:
        sys.path[:] = path
        sys.setrecursionlimit(limit)
        if dict(os.environ) != environment:
            os.environ.clear()
            os.environ.update(environment)
        with suppress(OSError):  # it may be gone
            os.chdir(directory)

    return restore


def _signals() -> Callable[[], None]:
    before = {number: signal.getsignal(number) for number in signal.valid_signals()}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())

    def restore() -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            # None: set from C, where Python can neither see nor set it
            if handler is not None and signal.getsignal(number) is not handler:
                signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)

    return restore


def _torch() -> Any:
    return sys.modules.get("torch")


def _torch_state(threads: int) -> Callable[[], None]:
    torch = _torch()
    before = None if torch is None else _torch_settings(torch)

    def restore() -> None:
        torch = _torch()
        if torch is None:
            return
        wanted = before or (torch.float32, threads, True, torch.device("cpu"), False, False)
        if wanted == _torch_settings(torch):
            return
        dtype, n_threads, gradients, device, deterministic, warn_only = wanted
        torch.set_default_dtype(dtype)
        torch.set_num_threads(n_threads)
        torch.set_grad_enabled(gradients)
        if device != torch.get_default_device():
            torch.set_default_device(device)
        torch.use_deterministic_algorithms(deterministic, warn_only=warn_only)

    return restore


def _torch_settings(torch: Any) -> tuple[Any, ...]:
    return (
        torch.get_default_dtype(),
        torch.get_num_threads(),
        torch.is_grad_enabled(),
        torch.get_default_device(),
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
    )
