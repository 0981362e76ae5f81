"""Graph connectivity of labels against a naive search, its extremes, chance and edge cases."""

import numpy as np
import pytest

from genearena.metrics.base import NotDefined
from genearena.metrics.scib_graph_connectivity import METRIC

LABEL = np.arange(90) % 3


def near(place, spread, n_datasets=2, seed=0):
    """Draw the vectors of some data sets around the places of their genes."""
    rng = np.random.default_rng(seed)
    places = np.eye(6)[place]
    return [places + spread * rng.normal(size=places.shape) for _ in range(n_datasets)]


def naive(rows, label):
    """Follow arrows to the 14 nearest within a label, in as many steps as there are rows."""
    distance = np.linalg.norm(rows[:, None] - rows, axis=2)
    nearest = np.argsort(distance, axis=1)[:, :15]
    shares = []
    for each in np.unique(label):
        members = np.flatnonzero(label == each)
        reach = np.array([[j in nearest[i] for j in members] for i in members])
        for _ in members:
            reach = reach @ reach
        shares.append((reach & reach.T).sum(axis=1).max() / len(members))
    return np.mean(shares)


def test_equals_the_naive_search(labelled_space):
    """Rows that reach each other are one component; genes without a label do not count."""
    label = np.where(np.arange(90) < 15, -1, LABEL)
    z = [one.astype(np.float32) for one in near(LABEL, 1.2)]
    kept = np.tile(label, 2) >= 0
    expected = naive(np.concatenate(z).astype(float)[kept], np.tile(label, 2)[kept])
    assert 0.2 < expected < 0.95
    assert METRIC(labelled_space(z, [label] * 2)).value == pytest.approx(expected, abs=1e-12)


def test_best_is_labels_in_one_piece(labelled_space):
    """Each at a place of its own in both data sets."""
    assert METRIC(labelled_space(near(LABEL, 0.05), [LABEL] * 2)).value == 1


def test_data_sets_apart_tear_labels_in_two(labelled_space):
    """Half of each label's rows are in its largest piece."""
    z = [one + 50 * b for b, one in enumerate(near(LABEL, 0.05))]
    assert METRIC(labelled_space(z, [LABEL] * 2)).value == pytest.approx(0.5)


def test_worst_is_every_row_among_others(labelled_space):
    """On a line whose labels come round after more than 14: pieces of one row, a label's least."""
    label = np.arange(120) % 40
    line = (1.0 + np.arange(120))[:, None] * [[1, 0]]
    assert METRIC(labelled_space([line], [label])).value == pytest.approx(1 / 3)


def test_chance_is_low(labelled_space):
    """Noise with many labels: neighbours rarely share one."""
    rng = np.random.default_rng(0)
    z, label = rng.normal(size=(3, 300, 16)), np.arange(300) % 15
    assert METRIC(labelled_space(z, [label] * 3)).value < 0.2


def test_not_defined_with_one_label(labelled_space):
    """There is nothing to be torn by."""
    with pytest.raises(NotDefined, match="fewer than two labels"):
        METRIC(labelled_space([np.eye(5)], [np.zeros(5, int)]))
