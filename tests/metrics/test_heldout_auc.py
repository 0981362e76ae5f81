"""Held-out edge AUC against scikit-learn, extremes and edge cases."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from genearena.data.holdout import HiddenPairs, hide_edges
from genearena.metrics.base import NotDefined
from genearena.metrics.embedding_space import HeldOut
from genearena.metrics.heldout_auc import METRIC


def with_heldout(made, vectors, fraction=0.3):
    """Add a training with hidden edges to a space."""
    _, pairs = hide_edges(made.graphs, fraction=fraction, seed=0)
    return replace(made, heldout=HeldOut(tuple(vectors), pairs))


def test_equals_sklearn_on_the_second_vectors(space, task):
    """The vectors are those of the second training; the pairs are the hidden ones."""
    graphs, vectors = task(0)
    second = task(1)[1]
    made = with_heldout(space(graphs, vectors), second)
    expected = []
    for z, pairs in zip(second, made.heldout.pairs, strict=True):
        unit = z.astype(float) / np.linalg.norm(z.astype(float), axis=1, keepdims=True)
        first, last = np.hstack([pairs.edges, pairs.non_edges])
        label = np.repeat([1, 0], [pairs.edges.shape[1], pairs.non_edges.shape[1]])
        expected.append(roc_auc_score(label, (unit[first] * unit[last]).sum(axis=1)))
    assert METRIC(made).value == pytest.approx(np.mean(expected), abs=1e-12)


def test_best_worst_and_chance(space, graph, adjacency):
    """Rows of A + 2nI point along their edges; opposite signs reverse; random is a half."""
    rng = np.random.default_rng(0)
    pairs = np.kron(np.eye(50), [[0, 1], [1, 0]])
    made = space([graph("one", [f"G{g}" for g in range(100)], pairs)], [np.eye(100)])
    same = np.repeat(np.eye(50), 2, axis=0).astype(np.float32)
    opposite = (same * np.tile([1, -1], 50)[:, None]).astype(np.float32)
    assert METRIC(with_heldout(made, [same])).value == 1
    assert METRIC(with_heldout(made, [opposite])).value == 0
    large = space(
        [graph("one", [f"G{g}" for g in range(300)], adjacency(rng, 300, 0.2))], [np.eye(300)]
    )
    random = rng.normal(size=(300, 8)).astype(np.float32)
    assert METRIC(with_heldout(large, [random], 0.5)).value == pytest.approx(0.5, abs=0.02)


def test_graphs_without_hidden_edges_are_left_out(space, task):
    """A graph that had no edge to hide is not in the mean, and the score says so."""
    graphs, vectors = task(0, sizes=(30, 30))
    made = with_heldout(space(graphs, vectors), vectors)
    nothing = HiddenPairs(np.zeros((2, 0), int), np.zeros((2, 0), int))
    first = HeldOut(made.heldout.vectors, (made.heldout.pairs[0], nothing))
    alone = with_heldout(space(graphs[:1], vectors[:1]), vectors[:1])
    score = METRIC(replace(made, heldout=first))
    assert score.value == METRIC(alone).value
    assert score.flag == "partial: 1 of 2 graphs have no hidden edges"
    with pytest.raises(NotDefined, match="every graph has no hidden edges"):
        METRIC(replace(made, heldout=HeldOut(made.heldout.vectors, (nothing, nothing))))


def test_not_defined_without_a_second_training(space, task):
    """Without held-out vectors there is nothing to score."""
    with pytest.raises(NotDefined, match="no training with hidden edges"):
        METRIC(space(*task(0)))
