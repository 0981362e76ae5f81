"""Programme clusters: best, chance, gaps and edge cases."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from genearena.metrics._shared.fuzzy_graph import fuzzy_graph
from genearena.metrics._shared.leiden import leiden
from genearena.metrics.base import NotDefined
from genearena.metrics.programme_clusters import METRIC


@pytest.fixture
def made(graph):
    """A graph of a hundred and twenty genes in six programmes, and some in none."""
    truth = np.r_[np.arange(120) % 6, np.full(20, -1)]
    return graph("a", [f"G{g}" for g in range(140)], np.zeros((140, 140)), truth)


def near(made, spread):
    """Return vectors that scatter around the places of programmes."""
    rng = np.random.default_rng(0)
    return np.eye(7)[made.truth] + spread * rng.normal(size=(140, 7))


def test_best_and_chance(made, space):
    """Places by programme give 1, noise 0."""
    assert METRIC(space([made], [near(made, 0.01)])).value == pytest.approx(1)
    noise = np.random.default_rng(0).normal(size=(140, 7))
    assert METRIC(space([made], [noise])).value == pytest.approx(0, abs=0.05)


def test_equals_sklearn_on_the_clusters_of_programme_genes(made, space):
    """Genes of no programme are in no cluster and in no score."""
    z = near(made, 0.4).astype(np.float32)
    order = np.argsort(made.genes[:120])
    clusters = leiden(fuzzy_graph(z[order].astype(float)), seed=0)
    want = adjusted_mutual_info_score(made.truth[order], clusters)
    assert METRIC(space([made], [z])).value == pytest.approx(want, abs=1e-12)


def test_genes_without_a_vector_do_not_pay(made, space):
    """Each is a cluster of its own, which tells nothing."""
    z = near(made, 0.3)
    full = METRIC(space([made], [z])).value
    z[:40] = 0
    assert METRIC(space([made], [z])).value < full


def test_not_defined_without_programmes(graph, space):
    """Nor on real data."""
    single = graph("a", "ABC", np.zeros((3, 3)), [1, 1, -1])
    with pytest.raises(NotDefined, match="no two programmes"):
        METRIC(space([single], [np.eye(3)]))
    with pytest.raises(NotDefined, match="simulated data only"):
        METRIC(space([graph("b", "ABC", np.zeros((3, 3)))], [np.eye(3)]))
