"""Shared function against a plain loop, best, chance, and names that try to win it."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from genearena.metrics._shared.precision import chance_precision
from genearena.metrics.base import NotDefined
from genearena.metrics.shared_function import METRIC


@pytest.fixture
def donors(graph):
    """Three donors of genes in six programmes, some in none, each with some genes of its own."""
    rng = np.random.default_rng(0)
    made = []
    for position in range(3):
        names = [f"C{g}" for g in range(60)] + [f"P{position}{g}" for g in range(30)]
        truth = np.where(np.arange(90) % 7 == 6, -1, np.arange(90) % 7)
        order = rng.permutation(90)
        made.append(
            graph(f"d{position}", [names[g] for g in order], np.zeros((90, 90)), truth[order])
        )
    return made


def test_equals_a_plain_loop(donors, space):
    """For every gene of a programme the ranking of another donor's other genes, by sklearn."""
    rng = np.random.default_rng(1)
    z = [rng.normal(size=(90, 6)).astype(np.float32) for _ in donors]
    unit = [v / np.linalg.norm(v.astype(float), axis=1, keepdims=True) for v in z]
    pairs = []
    for i in range(3):
        for j in range(3):
            gains = []
            for g, name in enumerate(donors[i].genes):
                if i == j or donors[i].truth[g] < 0:
                    continue
                others = [h for h, other in enumerate(donors[j].genes) if other != name]
                label = np.array([donors[j].truth[h] == donors[i].truth[g] for h in others])
                chance = chance_precision(len(others), label.sum())
                precision = average_precision_score(label, (unit[j] @ unit[i][g])[others])
                gains.append((precision - chance) / (1 - chance))
            pairs += [np.mean(gains)] if gains else []
    assert METRIC(space(donors, z)).value == pytest.approx(np.mean(pairs), abs=1e-6)


def test_a_donors_own_value_is_the_mean_over_its_pairs(donors, space):
    """As told by scoring every two donors alone."""
    rng = np.random.default_rng(1)
    z = [rng.normal(size=(90, 6)).astype(np.float32) for _ in donors]

    def alone(i, j):
        return METRIC(space([donors[i], donors[j]], [z[i], z[j]])).value

    a, b, c = alone(0, 1), alone(0, 2), alone(1, 2)
    score = METRIC(space(donors, z))
    assert score.parts == pytest.approx([(a + b) / 2, (a + c) / 2, (b + c) / 2])
    assert score.value == pytest.approx((a + b + c) / 3)


def test_best_and_chance(donors, space):
    """A vector per programme gives 1; a vector per row or per name gives 0."""
    # genes without a programme, number -1, are in a place of their own
    best = [np.eye(8)[d.truth] for d in donors]
    assert METRIC(space(donors, best)).value == pytest.approx(1)
    rng = np.random.default_rng(0)
    own = {gene: rng.normal(size=16) for d in donors for gene in d.genes}
    rows = [rng.normal(size=(90, 16)) for _ in donors]
    names = [np.stack([own[gene] for gene in d.genes]) for d in donors]
    for vectors in (rows, names):
        assert METRIC(space(donors, vectors)).value == pytest.approx(0, abs=0.02)


def test_genes_without_a_vector_do_not_pay(donors, space):
    """They count as chance where they ask, and lie anywhere where they answer."""
    rng = np.random.default_rng(0)
    vectors = [np.eye(8)[d.truth] + 0.4 * rng.normal(size=(90, 8)) for d in donors]
    full = METRIC(space(donors, vectors)).value
    for v in vectors:
        v[:30] = 0
    assert METRIC(space(donors, vectors)).value < full


def test_not_defined_without_truth_or_company(donors, graph, space):
    """Real data have no programmes, and one donor has no other."""
    z = np.eye(3)
    real = [graph(name, "ABC", np.zeros((3, 3))) for name in "ab"]
    with pytest.raises(NotDefined, match="simulated data only"):
        METRIC(space(real, [z, z]))
    with pytest.raises(NotDefined):
        METRIC(space(donors[:1], [np.eye(90)]))
