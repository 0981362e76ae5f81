"""Common genes ratio against its definition, extremes and edge cases."""

import numpy as np
import pytest

from genearena.metrics.base import NotDefined
from genearena.metrics.cgr import METRIC


def naive(space):
    """Follow the definition cluster by cluster."""
    names = [gene for graph in space.graphs for gene in graph.genes]
    total = 0.0
    for cluster in set(space.clusters.tolist()):
        members = [name for name, c in zip(names, space.clusters, strict=True) if c == cluster]
        total += len(members) / len(names) * (1 - len(set(members)) / len(members))
    return total


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_equals_the_definition(space, task, seed):
    """Cluster by cluster, gene by gene, the sum is the same."""
    graphs, vectors = task(seed)
    clusters = np.random.default_rng(seed).integers(4, size=sum(map(len, vectors)))
    made = space(graphs, vectors, clusters)
    assert METRIC(made).value == pytest.approx(naive(made), abs=1e-12)


def test_best_is_one_less_one_over_data_sets(space, task):
    """All genes shared and each gene's rows together: 1 - 1/B."""
    made = space(*task(0, sizes=(10, 10, 10, 10), n_common=10))
    vars(made)["clusters"] = made.gene
    assert METRIC(made).value == pytest.approx(1 - 1 / 4, abs=1e-12)


def test_worst_is_every_gene_torn_apart(space, task):
    """Mixed clusters that never hold a gene twice score 0 without a flag."""
    made = space(*task(0, sizes=(10, 10), n_common=10))
    vars(made)["clusters"] = (made.gene + 5 * made.dataset) % 10
    score = METRIC(made)
    assert score.value == 0
    assert not score.flag


def test_chance_has_its_closed_form(space, task):
    """Rows dealt at random into C clusters: 1 - C(1 - (1 - 1/C)^B)/B on average."""
    made = space(*task(0, sizes=(1000,) * 3, n_common=1000, density=0, dim=2))
    vars(made)["clusters"] = np.random.default_rng(4).integers(5, size=3000)
    expected = 1 - 5 * (1 - (1 - 1 / 5) ** 3) / 3
    assert METRIC(made).value == pytest.approx(expected, abs=0.015)


def test_no_mixed_cluster_is_degenerate(space, task):
    """Clusters of one data set each give 0 with a flag."""
    graphs, vectors = task(0)
    score = METRIC(space(graphs, vectors, np.repeat([0, 1, 2], [len(z) for z in vectors])))
    assert (score.value, score.flag) == (0, "degenerate: no cluster mixes data sets")


@pytest.mark.parametrize("options", [{"sizes": (30,)}, {"n_common": 0}])
def test_not_defined_without_data_sets_to_compare(space, task, options):
    """One data set, or no common gene, has no CGR."""
    with pytest.raises(NotDefined):
        METRIC(space(*task(0, **options)))
