"""Compilation by numba of the loops that arrays cannot express."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile `function` on first use, keeping the result for later processes where it can be.

    Sums may be reordered, so that they run in the processor's vector registers: always in the same
    way on one machine, with other roundings on another, as with BLAS. NaN and infinity keep their
    meaning.
    """
    return _compiled(function)


def compiled_parallel(function: Callable[..., Any]) -> Any:
    """Compile `function` likewise, the turns of its `prange` loops shared out between threads."""
    return _compiled(function, parallel=True)


def _compiled(function: F, *, parallel: bool = False) -> F:
    reorder = {"reassoc", "contract", "nsz"}
    decorate = partial(
        numba.njit, nogil=True, error_model="numpy", fastmath=reorder, parallel=parallel
    )
    try:
        return cast("F", decorate(cache=True)(function))
    except RuntimeError:
        # no folder numba could keep its cache in, as in a read-only installation
        return cast("F", decorate(cache=False)(function))
