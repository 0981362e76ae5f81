"""Edges over degree: vectors of the degrees alone are at 0."""

import numpy as np
import pytest

from genearena.metrics.edges_over_degree import METRIC
from genearena.metrics.replicated_edges import METRIC as ALL_EDGES


def test_the_product_of_degrees_itself_is_at_zero(graph, space):
    """Cosines in the order of the products get what the products get: nothing over them."""
    rng = np.random.default_rng(0)
    propensity = rng.uniform(0.05, 0.9, size=80)
    chance = np.outer(propensity, propensity)
    shown, other = (np.triu(rng.random((80, 80)) < chance, k=1) for _ in range(2))
    shown, other = shown | shown.T, other | other.T
    made = graph("a", [f"G{g}" for g in range(80)], shown, None, other)
    share = shown.sum(axis=0) / 80
    # a common axis by degree, and an axis of its own for each gene
    z = np.hstack([share[:, None], np.diag(np.sqrt(1 - share**2))])
    assert METRIC(space([made], [z])).value == pytest.approx(0, abs=2e-3)
    assert ALL_EDGES(space([made], [z])).value > 0.1
