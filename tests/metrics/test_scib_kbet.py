"""kBET against the test written with scipy, its extremes, chance and edge cases."""

import numpy as np
import pytest
from scipy.stats import chisquare

from genearena.metrics.base import NotDefined
from genearena.metrics.scib_kbet import METRIC


def equal_genes(space, graph, vectors):
    """Make a space of equal gene sets from one array per data set."""
    n = len(vectors[0])
    genes = [f"G{g:04d}" for g in range(n)]
    return space([graph(f"d{b}", genes, np.zeros((n, n))) for b in range(len(vectors))], vectors)


def drawn(n, shift, n_datasets=3, seed=0):
    """Draw data sets of n genes, moved apart by about `shift`."""
    rng = np.random.default_rng(seed)
    return shift * rng.normal(size=(n_datasets, 1, 8)) + rng.normal(size=(n_datasets, n, 8))


@pytest.mark.parametrize(("n", "size", "shift"), [(100, 26, 0.2), (20, 11, 0.5)])
def test_equals_scipys_test(space, graph, n, size, shift):
    """Row by row: the k nearest and itself, a quarter of a data set's rows and at least ten."""
    vectors = drawn(n, shift).astype(np.float32)
    rows = np.concatenate(vectors).astype(float)
    distance = np.linalg.norm(rows[:, None] - rows, axis=2)
    nearest = np.argsort(distance, axis=1)[:, :size] // n
    counts = [np.bincount(one, minlength=3) for one in nearest]
    expected = np.mean([chisquare(one).pvalue >= 0.05 for one in counts])
    assert 0.2 < expected < 0.95
    assert METRIC(equal_genes(space, graph, vectors)).value == pytest.approx(expected)


def test_best_is_all_data_sets_in_every_place(space, graph):
    """Copies of rows lie together: each neighbourhood of eleven holds two data sets evenly."""
    place = np.repeat(np.eye(10), 6, axis=0)
    rng = np.random.default_rng(0)
    vectors = [100 * place + 1e-3 * rng.normal(size=place.shape) for _ in range(2)]
    assert METRIC(equal_genes(space, graph, vectors)).value == 1


def test_worst_is_data_sets_that_stay_apart(space, graph):
    """Every neighbourhood is of one data set and is told apart."""
    assert METRIC(equal_genes(space, graph, drawn(60, 1e3))).value == 0


def test_chance_is_the_level_of_the_test(space, graph):
    """Noise is told apart in about one neighbourhood of twenty."""
    assert METRIC(equal_genes(space, graph, drawn(400, 0))).value == pytest.approx(0.95, abs=0.03)


def test_one_data_set_with_vectors_is_degenerate(space, graph):
    """What has no vector in the others has not mixed them."""
    z = drawn(40, 0)
    z[1:] = 0
    score = METRIC(equal_genes(space, graph, z))
    assert score.value == 0
    assert score.flag == "degenerate: one data set has vectors"


@pytest.mark.parametrize(
    ("options", "message"),
    [({"sizes": (30,)}, "one data set"), ({"n_common": 0}, "no gene is in every data set")],
)
def test_not_defined(space, task, options, message):
    """One data set, or no common gene, has no kBET."""
    with pytest.raises(NotDefined, match=message):
        METRIC(space(*task(0, **options)))
