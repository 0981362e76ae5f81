"""Edge AUC against scikit-learn, its extremes and its edge cases."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from genearena.metrics._shared.roc import roc_auc
from genearena.metrics.base import NotDefined
from genearena.metrics.edge_auc import METRIC


def by_sklearn(space):
    """Score each graph by scikit-learn from a full cosine matrix, and average."""
    values = []
    for graph, z in zip(space.graphs, space.vectors, strict=True):
        unit = z.astype(float) / np.linalg.norm(z.astype(float), axis=1, keepdims=True)
        label, score = graph.adjacency.toarray(), unit @ unit.T
        above = np.triu_indices(len(z), k=1)
        values.append(roc_auc_score(label[above], score[above]))
    return np.mean(values)


@pytest.mark.parametrize("decimals", [12, 1, 0])
def test_area_equals_sklearn_with_and_without_ties(decimals):
    """The rank statistic is scikit-learn's area to 1e-12, however many scores are tied."""
    rng = np.random.default_rng(decimals)
    score = np.round(rng.normal(size=3000), decimals)
    label = rng.random(3000) < 0.2
    expected = roc_auc_score(label, score)
    assert roc_auc(score[label], score[~label]) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", [0, 1])
def test_equals_sklearn_on_pairs(task, space, seed):
    """Each unordered pair counts once and the diagonal does not."""
    made = space(*task(seed))
    assert METRIC(made).value == pytest.approx(by_sklearn(made), abs=1e-12)


def test_best_and_worst(graph, space):
    """Edges between equal vectors give 1, edges between opposite ones 0."""
    pairs = np.kron(np.eye(3), [[0, 1], [1, 0]])
    same = np.repeat(np.eye(3), 2, axis=0)
    opposite = same * np.tile([1, -1], 3)[:, None]
    assert METRIC(space([graph("one", "ABCDEF", pairs)], [same])).value == 1
    assert METRIC(space([graph("one", "ABCDEF", pairs)], [opposite])).value == 0


def test_vectors_that_know_nothing_score_a_half(graph, space, adjacency):
    """Random vectors come close to 0.5, and vectors on one ray are all ties: exactly 0.5."""
    rng = np.random.default_rng(0)
    one = graph("one", [f"G{g}" for g in range(300)], adjacency(rng, 300, 0.1))
    assert METRIC(space([one], [rng.normal(size=(300, 16))])).value == pytest.approx(0.5, abs=0.02)
    ray = np.outer(rng.gamma(2, 1, size=300), rng.normal(size=16))
    assert METRIC(space([one], [ray])).value == 0.5


def test_graphs_without_or_with_all_edges_are_left_out(graph, space, adjacency):
    """The mean is that of the usable graph, and the score says that two are missing."""
    rng = np.random.default_rng(1)
    usable = graph("usable", "ABCDEFGH", adjacency(rng, 8, 0.4))
    empty, full = (
        graph("empty", "ABC", np.zeros((3, 3))),
        graph("full", "ABC", 1 - np.eye(3)),
    )
    z = [rng.normal(size=(n, 3)) for n in (8, 3, 3)]
    score = METRIC(space([usable, empty, full], z))
    assert score.value == METRIC(space([usable], z[:1])).value
    assert score.flag == "partial: 2 of 3 graphs have no edges or no other pairs"


def test_no_usable_graph_is_not_defined(graph, space):
    """A task whose only graph has no edges has no edge AUC."""
    made = space([graph("empty", "ABC", np.zeros((3, 3)))], [np.eye(3)])
    with pytest.raises(NotDefined, match="every graph has no edges or no other pairs"):
        METRIC(made)
