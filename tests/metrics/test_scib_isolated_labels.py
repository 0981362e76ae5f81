"""Isolated labels against scikit-learn's silhouette, its extremes, chance and edge cases."""

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from genearena.metrics.base import NotDefined
from genearena.metrics.scib_isolated_labels import METRIC

SHARED = np.repeat([0, 1, -1], [12, 9, 5])
PRIVATE = np.repeat([0, 2, -1], [12, 9, 5])
LABELS = [SHARED, SHARED, PRIVATE]


def vectors(spread, seed=0):
    """Draw vectors around the places of their labels."""
    rng = np.random.default_rng(seed)
    return [np.eye(4)[label] + spread * rng.normal(size=(len(label), 4)) for label in LABELS]


def test_equals_scikit_learns_silhouette_of_the_rarest_label(labelled_space):
    """Label 2 is in one data set, 1 in two, 0 in all three: only 2 counts, among all rows."""
    label, z = np.concatenate(LABELS), vectors(0.4)
    kept = label >= 0
    rows = np.concatenate(z).astype(np.float32)[kept]
    silhouette = silhouette_samples(rows.astype(float), label[kept])
    expected = (silhouette[label[kept] == 2].mean() + 1) / 2
    assert METRIC(labelled_space(z, LABELS)).value == pytest.approx(expected, abs=1e-9)


def test_all_labels_count_where_all_are_in_as_many_data_sets(labelled_space):
    """The mean of each, then of both."""
    rng = np.random.default_rng(1)
    z = [rng.normal(size=(len(SHARED), 4)) for _ in range(2)]
    label = np.tile(SHARED, 2)
    kept = label >= 0
    silhouette = silhouette_samples(np.concatenate(z).astype(np.float32)[kept], label[kept])
    means = [silhouette[label[kept] == c].mean() for c in (0, 1)]
    made = labelled_space(z, [SHARED, SHARED])
    assert METRIC(made).value == pytest.approx((np.mean(means) + 1) / 2, abs=1e-5)


def test_best_is_labels_in_one_place_each(labelled_space):
    """Silhouette 1."""
    assert METRIC(labelled_space(vectors(0), LABELS)).value == pytest.approx(1)


def test_worst_is_a_label_torn_between_others(labelled_space):
    """Half of its rows with one label, half with another: silhouette near -1 where it is dense."""
    z = vectors(1e-6)
    z[2][12:21] = np.eye(4)[np.arange(9) % 2]
    z[2][:12] = np.eye(4)[0]
    assert METRIC(labelled_space(z, LABELS)).value < 0.01


def test_chance_is_a_half(labelled_space):
    """Noise has silhouettes around 0."""
    rng = np.random.default_rng(0)
    label = np.arange(300) % 6
    z = rng.normal(size=(2, 300, 8))
    made = labelled_space(z, [label, np.where(label == 5, 6, label)])
    assert METRIC(made).value == pytest.approx(0.5, abs=0.03)


def test_not_defined_with_one_label(labelled_space, space, graph):
    """Nor without any, as in real data."""
    with pytest.raises(NotDefined, match="fewer than two labels"):
        METRIC(labelled_space([np.eye(5)], [np.zeros(5, int)]))
    with pytest.raises(NotDefined, match="simulated data only"):
        METRIC(space([graph("a", "ABCDE", np.zeros((5, 5)))], [np.eye(5)]))
