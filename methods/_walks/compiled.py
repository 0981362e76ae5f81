"""Compilation of the loops over walks by numba."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])

_FASTMATH = {"reassoc", "contract", "nsz"}


def compiled(function: F) -> F:
    """Compile a function on first use, and keep the machine code for later processes.

    Sums may be reordered, so that dot products run in the processor's vector registers; other
    processors round differently, as they do with gensim and BLAS. NaN and infinity keep their
    meaning.
    """
    try:
        return cast("F", numba.njit(cache=True, fastmath=_FASTMATH)(function))
    except RuntimeError:
        # no folder numba could keep its cache in, as in a read-only installation
        return cast("F", numba.njit(fastmath=_FASTMATH)(function))
