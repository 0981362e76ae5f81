"""Genes to compare with: neither of two numbers tells them from a gene."""

from itertools import product

import numpy as np
import pytest

from genearena.metrics._annotation.matching import balanced, shares


@pytest.fixture
def ranks():
    """Shares of two numbers of many sizes, the second small and often equal."""
    rng = np.random.default_rng(0)
    return shares(np.stack([rng.lognormal(size=200), rng.poisson(rng.lognormal(0, 1, 200))]))


def test_no_number_tells_a_gene_from_those_it_is_compared_with(ranks):
    """Above and below weigh alike, so that who ranks by either number is right half the time."""
    rng = np.random.default_rng(1)
    members = rng.random(200) < 0.6 * ranks[1] ** 2  # genes of more are more often asked about
    for number in range(2):
        right, plain = [], []
        for gene in np.flatnonzero(members):
            others, weights = balanced(ranks, int(gene), ~members)
            value = ranks[number]
            if others.size:
                assert weights.sum() == pytest.approx(1)
                assert not members[others].any()
                beats = (value[gene] > value[others]) + (value[gene] == value[others]) / 2
                right.append(weights @ beats)
            plain.append(np.mean(value[gene] > value[~members]))
        assert np.mean(right) == pytest.approx(0.5, abs=0.03)
        assert np.mean(plain) > 0.6 or number == 0


def test_others_are_those_of_a_loop(ranks):
    """The nearest of each corner, of opposite corners both or none."""
    free = np.random.default_rng(2).random(200) < 0.3
    for gene in range(0, 200, 7):
        others, weights = balanced(ranks, gene, free, k=3)
        want = {}
        for first, second in product((1, -1), repeat=2):
            own = [
                (abs(ranks[0, i] - ranks[0, gene]) + abs(ranks[1, i] - ranks[1, gene]), i)
                for i in range(200)
                if free[i] and i != gene
                and first * (ranks[0, i] - ranks[0, gene]) >= 0
                and second * (ranks[1, i] - ranks[1, gene]) >= 0
            ]  # fmt: skip
            want[first, second] = [i for _, i in sorted(own)[:3]]
        used = [
            corner
            for one, two in (((1, 1), (-1, -1)), ((1, -1), (-1, 1)))
            if want[one] and want[two]
            for corner in (one, two)
        ]
        assert others.tolist() == [i for corner in used for i in want[corner]]
        each = [1 / len(want[corner]) / len(used) for corner in used for _ in want[corner]]
        np.testing.assert_allclose(weights, each)


def test_a_gene_that_has_most_of_everything_has_no_like():
    """Nor is there one where no gene may be taken."""
    ranks = shares(np.array([[1.0, 2, 3], [1, 2, 3]]))
    assert not balanced(ranks, 2, np.ones(3, bool))[0].size
    assert not balanced(ranks, 1, np.zeros(3, bool))[0].size
    assert sorted(balanced(ranks, 1, np.ones(3, bool))[0]) == [0, 2]
