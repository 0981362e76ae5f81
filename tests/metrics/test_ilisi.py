"""Common-gene iLISI against scib-metrics, closed forms and edge cases."""

import numpy as np
import pytest

from genearena.metrics._shared.nearest_rows import nearest_rows
from genearena.metrics.base import NotDefined
from genearena.metrics.ilisi import METRIC, lisi


def equal_genes(space, graph, vectors):
    """Make a space of equal gene sets from one array per data set."""
    n = len(vectors[0])
    genes = [f"G{g}" for g in range(n)]
    return space([graph(f"d{b}", genes, np.zeros((n, n))) for b in range(len(vectors))], vectors)


@pytest.mark.parametrize(("n", "scale"), [(120, 1.0), (120, 1e4), (120, 1e-3), (15, 1.0)])
def test_equals_scib_metrics(space, graph, n, scale):
    """scib-metrics on the same neighbours, in double precision, to 1e-6."""
    jax, scib_metrics = pytest.importorskip("jax"), pytest.importorskip("scib_metrics")
    from scib_metrics.nearest_neighbors import NeighborsResults

    rng = np.random.default_rng(n)
    shift = rng.normal(size=(3, 1, 8))
    made = equal_genes(space, graph, scale * (0.5 * shift + rng.normal(size=(3, n, 8))))
    k = min(90, 3 * n - 1)
    neighbour, distance = nearest_rows(made.rows, k)
    itself = np.arange(3 * n)[:, None]
    with jax.enable_x64(True):
        neighbours = NeighborsResults(
            indices=np.hstack([itself, neighbour]),
            distances=np.hstack([np.zeros((3 * n, 1)), distance]),
        )
        expected = scib_metrics.ilisi_knn(neighbours, made.dataset, perplexity=k // 3)
    assert METRIC(made).value == pytest.approx(float(expected), abs=1e-6)


def test_best_is_as_many_of_each(space):
    """Neighbours at one distance, as many of every label, give the number of labels."""
    label = np.tile(np.arange(3), (5, 10))
    np.testing.assert_allclose(lisi(np.ones((5, 30)), label, perplexity=10), 3, rtol=1e-12)


def test_worst_is_one_label(space, graph):
    """Data sets of more than 90 genes far apart have no neighbour elsewhere: exactly 0."""
    rng = np.random.default_rng(0)
    made = equal_genes(space, graph, [rng.normal(size=(95, 4)) + 1e3 * b for b in range(2)])
    assert METRIC(made).value == pytest.approx(0, abs=1e-12)


def test_chance_has_its_closed_form():
    """Random labels and equal weights: the Simpson index is 1/B + (1 - 1/B)/k on average."""
    rng = np.random.default_rng(1)
    label = rng.integers(4, size=(20000, 30))
    simpson = 1 / lisi(np.ones(label.shape), label, perplexity=10)
    assert simpson.mean() == pytest.approx(1 / 4 + (3 / 4) / 30, rel=5e-3)


def test_weights_have_the_asked_perplexity():
    """With all labels different the index is the inverse sum of squares of LISI's weights."""
    distance = np.sort(np.random.default_rng(2).gamma(3, size=(1, 30)))
    index = lisi(distance, np.arange(30)[None], perplexity=10)
    rates = np.geomspace(1e-3, 1e3, 200_001)
    weights = np.exp(-distance * rates[:, None])
    weights /= weights.sum(axis=1, keepdims=True)
    entropy = -np.where(weights > 0, weights * np.log(np.maximum(weights, 1e-300)), 0).sum(axis=1)
    best = weights[np.abs(entropy - np.log(10)).argmin()]
    assert index[0] == pytest.approx(1 / (best**2).sum(), rel=1e-3)


def test_copies_and_extreme_scales_stay_in_range(space, graph):
    """Rows that coincide, and vectors of 1e-30 or 1e30, give a finite value within 0 to 1."""
    rng = np.random.default_rng(3)
    z = rng.normal(size=(40, 4))
    for vectors in ([z, z, z], [1e30 * z, 1e30 * z + 1], [1e-30 * z, -1e-30 * z]):
        assert 0 <= METRIC(equal_genes(space, graph, vectors)).value <= 1


@pytest.mark.parametrize("exponent", [-140, -70, 70, 140])
def test_scale_changes_no_bit(exponent):
    """Distances times a power of two give the same index of every row."""
    rng = np.random.default_rng(4)
    distance, label = np.sort(rng.gamma(2, size=(50, 30))), rng.integers(3, size=(50, 30))
    scaled = lisi(np.ldexp(distance, exponent), label, perplexity=10)
    np.testing.assert_array_equal(scaled, lisi(distance, label, perplexity=10))


def test_every_row_has_a_scale_of_its_own():
    """Neighbours at 1e-20 and one at 1e20 get the index they have without the far one."""
    rng = np.random.default_rng(5)
    near, label = np.sort(rng.gamma(2, size=(50, 30))), rng.integers(3, size=(50, 31))
    distance = np.hstack([1e-20 * near, np.full((50, 1), 1e20)])
    alone = lisi(near, label[:, :-1], perplexity=10)
    np.testing.assert_allclose(lisi(distance, label, perplexity=10), alone, atol=1e-4)


def test_private_genes_do_not_count(space, task):
    """Neighbours are looked for among the common rows only."""
    graphs, vectors = task(0)
    moved = [
        z + 9.0 * np.array([g.startswith("P") for g in one.genes])[:, None]
        for one, z in zip(graphs, vectors, strict=True)
    ]
    assert METRIC(space(graphs, moved)).value == METRIC(space(graphs, vectors)).value


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sizes": (30,)}, "one data set"),
        ({"n_common": 0}, "no gene is in every data set"),
        ({"n_common": 2}, "2 genes are in every data set, want 10 or more"),
    ],
)
def test_not_defined(space, task, options, message):
    """One data set, no common gene, or too few rows for a a number has no iLISI."""
    with pytest.raises(NotDefined, match=message):
        METRIC(space(*task(0, **options)))
