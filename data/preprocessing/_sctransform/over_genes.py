"""Compiled functions run on several threads, each on genes of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numba
import numpy as np

BLOCKS_PER_THREAD = 8


def over_genes(kernel: Callable[..., None], n_genes: int, *arguments: Any) -> None:
    """Call ``kernel(start, stop, *arguments)`` on blocks that cover genes 0 to `n_genes` - 1.

    The kernel writes what it computes for gene g into entry g of arrays among its arguments, so
    the outcome does not depend on the number of threads.
    """
    threads = max(1, min(int(vars(numba.config)["NUMBA_NUM_THREADS"]), n_genes))
    if threads == 1:
        kernel(0, n_genes, *arguments)
        return
    edges = np.unique(np.linspace(0, n_genes, threads * BLOCKS_PER_THREAD + 1).astype(int))
    with ThreadPoolExecutor(threads) as pool:
        tasks = [
            pool.submit(kernel, int(start), int(stop), *arguments)
            for start, stop in pairwise(edges)
        ]
        for task in tasks:
            task.result()
