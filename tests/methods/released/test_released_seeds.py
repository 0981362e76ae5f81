"""Released variants, too, train several seeds as one batch."""

import numpy as np
import pytest

from genearena.methods._conformance.usable_task import usable_task
from genearena.methods.registry import METHODS

NAMES = ("gae:released", "vgae:released", "mae:released", "musegnn:released")


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_of_a_batch_learns_what_it_learns_alone(name: str) -> None:
    """At the published rates losses agree to 1e-5, vectors to 1e-5 of the largest entry."""
    method = METHODS.load(name)
    graphs = usable_task(method, {})
    together, alone = ([method(dim=6, epochs=6, seed=s) for s in (0, 1, 2)] for _ in range(2))
    method.fit_seeds(together, [graphs] * 3)
    for one, other in zip(together, alone, strict=True):
        other.fit(graphs)
        np.testing.assert_allclose(one.losses_, other.losses_, rtol=1e-5)
        for a, b in zip(one.embed(), other.embed(), strict=True):
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-5 * np.abs(b).max())
