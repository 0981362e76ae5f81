"""Compilation by numba of the loops that arrays cannot express."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile `function` on first use, keeping the result for later processes where it can be.

    Sums may be reordered, so that they run in the processor's vector registers: always in the same
    way on one machine, with other roundings on another, as with BLAS. NaN and infinity keep their
    meaning.
    """
    try:
        return _compiled(function, cache=True)
    except RuntimeError:
        # no folder numba could keep its cache in, as in a read-only installation
        return _compiled(function, cache=False)


def _compiled(function: F, *, cache: bool) -> F:
    reorder = {"reassoc", "contract", "nsz"}
    decorate = numba.njit(cache=cache, nogil=True, error_model="numpy", fastmath=reorder)
    return cast("F", decorate(function))
