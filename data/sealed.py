"""Graphs in memory that nobody can write to, so that no method changes what others are given."""

import copy
import ctypes
import mmap
import os
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.graphs import GeneGraph, GraphCollection

_READ_ONLY = 1  # PROT_READ; CPython names it, but not on every platform
_LIBC = ctypes.CDLL(None, use_errno=True)


def sealed(graphs: GraphCollection) -> GraphCollection:
    """Return the graphs with all their arrays in memory that the process may only read.

    An array that is merely flagged read-only is still written to by whoever ignores the flag:
    `torch.from_numpy`, C, or its own `base`. Here any such write ends the process with SIGSEGV at
    the very line (SIGBUS on macOS). Arrays that are sealed already are not copied again. A system
    that cannot protect memory raises DataError.
    """
    return graphs.with_graphs([_sealed_graph(graph) for graph in graphs])


def is_sealed(array: npt.NDArray[Any]) -> bool:
    """Tell whether an array lies in memory that was made by `sealed`."""
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return isinstance(base, memoryview) and isinstance(base.obj, _Pages)


class _Pages(mmap.mmap):
    """Memory of its own for one array."""


def _sealed_graph(graph: GeneGraph) -> GeneGraph:
    """Return a copy; its parts were checked when `graph` was made, which is not done again."""
    twin = copy.copy(graph)
    parts = {
        "x": _sealed_array(graph.x),
        "adjacency": _sealed_matrix(graph.adjacency),
        # derived, and kept once it has been asked for: as open to changes as the rest
        "edges": _sealed_array(graph.edges),
        "counts": None if graph.counts is None else _sealed_matrix(graph.counts),
        "truth": None if graph.truth is None else _sealed_array(graph.truth),
        "replicate": None if graph.replicate is None else _sealed_matrix(graph.replicate),
        "latent": None if graph.latent is None else _sealed_array(graph.latent),
    }
    vars(twin).update(parts)
    return twin


def _sealed_matrix(matrix: sparse.csr_array) -> sparse.csr_array:
    twin = copy.copy(matrix)
    for part in ("data", "indices", "indptr"):
        setattr(twin, part, _sealed_array(getattr(matrix, part)))
    return twin


def _sealed_array(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if not array.nbytes or is_sealed(array):
        return array
    pages = _Pages(-1, array.nbytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    twin = np.frombuffer(pages, dtype=array.dtype).reshape(array.shape)
    twin[...] = array
    _protect(twin)
    twin.flags.writeable = False
    return twin


def _protect(array: npt.NDArray[Any]) -> None:
    address, size = ctypes.c_void_p(array.ctypes.data), ctypes.c_size_t(array.nbytes)
    if _LIBC.mprotect(address, size, _READ_ONLY):
        raise DataError(f"cannot protect the graphs' memory: {os.strerror(ctypes.get_errno())}")
