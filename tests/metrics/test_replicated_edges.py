"""Replicated edges against scikit-learn, best, worst and chance, and what tries to win them."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from genearena.metrics.base import NotDefined
from genearena.metrics.replicated_edges import METRIC


def test_equals_sklearn_pair_by_pair(graph, space, adjacency):
    """The adjusted precision of every pair's cosine for the other half's edges, by a plain loop."""
    rng = np.random.default_rng(0)
    graphs, vectors, want = [], [], []
    for name in "ab":
        other = adjacency(rng, 40, 0.2)
        z = rng.normal(size=(40, 5)).astype(np.float32)
        graphs.append(
            graph(name, [f"G{g}" for g in range(40)], adjacency(rng, 40, 0.2), None, other)
        )
        vectors.append(z)
        label, score = [], []
        for g in range(40):
            for h in range(g):
                label.append(other[g, h])
                score.append(z[g] @ z[h] / np.linalg.norm(z[g]) / np.linalg.norm(z[h]))
        share = np.mean(label)
        want.append((average_precision_score(label, score) - share) / (1 - share))
    assert METRIC(space(graphs, vectors)).value == pytest.approx(np.mean(want), abs=1e-6)


def blocks(n=60, size=10):
    """Return edges within groups of genes, and the group of each."""
    group = np.arange(n) // size
    edges = group[:, None] == group
    np.fill_diagonal(edges, val=False)
    return edges, group


def test_best_worst_and_chance(graph, space):
    """Vectors by group give 1, vectors that avoid it little above -1, random ones 0."""
    edges, group = blocks(20, 10)
    made = graph("a", [f"G{g}" for g in range(20)], edges, None, edges)
    assert METRIC(space([made], [np.eye(2)[group]])).value == 1
    # within a group genes point away from each other, between groups at right angles
    worst = np.kron(np.eye(2), np.eye(10) - 0.1)
    worst += 1e-3 * np.random.default_rng(0).normal(size=worst.shape)
    last = np.arange(1, 91) / (100 + np.arange(1, 91))
    want = (last.mean() - 90 / 190) / (1 - 90 / 190)
    assert METRIC(space([made], [worst])).value == pytest.approx(want, abs=1e-9)
    edges, _ = blocks(300, 10)
    many = graph("a", [f"G{g}" for g in range(300)], edges, None, edges)
    rng = np.random.default_rng(0)
    assert METRIC(space([many], [rng.normal(size=(300, 16))])).value == pytest.approx(0, abs=0.01)


def test_coincident_rows_win_nothing(graph, space):
    """Two vectors for all genes are two heaps of ties: what is joined by chance."""
    rng = np.random.default_rng(0)
    edges, _ = blocks(200, 10)
    made = graph("a", [f"G{g}" for g in range(200)], edges, None, edges)
    spots = np.eye(2)[rng.integers(2, size=200)]
    assert METRIC(space([made], [spots])).value == pytest.approx(0, abs=0.02)


def test_leaving_genes_out_does_not_pay(graph, space):
    """Without vectors for the genes that a method places badly its score is no better."""
    rng = np.random.default_rng(1)
    edges, group = blocks(100, 10)
    made = graph("a", [f"G{g}" for g in range(100)], edges, None, edges)
    z = np.eye(10)[group] + 0.3 * rng.normal(size=(100, 10))
    z[:30] = rng.normal(size=(30, 10))
    full = METRIC(space([made], [z])).value
    blank, tiny = z.copy(), z.copy()
    blank[:30] = 0
    tiny[:30] *= 1e-30
    assert METRIC(space([made], [blank])).value <= full + 0.02
    assert METRIC(space([made], [tiny])).value == pytest.approx(full, abs=1e-9)


def test_donors_without_a_second_half_are_left_out_and_said(graph, space):
    """One of two donors has no cells kept back; without any there is no score."""
    edges, group = blocks(20, 10)
    names = [f"G{g}" for g in range(20)]
    whole, split = graph("a", names, edges), graph("b", names, edges, None, edges)
    z = np.eye(2)[group]
    score = METRIC(space([whole, split], [z, z]))
    assert score.value == 1
    assert score.flag.startswith("partial: 1 of 2 graphs have no cells kept back")
    with pytest.raises(NotDefined, match="no cells kept back"):
        METRIC(space([whole], [z]))
