"""Random graphs for tests of layers."""

import numpy as np
from scipy import sparse

from genearena.data.graphs import GeneGraph


def random_graph(n, density, isolated=(), seed=0, cells=30):
    """Return a graph whose pairs are linked with probability `density`."""
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.random((n, n)) < density, k=1)
    upper[list(isolated)] = upper[:, list(isolated)] = False
    adjacency = sparse.csr_array((upper | upper.T).astype(np.int8))
    genes = tuple(f"G{i}" for i in range(n))
    x = rng.normal(size=(n, cells)).astype(np.float32)
    return GeneGraph("a", "lung", "scrna", "human", genes, x, adjacency)
