"""True edges against scikit-learn, best and chance."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from genearena.metrics.base import NotDefined
from genearena.metrics.latent_edges import METRIC


@pytest.fixture
def known(graph):
    """A graph of genes in groups that are truly correlated, at .5 within and .1 between."""
    group = np.arange(60) // 6
    latent = np.where(group[:, None] == group, -0.5, 0.1)
    np.fill_diagonal(latent, 1)
    made = graph("a", [f"G{g}" for g in range(60)], np.zeros((60, 60)))
    return replace(made, latent=latent.astype(np.float32)), group


def test_equals_sklearn(known, space):
    """Pairs beyond .2 either way are positives."""
    made, _ = known
    z = np.random.default_rng(0).normal(size=(60, 5))
    unit = z / np.linalg.norm(z, axis=1, keepdims=True)
    above = np.triu_indices(60, k=1)
    label, score = (np.abs(made.latent) > 0.2)[above], (unit @ unit.T)[above]
    share = label.mean()
    want = (average_precision_score(label, score) - share) / (1 - share)
    assert METRIC(space([made], [z])).value == pytest.approx(want, abs=1e-5)


def test_best_chance_and_real_data(known, space, graph):
    """Groups give 1 and noise 0; real data have no truth."""
    made, group = known
    assert METRIC(space([made], [np.eye(10)[group]])).value == 1
    noise = [
        METRIC(space([made], [np.random.default_rng(seed).normal(size=(60, 8))])).value
        for seed in range(20)
    ]
    assert np.mean(noise) == pytest.approx(0, abs=0.02)
    with pytest.raises(NotDefined, match="simulated data only"):
        METRIC(space([graph("b", "ABC", np.zeros((3, 3)))], [np.eye(3)]))
