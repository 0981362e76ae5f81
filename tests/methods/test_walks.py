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


def p_values(walks: np.ndarray, dense: np.ndarray, p: float, q: float) -> list[float]:
    """Test every (before, here) -> there count against the formula by chi-square.

    Given the two genes before it, a step is independent of the rest of its walk. The first
    value pools all tests, those after it are one for each pair of genes that leaves a choice.
    """
    counts = Counter(
        triple for row in walks.tolist() for triple in zip(row, row[1:], row[2:], strict=False)
    )
    tests = []
    for before, here in np.argwhere(dense):
        probabilities = exact(dense, before, here, p, q)
        support = np.flatnonzero(probabilities)
        expected = probabilities[support]
        seen = np.array([counts[before, here, there] for there in support])
        assert seen.sum() * expected.min() > 10, "too few walks for a chi-square test"
        if len(support) > 1:
            tests.append((*stats.chisquare(seen, seen.sum() * expected), len(support) - 1))
    statistic, _, freedom = np.sum(tests, axis=0)
    return [float(stats.chi2.sf(statistic, freedom)), *(test[1] for test in tests)]


SETTINGS = [(1.0, 1.0), (0.2, 5.0), (4.0, 0.25), (0.5, 0.5), (3.0, 2.0), (0.05, 1.0)]


@pytest.mark.parametrize(("p", "q"), SETTINGS)
def test_second_steps_have_the_exact_probabilities(p: float, q: float) -> None:
    """On triangles, a square and a pendant; GIANT's p and q and every order of the weights."""
    walks = second_order_walks(small_graph(), walks_per_gene=4000, length=12, p=p, q=q, seed=5)
    pooled, *single = p_values(walks, small_graph().toarray(), p, q)
    assert pooled > 0.01
    assert min(single) > 0.01 / len(single)


@pytest.mark.parametrize(("p", "q"), [(0.2, 5.0), (1.0, 0.5)])
def test_second_steps_are_exact_on_a_graph_of_many_degrees(p: float, q: float) -> None:
    """On 25 genes of 3 to 12 neighbours, with GIANT's and node2vec's p and q."""
    rng = np.random.default_rng(8)
    weight = np.linspace(0.2, 0.8, 25)
    upper = np.triu(rng.random((25, 25)) < np.outer(weight, weight), k=1)
    dense = (upper | upper.T).astype(np.int8)
    walks = second_order_walks(
        sparse.csr_array(dense), walks_per_gene=400, length=150, p=p, q=q, seed=3
    )
    pooled, *single = p_values(walks, dense, p, q)
    assert pooled > 0.01
    assert min(single) > 0.01 / len(single)


@pytest.mark.parametrize(
    ("walked", "claimed"),
    [
        ((1.0, 1.0), (0.2, 5.0)),  # first-order walks
        ((5.0, 0.2), (0.2, 5.0)),  # weights instead of their inverses
        ((0.2, 1.0), (0.2, 5.0)),  # common neighbours not told from others
        ((0.2, 5.0), (0.25, 5.0)),  # the way back slightly too likely
    ],
)
def test_other_walks_would_be_found_out(
    walked: tuple[float, float], claimed: tuple[float, float]
) -> None:
    """The test above refuses walks of other settings, first-order ones among them."""
    p, q = walked
    walks = second_order_walks(small_graph(), walks_per_gene=4000, length=12, p=p, q=q, seed=5)
    assert p_values(walks, small_graph().toarray(), *claimed)[0] < 1e-6


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
