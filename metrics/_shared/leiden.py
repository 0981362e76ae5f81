"""Leiden clusters that neither read nor move any global random state."""

import random
from typing import TYPE_CHECKING

import numpy as np

from genearena.data.graphs import IntArray

if TYPE_CHECKING:
    import scipy.sparse


class _SeededBits:
    """Random bits for igraph from a seed, drawn the way scanpy draws them."""

    def __init__(self, seed: int) -> None:
        self._state = np.random.RandomState(seed)

    def getrandbits(self, k: int) -> int:
        return int(self._state.tomaxint()) & ((1 << k) - 1)

    def randint(self, low: int, high: int) -> int:
        return int(self._state.randint(low, high + 1))

    def random(self) -> float:
        return float(self._state.random_sample())

    def gauss(self, mean: float, deviation: float) -> float:
        return float(self._state.normal(mean, deviation))


def leiden(graph: "scipy.sparse.csr_array", *, seed: int, resolution: float = 1.0) -> IntArray:
    """Cluster a weighted graph by modularity.

    Iterates until the partition is stable (``n_iterations=-1``), which is what scanpy 1.x does
    unless told otherwise: the clusters then depend least on the seed.

    Parameters
    ----------
    graph
        (n, n) symmetric weights.
    seed
        Seed of the order in which nodes are visited, from 0 to 2**32 - 1.
    resolution
        Higher gives more clusters.

    Returns
    -------
    (n,) cluster of each node, numbered from 0; equal to
    ``scanpy.tl.leiden(flavor="igraph", n_iterations=-1)`` for the same seed.

    References
    ----------
    Traag, Waltman, van Eck: From Louvain to Leiden, 2019.
    """
    import igraph

    entries = graph.tocoo()
    # every edge is there twice, once per direction, as in scanpy's graph
    network = igraph.Graph(n=graph.shape[0], edges=np.column_stack([entries.row, entries.col]))
    igraph.set_random_number_generator(_SeededBits(seed))
    try:
        partition = network.community_leiden(
            objective_function="modularity",
            weights=entries.data.astype(np.float64).tolist(),
            resolution=resolution,
            n_iterations=-1,
        )
    finally:
        igraph.set_random_number_generator(random)  # igraph's own default
    return np.asarray(partition.membership, dtype=np.int64)
