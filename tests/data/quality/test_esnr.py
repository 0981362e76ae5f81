"""ESNR against its definition written as loops, and at its extremes."""

import numpy as np
import pytest
from scipy import sparse

from genearena.data.quality.esnr import biwhiten, cluster_nodes, edge_signal, share_of_signal


def planted(n=100, blocks=10, inside=0.9, outside=0.02, seed=0):
    """Return edges that follow blocks, and profiles that tell the blocks apart."""
    rng = np.random.default_rng(seed)
    block = np.arange(n) % blocks
    chance = np.where(block[:, None] == block, inside, outside)
    half = np.triu(rng.random((n, n)) < chance, k=1)
    x = 20 * np.eye(blocks)[block] + rng.normal(size=(n, blocks))
    return sparse.csr_array((half | half.T).astype(np.int8)), x


def esnr(adjacency, x):
    return edge_signal(adjacency, x).esnr


def by_definition(adjacency, x):
    """Compute ESNR as the authors describe it: clusters, loops of scaling, singular values."""
    from sklearn.cluster import AgglomerativeClustering

    n = len(x)
    k = round(n**0.5)
    cluster = AgglomerativeClustering(n_clusters=k).fit_predict(x)
    counts = np.full((k, n), 1e-3)
    for i, j in zip(*adjacency.nonzero(), strict=True):
        counts[cluster[i], j] += 1
    rows, columns = np.ones(k), np.ones(n)
    for _ in range(200):
        for j in range(n):
            columns[j] = k / (rows * counts[:, j]).sum()
        for c in range(k):
            rows[c] = n / (columns * counts[c]).sum()
    scaled = np.sqrt(np.outer(rows, columns)) * counts
    values = np.linalg.svd(scaled - scaled.mean())[1]
    return sum(v > 2 * (np.sqrt(k) + np.sqrt(n)) for v in values) / (k - 1)


@pytest.mark.parametrize("outside", [0.02, 0.1])
def test_equals_the_definition(outside):
    """The same share as clusters of sklearn, scaling in loops and singular values give."""
    adjacency, x = planted(n=64, blocks=4, outside=outside)
    assert esnr(adjacency, x) == pytest.approx(by_definition(adjacency, x))
    assert esnr(adjacency, x) > 0


def test_clusters_are_those_of_sklearn():
    """Ward clusters are the same up to their numbers."""
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.metrics import adjusted_rand_score

    x = np.random.default_rng(0).normal(size=(80, 5))
    want = AgglomerativeClustering(n_clusters=9).fit_predict(x)
    assert adjusted_rand_score(want, cluster_nodes(x, 9)) == 1


def test_edges_within_every_cluster_are_all_signal():
    """Where each cluster has neighbours of its own, the ratio is 1."""
    block = np.arange(900) % 30
    same = (block[:, None] == block).astype(np.int8)
    np.fill_diagonal(same, 0)
    x = 50 * np.eye(30)[block] + np.random.default_rng(0).normal(size=(900, 30))
    assert esnr(sparse.csr_array(same), x) == 1


def test_edges_without_regard_to_profiles_are_all_noise():
    """Random edges, shuffled profiles, and no edges at all give 0."""
    rng = np.random.default_rng(2)
    adjacency, x = planted(n=400, blocks=20)
    assert esnr(adjacency, x) > 0.5
    assert esnr(adjacency, rng.permutation(x)) == 0
    half = np.triu(rng.random((400, 400)) < 0.1, k=1)
    assert esnr(sparse.csr_array((half | half.T).astype(np.int8)), x) == 0
    assert esnr(sparse.csr_array((400, 400), dtype=np.int8), x) == 0


def test_chance_is_what_random_clusters_see():
    """Hubs are seen by any clusters; the number by chance is that of clusters at random."""
    rng = np.random.default_rng(4)
    weight = np.repeat([1.0, 0.05], [60, 340])
    half = np.triu(rng.random((400, 400)) < np.outer(weight, weight), k=1)
    hubs = sparse.csr_array((half | half.T).astype(np.int8))
    for adjacency, x in ((hubs, rng.normal(size=(400, 5))), planted(n=400, blocks=20)):
        sizes = cluster_nodes(x, 20)
        draws = [share_of_signal(adjacency, rng.permutation(sizes)) for _ in range(20)]
        assert edge_signal(adjacency, x).by_chance == pytest.approx(np.mean(draws), abs=0.03)
    assert edge_signal(*planted(n=400, blocks=20)).by_chance < 0.05


def test_order_of_genes_does_not_matter():
    """Genes in another order give the same ratio."""
    adjacency, x = planted(n=64, blocks=8)
    order = np.random.default_rng(0).permutation(64)
    assert esnr(adjacency[order][:, order], x[order]) == esnr(adjacency, x)


def test_scaled_poisson_noise_keeps_to_the_bound():
    """Whatever their means, scaled Poisson numbers have one singular value of signal only."""
    rng = np.random.default_rng(3)
    mean = np.outer(rng.lognormal(2, 1, 30), rng.lognormal(0, 1, 400))
    scaled = biwhiten(rng.poisson(mean) + 1e-3)
    values = np.linalg.svd(scaled, compute_uv=False)
    bound = np.sqrt(30) + np.sqrt(400)
    assert values[0] > bound
    assert values[1] < 1.05 * bound


def test_too_few_genes_have_no_ratio():
    """Three genes cannot be put into clusters of several."""
    assert np.isnan(esnr(sparse.csr_array((3, 3), dtype=np.int8), np.eye(3)))


def test_alike_profiles_are_one_cluster():
    """Genes of one profile are no error and have no signal."""
    adjacency, _ = planted(n=25, blocks=5)
    assert esnr(adjacency, np.zeros((25, 3))) == 0
