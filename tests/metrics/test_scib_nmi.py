"""NMI of clusters and labels: against scikit-learn and the package by itself, and its extremes."""

import numpy as np
import pytest
from sklearn.metrics import normalized_mutual_info_score

from genearena.metrics.base import NotDefined
from genearena.metrics.scib_nmi import METRIC

LABEL = np.arange(120) % 6


def near(place, spread=0.01, n_datasets=2, seed=0):
    """Draw the vectors of some data sets around the places of their genes."""
    rng = np.random.default_rng(seed)
    return [np.eye(8)[place] + spread * rng.normal(size=(len(place), 8)) for _ in range(n_datasets)]


def test_best_is_one_cluster_per_label(labelled_space):
    """Over both data sets; genes without a label lie anywhere."""
    label = np.where(np.arange(120) < 20, -1, LABEL)
    place = np.where(label < 0, np.arange(120) % 7, label)
    assert METRIC(labelled_space(near(place), [label] * 2)).value == pytest.approx(1)


def test_labels_that_share_a_place_are_scikit_learns(labelled_space):
    """Places of two labels each are clusters, whatever the resolution up to 2."""
    made = labelled_space(near(LABEL // 2, spread=1e-4), [LABEL] * 2)
    expected = normalized_mutual_info_score(LABEL, LABEL // 2)
    assert METRIC(made).value == pytest.approx(expected, abs=0.1)
    assert METRIC(made).value < 0.8


def test_equals_the_package_with_umaps_graph(labelled_space):
    """The neighbour graph we hand over is umap-learn's, and so are the clusters."""
    import scib_metrics
    from scib_metrics.nearest_neighbors import NeighborsResults

    z = [one.astype(np.float32) for one in near(LABEL, spread=0.4)]
    made = labelled_space(z, [LABEL] * 2, seed=3)
    rows = np.concatenate(z).astype(float)
    distance = np.linalg.norm(rows[:, None] - rows, axis=2)
    nearest = np.argsort(distance, axis=1)[:, :15]
    neighbours = NeighborsResults(
        indices=nearest, distances=np.take_along_axis(distance, nearest, axis=1)
    )
    label = np.tile(LABEL, 2)
    both = scib_metrics.nmi_ari_cluster_labels_leiden(neighbours, label, seed=3)
    assert 0.3 < both["nmi"] < 0.99
    assert METRIC(made).value == pytest.approx(both["nmi"], abs=1e-9)


def test_chance_is_low_but_above_nothing(labelled_space):
    """Noise: clusters tell a little of labels by chance, which NMI is not adjusted for."""
    rng = np.random.default_rng(0)
    value = METRIC(labelled_space(rng.normal(size=(2, 120, 8)), [LABEL] * 2)).value
    assert 0.01 < value < 0.2


def test_not_defined_with_one_label(labelled_space, space, graph):
    """Nor without any, as in real data."""
    with pytest.raises(NotDefined, match="fewer than two labels"):
        METRIC(labelled_space([np.eye(5)], [np.zeros(5, int)]))
    with pytest.raises(NotDefined, match="simulated data only"):
        METRIC(space([graph("a", "ABCDE", np.zeros((5, 5)))], [np.eye(5)]))
