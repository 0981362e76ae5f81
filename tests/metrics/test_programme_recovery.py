"""Programme recovery against scikit-learn, extremes and edge cases."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from genearena.metrics.base import NotDefined
from genearena.metrics.programme_recovery import METRIC


def one_graph(graph, truth):
    """Make a graph of genes with the given programmes."""
    genes = [f"G{g}" for g in range(len(truth))]
    return graph("one", genes, np.zeros((len(truth),) * 2), truth)


def test_equals_sklearn_over_pairs_of_programme_genes(graph, space):
    """Genes without a programme are in no pair."""
    rng = np.random.default_rng(0)
    truth, z = rng.integers(-1, 4, size=60), rng.normal(size=(60, 5)).astype(np.float32)
    unit = z.astype(float) / np.linalg.norm(z.astype(float), axis=1, keepdims=True)
    label, score = [], []
    for g in range(60):
        for h in range(g):
            if truth[g] >= 0 and truth[h] >= 0:
                label.append(truth[g] == truth[h])
                score.append(unit[g] @ unit[h])
    value = METRIC(space([one_graph(graph, truth)], [z])).value
    assert value == pytest.approx(roc_auc_score(label, score), abs=1e-12)


def test_best_worst_and_chance(graph, space):
    """Equal vectors per programme give 1, opposite ones 0, random ones about a half."""
    truth = np.repeat(np.arange(5), 2)
    same = np.repeat(np.eye(5), 2, axis=0)
    assert METRIC(space([one_graph(graph, truth)], [same])).value == 1
    opposite = same * np.tile([1, -1], 5)[:, None]
    assert METRIC(space([one_graph(graph, truth)], [opposite])).value == 0
    rng = np.random.default_rng(0)
    made = space([one_graph(graph, np.arange(300) % 6)], [rng.normal(size=(300, 16))])
    assert METRIC(made).value == pytest.approx(0.5, abs=0.02)


def test_graphs_without_two_programmes_are_left_out(graph, space):
    """A graph of one programme is not in the mean, and the score says so."""
    rng = np.random.default_rng(0)
    usable, single = one_graph(graph, [0, 0, 1, 1]), graph("b", "ABC", np.zeros((3, 3)), [2, 2, 2])
    z = [rng.normal(size=(n, 3)) for n in (4, 3)]
    score = METRIC(space([usable, single], z))
    assert score.value == METRIC(space([usable], z[:1])).value
    assert score.flag.startswith("partial: 1 of 2 graphs")


def test_not_defined_on_real_data(graph, space):
    """Without a truth there is nothing to recover."""
    made = space([graph("one", "ABC", np.zeros((3, 3)))], [np.eye(3)])
    with pytest.raises(NotDefined, match="simulated data only"):
        METRIC(made)
