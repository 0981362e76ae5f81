"""Neighbours overlap against sets of gene names, extremes and edge cases."""

import numpy as np
import pytest

from genearena.metrics.base import NotDefined
from genearena.metrics.neighbour_overlap import METRIC


def naive(space):
    """Compare every ordered pair of rows of a cluster by Python sets."""
    rows = [
        (position, {graph.genes[h] for h in neighbours.indices})
        for position, graph in enumerate(space.graphs)
        for neighbours in (graph.adjacency[[g]] for g in range(graph.n_genes))
    ]
    total = 0.0
    for cluster in set(space.clusters.tolist()):
        members = [row for row, c in zip(rows, space.clusters, strict=True) if c == cluster]
        overlaps = [
            len(one & other) / len(one | other) if one | other else 0.0
            for i, one in members
            for j, other in members
            if i != j
        ]
        total += len(members) / len(rows) * (np.mean(overlaps) if overlaps else 0.0)
    return total


@pytest.mark.parametrize("density", [0.02, 0.2, 0.8])
def test_equals_a_double_loop_over_sets(space, task, density):
    """Also with genes without neighbours and a cluster of one data set."""
    graphs, vectors = task(3, density=density)
    clusters = np.random.default_rng(3).integers(4, size=sum(map(len, vectors)))
    clusters[: len(vectors[0]) // 2] = 9
    made = space(graphs, vectors, clusters)
    made.clusters[made.clusters == 9] = 4
    assert METRIC(made).value == pytest.approx(naive(made), abs=1e-12)


def test_best_is_equal_neighbour_sets(space, graph):
    """Complete bipartite graphs with a cluster per side have overlap 1."""
    sides = np.kron([[0, 1], [1, 0]], np.ones((5, 5)))
    graphs = [graph(name, "ABCDEFGHIJ", sides) for name in ("one", "two")]
    z = [np.eye(10), np.eye(10)]
    assert METRIC(space(graphs, z, np.tile(np.repeat([0, 1], 5), 2))).value == 1


def test_worst_is_disjoint_or_empty_neighbour_sets(space, graph):
    """Other neighbours in each data set give 0; so do no neighbours at all."""
    genes, nothing = "ABCDEFGHIJ", np.zeros((10, 10))
    one, two = nothing.copy(), nothing.copy()
    one[[0, 1], [1, 0]] = two[[2, 3], [3, 2]] = 1
    z, clusters = [np.eye(10), np.eye(10)], np.zeros(20, int)
    for other in (two, nothing):
        score = METRIC(space([graph("one", genes, one), graph("two", genes, other)], z, clusters))
        assert (score.value, score.flag) == (0, "")
    empty = [graph(name, genes, nothing) for name in ("one", "two")]
    assert METRIC(space(empty, z, clusters)).value == 0


def test_chance_does_not_depend_on_the_clusters(space, task):
    """Clusters dealt at random come close to the overlap of one cluster of everything."""
    graphs, vectors = task(5, sizes=(200, 200), n_common=200, density=0.1)
    dealt = np.random.default_rng(5).integers(4, size=400)
    expected = METRIC(space(graphs, vectors, np.zeros(400, int))).value
    assert METRIC(space(graphs, vectors, dealt)).value == pytest.approx(expected, rel=0.03)


def test_no_mixed_cluster_is_degenerate(space, task):
    """Clusters of one data set each give 0 with a flag."""
    graphs, vectors = task(0)
    score = METRIC(space(graphs, vectors, np.repeat([0, 1, 2], [len(z) for z in vectors])))
    assert (score.value, score.flag) == (0, "degenerate: no cluster mixes data sets")


@pytest.mark.parametrize("options", [{"sizes": (30,)}, {"n_common": 0}])
def test_not_defined_without_data_sets_to_compare(space, task, options):
    """One data set, or no common gene, has no NO."""
    with pytest.raises(NotDefined):
        METRIC(space(*task(0, **options)))
