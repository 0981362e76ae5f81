"""The shared neighbour graph and clusters: equal to scanpy's, and bit-reproducible."""

import os
import random
import subprocess
import sys

import igraph
import numpy as np
import pytest

from genearena.metrics._shared.fuzzy_graph import fuzzy_graph
from genearena.metrics._shared.leiden import leiden
from genearena.metrics._shared.nearest_rows import nearest_rows

FINGERPRINT = """
import hashlib, random, sys
import numpy as np
np.random.seed(int(sys.argv[1])); random.seed(int(sys.argv[1]))
from genearena.metrics.example import random_space
from genearena.metrics.registry import METRICS
space = random_space()
parts = [space.connectivities.data.tobytes(), space.clusters.tobytes()]
parts += [repr(METRICS.load(name)(space)).encode() for name in METRICS.names]
print(hashlib.sha256(b"".join(parts)).hexdigest())
"""


def cloud(kind, n, dim, seed):
    """Draw float32 points like those of an embedding."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, dim))
    if kind == "clusters":
        points += 4 * rng.normal(size=(8, dim))[rng.integers(8, size=n)]
    if kind == "large":
        points *= 1e4
    if kind == "small":
        points *= 1e-4
    return points.astype(np.float32)


def numpy_state():
    """Give the bytes of NumPy's global generator."""
    return repr(np.random.get_state(legacy=False))  # noqa: NPY002 - the state to be left alone


@pytest.mark.parametrize("kind", ["one cloud", "clusters", "large", "small"])
@pytest.mark.parametrize(("n", "dim"), [(10, 3), (60, 4), (600, 32)])
def test_equals_scanpy(kind, n, dim):
    """Weights agree with scanpy.pp.neighbors to float32, clusters with sc.tl.leiden exactly."""
    anndata, scanpy = pytest.importorskip("anndata"), pytest.importorskip("scanpy")
    points = cloud(kind, n, dim, seed=n)
    data = anndata.AnnData(points)
    scanpy.pp.neighbors(data, n_neighbors=15, use_rep="X", transformer="sklearn")
    scanpy.tl.leiden(data, resolution=1, flavor="igraph", n_iterations=-1, random_state=3)
    graph = fuzzy_graph(points.astype(np.float64))
    assert abs(graph - data.obsp["connectivities"]).max() < 2e-5
    np.testing.assert_array_equal(leiden(graph, seed=3), data.obs["leiden"].astype(int))


@pytest.mark.parametrize("copies", [1, 2, 20])
def test_weights_equal_umaps_for_the_same_neighbours(copies):
    """Given our exact distances, umap-learn computes our weights, with copies of rows too."""
    umap = pytest.importorskip("umap.umap_")
    points = np.tile(cloud("clusters", 300 // copies, 6, seed=0), (copies, 1)).astype(np.float64)
    n = len(points)
    neighbour, distance = nearest_rows(points, 14)
    itself = np.arange(n)[:, None]
    expected, *_ = umap.fuzzy_simplicial_set(
        points,
        15,
        None,
        None,
        knn_indices=np.hstack([itself, neighbour]),
        knn_dists=np.hstack([np.zeros((n, 1)), distance]).astype(np.float32),
    )
    np.testing.assert_allclose(fuzzy_graph(points).toarray(), expected.toarray(), atol=2e-7, rtol=0)


@pytest.mark.parametrize("exponent", [-110, -40, 40, 110])
def test_scale_changes_no_bit(exponent):
    """Points times a power of two have the same weights, beyond single precision's squares too."""
    points = cloud("clusters", 80, 4, seed=9).astype(np.float64)
    scaled = fuzzy_graph(np.ldexp(points, exponent))
    assert abs(scaled - fuzzy_graph(points)).nnz == 0


def test_a_row_far_away_leaves_the_others_as_they_are():
    """Weights are relative within a row: a point at 1e30 does not flatten those within 1e-20."""
    points = 1e-20 * cloud("clusters", 80, 4, seed=9).astype(np.float64)
    joined = fuzzy_graph(np.vstack([points, np.full(4, 1e30)]))
    assert abs(joined[:-1, :-1] - fuzzy_graph(points)).nnz == 0


def test_graph_is_symmetric_with_weights_up_to_one():
    """Weights are in (0, 1], equal in both directions, and no row is its own neighbour."""
    graph = fuzzy_graph(cloud("one cloud", 80, 4, seed=5).astype(np.float64))
    assert abs(graph - graph.T).nnz == 0
    assert graph.data.min() > 0
    assert graph.data.max() <= 1
    assert not graph.diagonal().any()


def test_leiden_leaves_global_random_states_alone():
    """Neither Python's nor NumPy's state moves, and igraph draws from Python's again."""
    graph = fuzzy_graph(cloud("one cloud", 200, 4, seed=6).astype(np.float64))
    random.seed(7)
    state, legacy = random.getstate(), numpy_state()
    leiden(graph, seed=0)
    assert random.getstate() == state
    assert numpy_state() == legacy
    igraph.Graph.Erdos_Renyi(n=10, m=5)
    assert random.getstate() != state


def test_leiden_restores_igraph_after_an_error():
    """A graph igraph refuses does not leave our generator behind."""
    graph = fuzzy_graph(cloud("one cloud", 50, 4, seed=6).astype(np.float64))
    random.seed(7)
    state = random.getstate()
    with pytest.raises(TypeError):
        leiden(graph, seed=0, resolution="high")
    igraph.Graph.Erdos_Renyi(n=10, m=5)
    assert random.getstate() != state


def test_leiden_depends_on_its_seed_only():
    """One seed gives one partition; on a cloud without structure another seed gives another."""
    graph = fuzzy_graph(cloud("one cloud", 300, 10, seed=8).astype(np.float64))
    first = leiden(graph, seed=0)
    random.random()
    np.testing.assert_array_equal(leiden(graph, seed=0), first)
    assert any((leiden(graph, seed=s) != first).any() for s in (1, 2, 3))


def test_two_processes_agree_to_the_last_bit():
    """Other threads, hash seed and global random states: the same bits of every metric."""
    digests = set()
    for seed, threads in (("1", "1"), ("2", "2")):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
        environment = dict.fromkeys(names, threads) | {"PYTHONHASHSEED": seed}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", FINGERPRINT, seed],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(done.stdout.strip())
    assert len(digests) == 1
