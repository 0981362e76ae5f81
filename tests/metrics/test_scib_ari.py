"""ARI of clusters and labels: its extremes, chance and edge cases."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from genearena.metrics.base import NotDefined
from genearena.metrics.scib_ari import METRIC

LABEL = np.arange(180) % 6


def near(place, seed=0):
    """Draw the vectors of two data sets around the places of their genes."""
    rng = np.random.default_rng(seed)
    return [np.eye(8)[place] + 0.01 * rng.normal(size=(len(place), 8)) for _ in range(2)]


def test_best_is_one_cluster_per_label(labelled_space):
    """Over both data sets."""
    assert METRIC(labelled_space(near(LABEL), [LABEL] * 2)).value == pytest.approx(1)


def test_a_data_set_of_its_own_is_not_a_label(labelled_space):
    """One blob for each label and data set has NMI well above, and scikit-learn's ARI of that."""
    rng = np.random.default_rng(0)
    z = [one + 5 * b for b, one in enumerate(near(LABEL))]
    apart = np.r_[LABEL, LABEL + 6]
    expected = adjusted_rand_score(np.tile(LABEL, 2), apart)
    made = labelled_space(z, [LABEL] * 2)
    assert METRIC(made).value == pytest.approx(expected, abs=1e-9)
    assert 0.3 < expected < 0.8
    noise = labelled_space(rng.normal(size=(2, 180, 8)), [LABEL] * 2)
    assert METRIC(noise).value == pytest.approx(0, abs=0.03)


def test_worst_is_below_chance_and_in_range(labelled_space):
    """Labels spread evenly over the clusters have fewer pairs together than chance."""
    place = np.arange(180) // 6 % 6
    value = METRIC(labelled_space(near(place), [LABEL] * 2)).value
    assert -0.5 <= value < 0.01


def test_not_defined_with_one_label(labelled_space):
    """A pair of rows always shares it."""
    with pytest.raises(NotDefined, match="fewer than two labels"):
        METRIC(labelled_space([np.eye(5)], [np.zeros(5, int)]))
