"""Common-gene retrieval against a loop over genes, closed forms and edge cases."""

import numpy as np
import pytest

from genearena.metrics.base import NotDefined
from genearena.metrics.retrieval import METRIC


def naive(space):
    """Sort the other data set's genes by cosine for every common gene."""
    reciprocal = []
    for i, one in enumerate(space.graphs):
        for j, other in enumerate(space.graphs):
            if i == j:
                continue
            for gene in space.graphs.common_genes:
                z = space.vectors[i][one.index[gene]].astype(float)
                others = space.vectors[j].astype(float)
                cosine = others @ z / np.linalg.norm(others, axis=1) / np.linalg.norm(z)
                ranking = np.argsort(-cosine).tolist()
                reciprocal.append(1 / (1 + ranking.index(other.index[gene])))
    return np.mean(reciprocal)


@pytest.mark.parametrize("seed", [0, 1])
def test_equals_a_loop_over_genes(space, task, seed):
    """All genes of the other data set compete, only common genes are asked for."""
    made = space(*task(seed))
    assert METRIC(made).value == pytest.approx(naive(made), abs=1e-12)


def test_best_is_the_same_vector_everywhere(space, task):
    """A vector per gene name finds itself first, at any length."""
    graphs, _ = task(0, dim=8)
    rng = np.random.default_rng(0)
    own = {gene: rng.normal(size=8) for graph in graphs for gene in graph.genes}
    vectors = [rng.gamma(2, size=(g.n_genes, 1)) * [own[x] for x in g.genes] for g in graphs]
    assert METRIC(space(graphs, vectors)).value == 1


def test_worst_is_the_opposite_vector(space, graph):
    """A gene whose copy points the other way comes last: 1/n."""
    graphs = [graph(name, "ABCDEFGHIJ", np.zeros((10, 10))) for name in ("one", "two")]
    assert METRIC(space(graphs, [np.eye(10), -np.eye(10)])).value == pytest.approx(1 / 10)


def test_chance_is_the_harmonic_mean_rank(space, task):
    """Random vectors give H_n / n."""
    n = 50
    tasks = [task(seed, sizes=(n,) * 4, n_common=n, density=0.01, dim=16) for seed in range(20)]
    expected = (1 / np.arange(1, n + 1)).sum() / n
    values = [METRIC(space(*one)).value for one in tasks]
    assert np.mean(values) == pytest.approx(expected, abs=3 * np.std(values) / np.sqrt(20))


def test_ties_get_their_mean_rank(space, graph):
    """Zero vectors tie with everything: the middle of n ranks."""
    graphs = [graph(name, "ABCDEFGHIJ", np.zeros((10, 10))) for name in ("one", "two")]
    made = space(graphs, [np.zeros((10, 2)), np.eye(10, 2)])
    assert METRIC(made).value == pytest.approx(1 / 5.5)


@pytest.mark.parametrize("options", [{"sizes": (30,)}, {"n_common": 0}])
def test_not_defined_without_data_sets_to_compare(space, task, options):
    """One data set, or no common gene, has nothing to retrieve."""
    with pytest.raises(NotDefined):
        METRIC(space(*task(0, **options)))
