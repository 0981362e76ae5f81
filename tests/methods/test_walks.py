"""Second-order walks follow node2vec's transition probabilities."""

from collections import Counter

import numpy as np
import pytest
from scipy import sparse, stats

from genearena.methods._walks.second_order import second_order_walks

# a triangle with a square and a pendant, so that every kind of step occurs
EDGES = [(0, 1), (1, 2), (0, 2), (2, 3), (3, 4), (4, 5), (5, 2), (5, 6)]
ISOLATED = 7


def small_graph() -> sparse.csr_array:
    """Return the adjacency of EDGES with one isolated gene."""
    dense = np.zeros((8, 8), dtype=np.int8)
    for a, b in EDGES:
        dense[a, b] = dense[b, a] = 1
    return sparse.csr_array(dense)


def exact(dense: np.ndarray, before: int, here: int, p: float, q: float) -> np.ndarray:
    """Write out the search bias of Grover & Leskovec for one pair of steps."""
    weights = np.zeros(len(dense))
    for there in np.flatnonzero(dense[here]):
        if there == before:
            weights[there] = 1 / p
        elif dense[before, there]:
            weights[there] = 1
        else:
            weights[there] = 1 / q
    return weights / weights.sum()


@pytest.mark.parametrize(("p", "q"), [(1.0, 1.0), (0.2, 5.0), (4.0, 0.25)])
def test_second_steps_have_the_exact_probabilities(p: float, q: float) -> None:
    """Chi-square of every (before, here) -> there count against the formula."""
    dense = small_graph().toarray()
    walks = second_order_walks(small_graph(), walks_per_gene=2000, length=12, p=p, q=q, seed=5)
    counts = Counter(triple for row in walks for triple in zip(row, row[1:], row[2:], strict=False))
    pairs = [(a, b) for a, b in EDGES] + [(b, a) for a, b in EDGES]
    p_values = []
    for before, here in pairs:
        probabilities = exact(dense, before, here, p, q)
        support = np.flatnonzero(probabilities)
        seen = np.array([counts[before, here, there] for there in support])
        assert seen.sum() > 500
        if len(support) > 1:
            p_values.append(stats.chisquare(seen, seen.sum() * probabilities[support]).pvalue)
    assert min(p_values) > 0.01 / len(p_values)


def test_first_steps_are_uniform() -> None:
    """Without a gene before, each neighbour is as likely."""
    walks = second_order_walks(small_graph(), walks_per_gene=4000, length=2, p=9, q=0.1, seed=1)
    seen = np.bincount(walks[walks[:, 0] == 2, 1], minlength=8)[[0, 1, 3, 5]]
    assert stats.chisquare(seen).pvalue > 0.001


def test_walks_follow_edges_and_start_everywhere_once_a_round() -> None:
    """Steps are edges; every connected gene starts each round; isolated genes are left out."""
    dense = small_graph().toarray()
    walks = second_order_walks(small_graph(), walks_per_gene=3, length=9, p=0.5, q=2, seed=0)
    assert walks.shape == (21, 9)
    assert dense[walks[:, :-1], walks[:, 1:]].all()
    rounds = walks[:, 0].reshape(3, 7)
    assert (np.sort(rounds) == np.arange(7)).all()
    assert len({tuple(order) for order in rounds}) > 1
    assert ISOLATED not in walks


def test_a_pair_of_genes_can_only_go_to_and_fro() -> None:
    """The smallest graph leaves no choice, whatever p."""
    pair = sparse.csr_array(np.array([[0, 1], [1, 0]], dtype=np.int8))
    walks = second_order_walks(pair, walks_per_gene=1, length=5, p=100, q=1, seed=0)
    assert {tuple(walk) for walk in walks} == {(0, 1, 0, 1, 0), (1, 0, 1, 0, 1)}


def test_seeds_decide_the_walks() -> None:
    """One seed, one set of walks; another seed, others."""

    def walk(seed: int) -> np.ndarray:
        return second_order_walks(small_graph(), walks_per_gene=5, length=10, p=0.5, q=2, seed=seed)

    np.testing.assert_array_equal(walk(1), walk(1))
    assert (walk(1) != walk(2)).any()
