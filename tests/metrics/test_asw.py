"""Common-gene ASW against scib-metrics, its extremes and its edge cases."""

import numpy as np
import pytest

from genearena.metrics.asw import METRIC
from genearena.metrics.base import NotDefined


def blocks(space, graph, vectors, clusters):
    """Make a space of equal gene sets from one array per data set."""
    n = len(vectors[0])
    genes = [f"G{g}" for g in range(n)]
    graphs = [graph(f"d{b}", genes, np.zeros((n, n))) for b in range(len(vectors))]
    return space(graphs, vectors, np.tile(clusters, len(vectors)))


def test_equals_scib_metrics(space, graph):
    """scib-metrics' batch silhouette on the same rows and clusters, to 1e-6."""
    scib_metrics = pytest.importorskip("scib_metrics")
    rng = np.random.default_rng(0)
    shift = rng.normal(size=(3, 1, 4))
    made = blocks(space, graph, shift + rng.normal(size=(3, 24, 4)), np.arange(24) % 2)
    expected = scib_metrics.silhouette_batch(
        made.rows.astype(np.float32), made.clusters, made.dataset
    )
    assert METRIC(made).value == pytest.approx(float(expected), abs=1e-6)


def test_private_genes_do_not_count(space, graph, task):
    """Moving rows of genes that are not in every data set changes nothing."""
    graphs, vectors = task(0)
    clusters = np.zeros(sum(map(len, vectors)), int)
    first = METRIC(space(graphs, vectors, clusters)).value
    moved = [
        z + 9.0 * np.array([g.startswith("P") for g in one.genes])[:, None]
        for one, z in zip(graphs, vectors, strict=True)
    ]
    assert METRIC(space(graphs, moved, clusters)).value == first


def test_best_is_rows_that_coincide(space, graph):
    """With every row of a cluster in one place the silhouette is 0 and the score 1."""
    place = np.repeat(np.eye(2), 10, axis=0)
    assert METRIC(blocks(space, graph, [place, place], np.repeat([0, 1], 10))).value == 1


def test_worst_is_data_sets_that_stay_apart(space, graph):
    """Tight data sets far apart in one cluster have silhouette 1, so the score tends to 0."""
    rng = np.random.default_rng(1)
    vectors = [1e-4 * rng.normal(size=(10, 3)) + 100 * b for b in range(3)]
    assert METRIC(blocks(space, graph, vectors, np.zeros(10, int))).value < 1e-4


def test_chance_is_what_shuffled_labels_give(space, graph):
    """Random rows score like the same rows under permuted data sets, computed row by row."""
    rng = np.random.default_rng(2)
    rows = rng.normal(size=(60, 6))
    value = METRIC(blocks(space, graph, rows.reshape(2, 30, 6), np.zeros(30, int))).value
    shuffled = [naive(rows, rng.permutation(np.repeat([0, 1], 30))) for _ in range(20)]
    assert value == pytest.approx(np.mean(shuffled), abs=3 * np.std(shuffled))
    assert value > 0.9


def naive(rows, label):
    """One minus the mean absolute silhouette, from its definition."""
    distance = np.linalg.norm(rows[:, None] - rows, axis=2)
    silhouettes = []
    for i in range(len(rows)):
        own = (label == label[i]) & (np.arange(len(rows)) != i)
        a, b = distance[i, own].mean(), distance[i, label != label[i]].mean()
        silhouettes.append((b - a) / max(a, b))
    return 1 - np.abs(silhouettes).mean()


def test_mean_of_clusters_not_of_rows(space, graph):
    """A small and a large cluster count the same; clusters without silhouette do not count."""
    rng = np.random.default_rng(3)
    z = rng.normal(size=(2, 13, 3))
    clusters = np.repeat([0, 1, 2], [3, 9, 1])  # cluster 2: one row per data set
    expected = []
    for c in (0, 1):
        members = z[:, clusters == c]
        label = np.repeat([0, 1], members.shape[1])
        expected.append(naive(members.reshape(-1, 3).astype(np.float32).astype(float), label))
    assert METRIC(blocks(space, graph, z, clusters)).value == pytest.approx(np.mean(expected))


def test_no_mixed_cluster_is_degenerate(space, graph, task):
    """Clusters of one data set each give 0 with a flag, where scIB gives NaN."""
    graphs, vectors = task(0)
    score = METRIC(space(graphs, vectors, np.repeat([0, 1, 2], [len(z) for z in vectors])))
    assert score.value == 0
    assert score.flag.startswith("degenerate: ")


@pytest.mark.parametrize("options", [{"sizes": (30,)}, {"n_common": 0}])
def test_not_defined_without_data_sets_to_compare(space, task, options):
    """One data set, or no common gene, has no ASW."""
    with pytest.raises(NotDefined):
        METRIC(space(*task(0, **options)))
