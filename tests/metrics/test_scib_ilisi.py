"""iLISI by scib-metrics: equal to ours, its extremes and edge cases."""

import numpy as np
import pytest

from genearena.metrics.base import NotDefined
from genearena.metrics.ilisi import METRIC as OURS
from genearena.metrics.scib_ilisi import METRIC


def equal_genes(space, graph, vectors):
    """Make a space of equal gene sets from one array per data set."""
    n = len(vectors[0])
    genes = [f"G{g}" for g in range(n)]
    return space([graph(f"d{b}", genes, np.zeros((n, n))) for b in range(len(vectors))], vectors)


@pytest.mark.parametrize("scale", [1e-20, 1e-3, 1.0, 1e4, 1e20])
@pytest.mark.parametrize("n", [15, 120])
def test_both_engines_agree(space, graph, n, scale):
    """To 1e-6, with scib-metrics 0.5 and 0.6 alike, few rows and many, at any scale."""
    rng = np.random.default_rng(n)
    shift = rng.normal(size=(3, 1, 8))
    made = equal_genes(space, graph, scale * (0.5 * shift + rng.normal(size=(3, n, 8))))
    assert 0.1 < METRIC(made).value < 0.95
    assert METRIC(made).value == pytest.approx(OURS(made).value, abs=1e-6)


def test_data_sets_without_vectors_count(space, graph):
    """Of three data sets two mixed ones are half of the way, as ours has it."""
    z = np.random.default_rng(0).normal(size=(3, 100, 8))
    z[2] = 0
    made = equal_genes(space, graph, z)
    assert METRIC(made).value == pytest.approx(OURS(made).value, abs=1e-6)
    assert METRIC(made).value == pytest.approx(0.45, abs=0.05)


def test_worst_is_data_sets_that_stay_apart(space, graph):
    """Exactly 0."""
    z = np.random.default_rng(0).normal(size=(2, 95, 4))
    made = equal_genes(space, graph, z + np.array([0, 1e3])[:, None, None])
    assert METRIC(made).value == pytest.approx(0, abs=1e-12)


def test_noise_is_near_the_best(space, graph):
    """Which is every data set as heavy in every neighbourhood."""
    z = np.random.default_rng(0).normal(size=(2, 200, 4))
    assert 0.9 < METRIC(equal_genes(space, graph, z)).value <= 1


@pytest.mark.parametrize(
    ("options", "message"),
    [({"sizes": (30,)}, "one data set"), ({"n_common": 0}, "no gene is in every data set")],
)
def test_not_defined(space, task, options, message):
    """One data set, or no common gene, has no iLISI."""
    with pytest.raises(NotDefined, match=message):
        METRIC(space(*task(0, **options)))
