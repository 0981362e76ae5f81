"""Specific function against scikit-learn, best, worst and chance, and one vector per name."""

from itertools import combinations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from genearena.metrics.base import NotDefined
from genearena.metrics.specific_function import METRIC


@pytest.fixture
def donors(graph):
    """Three donors of the same hundred genes, of which each has moved a dozen elsewhere."""
    rng = np.random.default_rng(0)
    made = []
    for position in range(3):
        truth = np.where(np.arange(100) % 6 == 5, -1, np.arange(100) % 6)
        moved = rng.choice(100, 12, replace=False)
        truth[moved] = np.where(truth[moved] < 0, -1, (truth[moved] + 1) % 5)
        order = rng.permutation(100)
        names = [f"G{g}" for g in order]
        made.append(graph(f"d{position}", names, np.zeros((100, 100)), truth[order]))
    return made


def test_equals_sklearn_over_pairs_of_donors(donors, space):
    """Genes that both donors have in some programme, cosine distance, by a plain loop."""
    rng = np.random.default_rng(1)
    z = [rng.normal(size=(100, 6)).astype(np.float32) for _ in donors]
    values = []
    for i, j in combinations(range(3), 2):
        label, distance = [], []
        for g, gene in enumerate(donors[i].genes):
            h = donors[j].index[gene]
            if donors[i].truth[g] < 0 or donors[j].truth[h] < 0:
                continue
            a, b = z[i][g].astype(float), z[j][h].astype(float)
            label.append(donors[i].truth[g] != donors[j].truth[h])
            distance.append(-a @ b / np.linalg.norm(a) / np.linalg.norm(b))
        values.append(2 * roc_auc_score(label, distance) - 1)
    assert METRIC(space(donors, z)).value == pytest.approx(np.mean(values), abs=1e-9)


def test_best_worst_and_chance(donors, space):
    """A vector per programme gives 1, its opposite -1, any one vector per name exactly 0."""
    best = [np.eye(5)[d.truth] for d in donors]
    assert METRIC(space(donors, best)).value == 1
    rng = np.random.default_rng(0)
    own = {f"G{g}": rng.normal(size=8) for g in range(100)}
    names = [np.stack([own[gene] for gene in d.genes]) for d in donors]
    assert METRIC(space(donors, names)).value == 0
    # of two donors: along the other where the function differs, at right angles where not
    first, second = donors[:2]
    before = first.truth[[first.index[gene] for gene in second.genes]]
    apart = np.where((before == second.truth)[:, None], [0.0, 1.0], [1.0, 0.0])
    assert METRIC(space([first, second], [np.eye(2)[[0] * 100], apart])).value == -1


def test_a_gene_without_a_vector_is_a_guess(donors, space):
    """Only pairs of genes with vectors tell a change from none; all of them right, the rest 0."""
    first, second = donors[:2]
    best = [np.eye(5)[d.truth] for d in (first, second)]
    kept = set(first.genes[::2])
    best[0][[row for row, gene in enumerate(first.genes) if gene not in kept]] = 0

    def programme(donor, gene):
        return donor.truth[donor.index[gene]]

    both = [g for g in first.genes if min(programme(first, g), programme(second, g)) >= 0]
    differs = np.array([programme(first, g) != programme(second, g) for g in both])
    known = np.array([gene in kept for gene in both])
    share = (differs & known).sum() * (~differs & known).sum() / differs.sum() / (~differs).sum()
    assert METRIC(space([first, second], best)).value == pytest.approx(share)
    assert 0 < share < 1


def test_not_defined_where_nothing_moves(graph, space):
    """Nor on real data, nor with one donor."""
    truth = np.repeat(np.arange(5), 2)
    alike = [graph(name, [f"G{g}" for g in range(10)], np.zeros((10, 10)), truth) for name in "ab"]
    z = [np.eye(10)] * 2
    with pytest.raises(NotDefined, match="change programme"):
        METRIC(space(alike, z))
    real = [graph(name, "ABC", np.zeros((3, 3))) for name in "ab"]
    with pytest.raises(NotDefined, match="simulated data only"):
        METRIC(space(real, [np.eye(3)] * 2))
