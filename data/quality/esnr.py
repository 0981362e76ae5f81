"""Edge signal-to-noise ratio of a graph (Dong & Kluger 2023), the paper's measure of its graphs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Array = npt.NDArray[np.float64]

PSEUDO_COUNT = 1e-3
MARGIN = 1.0
"""How far above the largest singular value of noise a singular value counts, as a share of it."""
SHUFFLES = 5
MAX_ROUNDS = 1000
TOLERANCE = 1e-3


@dataclass(frozen=True)
class EdgeSignal:
    """Edge signal-to-noise ratio of a graph in [0, 1], and what it is by chance.

    The latter is the mean ratio with the same clusters of randomly chosen nodes: communities and
    hubs are seen by any clusters, so it can be more than 0.
    """

    esnr: float
    by_chance: float


def edge_signal(adjacency: sparse.csr_array, x: npt.NDArray[np.floating]) -> EdgeSignal:
    """Return how much of a graph's edges depends on the profiles of its nodes, beyond noise.

    Nodes are put into k = √n clusters by their profiles (Ward). The counts of edges between each
    cluster and each node, a (k, n) matrix, are scaled so that, were they independent Poisson
    numbers, no singular value beyond the first would exceed √k + √n (biwhitening). The ratio is
    the share of the k - 1 other singular values that are more than twice that: 0 for random
    edges, 1 if every cluster has neighbours of its own.

    Parameters
    ----------
    adjacency
        (n, n) symmetric 0/1 matrix.
    x
        (n, features) profiles of the nodes.

    Returns
    -------
    The ratio and its value by chance; NaN for fewer than 4 nodes, which cannot be two clusters.

    References
    ----------
    Dong & Kluger, Towards understanding and reducing graph structural noise for GNNs, ICML 2023.
    Landa, Zhang & Kluger, Biwhitening reveals the rank of a count matrix, SIAM J. Math. Data
    Sci. 4, 2022.
    """
    n = adjacency.shape[0]
    if n < 4:
        return EdgeSignal(float("nan"), float("nan"))
    cluster = cluster_nodes(x, round(np.sqrt(n)))
    rng = np.random.default_rng(0)
    shuffled = [share_of_signal(adjacency, rng.permutation(cluster)) for _ in range(SHUFFLES)]
    return EdgeSignal(share_of_signal(adjacency, cluster), float(np.mean(shuffled)))


def share_of_signal(adjacency: sparse.csr_array, cluster: npt.NDArray[np.int64]) -> float:
    """Return the share of singular values beyond noise of the edges from clusters to nodes.

    The adjacency is a symmetric 0/1 matrix (n, n), the cluster of each node (n,) a number from 0.
    """
    n, k = len(cluster), int(cluster.max()) + 1
    members = sparse.csr_array((np.ones(n), (cluster, np.arange(n))), (k, n))
    scaled = biwhiten((members @ adjacency).toarray() + PSEUDO_COUNT)
    values = np.linalg.svd(scaled - scaled.mean(), compute_uv=False)
    beyond = values > (1 + MARGIN) * (np.sqrt(k) + np.sqrt(n))
    return float(beyond.sum() / max(k - 1, 1))


def cluster_nodes(x: npt.NDArray[np.floating], k: int) -> npt.NDArray[np.int64]:
    """Return the cluster (0, 1, ...) of each row of `x`, at most `k` of them, by Ward's method."""
    from scipy.cluster.hierarchy import fcluster, ward

    tree = ward(np.asarray(x, dtype=np.float64))
    return np.asarray(fcluster(tree, k, criterion="maxclust"), dtype=np.int64) - 1


def biwhiten(counts: Array) -> Array:
    """Scale a positive (m, n) matrix so that Poisson noise in it has unit variance on average.

    The variance of Poisson numbers is their mean, so rows and columns are scaled until rows of
    `counts` sum to n and columns to m (Sinkhorn & Knopp), and the square roots of the scales are
    applied.
    """
    m, n = counts.shape
    rows = np.ones(m)
    for _ in range(MAX_ROUNDS):
        columns = m / (counts.T @ rows)
        sums = counts @ columns
        if np.abs(rows * sums - n).max() < TOLERANCE:
            break
        rows = n / sums
    return np.asarray(np.sqrt(rows)[:, None] * counts * np.sqrt(columns))
