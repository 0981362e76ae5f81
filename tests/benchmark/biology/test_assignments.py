"""Exchanged conditions: all ways, against scipy, and how often chance is called a difference."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from genearena.benchmark.biology.conditions.assignments import compared, design
from genearena.data.common.errors import DataError, UsageError
from genearena.data.graphs import GraphCollection
from genearena.methods.example import example_graphs

FIRST = example_graphs()[0]


def task(*donors):
    """Return a task of these donors and conditions."""
    graphs = (
        replace(FIRST, name=f"{number}", donor=donor, condition=condition)
        for number, (donor, condition) in enumerate(donors)
    )
    return GraphCollection("lung", "mine", tuple(graphs))


def paired(n):
    """Return a task of n donors under both conditions."""
    return task(*((f"d{i}", condition) for i in range(n) for condition in ("a", "b")))


def alone(*conditions):
    """Return a task of donors under one condition each."""
    return task(*((f"d{i}", condition) for i, condition in enumerate(conditions)))


def gram(values):
    """Return the products of (n, G, features) values, or (n, G), of any two donors."""
    values = values.reshape(*values.shape[:2], -1)
    return np.einsum("rgf,sgf->grs", values, values)


@pytest.mark.parametrize(
    ("graphs", "ways", "least"),
    [
        (alone(*"aabb"), 6, 1 / 3),
        (alone(*"aabbb"), 10, 1 / 10),
        (alone(*"aaaabbbb"), 70, 1 / 35),
        (paired(5), 32, 1 / 16),
        (task(("x", "a"), ("x", "b"), ("y", "a"), ("z", "b"), ("w", "b")), 6, 1 / 6),
    ],
)
def test_all_ways_to_exchange_conditions_are_tried(graphs, ways, least):
    """Once each, the true one first, each as long and as free of what pairs have in common."""
    made = design(graphs)
    assert made.exact
    assert len(np.unique(made.contrasts, axis=0)) == len(made.contrasts) == ways
    assert made.smallest_p == pytest.approx(least)
    np.testing.assert_allclose(np.linalg.norm(made.contrasts, axis=1), 1)
    np.testing.assert_allclose(made.contrasts @ made.within, made.contrasts, atol=1e-12)
    assert made.conditions == ("a", "b")


def test_some_of_all_ways_speak_for_all():
    """The first 500 of 924 prefer no donor: whoever has no time for all may ask these."""
    made = design(alone(*"aaaaaabbbbbb"))
    assert made.exact
    assert len(np.unique(made.contrasts, axis=0)) == 924
    assert abs(np.sign(made.contrasts[1:501]).mean(axis=0)).max() < 4 / np.sqrt(500)


def test_too_many_ways_are_drawn():
    """Without preference, and the same for a seed."""
    graphs = paired(15)
    made = design(graphs, seed=1)
    assert not made.exact
    assert len(made.contrasts) == 10_000
    assert made.smallest_p <= 3 / 10_000
    assert (made.contrasts == design(graphs, seed=1).contrasts).all()
    assert abs(np.sign(made.contrasts[1:]).mean(axis=0)).max() < 4 / 100


def test_paired_p_values_are_those_of_scipy():
    """Of one number a donor, by exchanges within pairs."""
    rng = np.random.default_rng(0)
    values = rng.normal(size=(7, 2, 4)) + np.outer([0, 1], [0, 0.5, 1, 2])
    mine = compared(gram(values.reshape(14, 4)), design(paired(7)))
    want = stats.permutation_test(
        (values[:, 0], values[:, 1]),
        lambda a, b, axis: abs((a - b).mean(axis=axis)),
        permutation_type="samples",
        alternative="greater",
        n_resamples=np.inf,
        axis=0,
    )
    np.testing.assert_allclose(mine.p, want.pvalue, rtol=1e-12)
    np.testing.assert_allclose(mine.q, stats.false_discovery_control(want.pvalue))


def test_unpaired_p_values_are_those_of_scipy():
    """Of one number a donor, by exchanges among all."""
    rng = np.random.default_rng(1)
    values = rng.normal(size=(9, 5)) + np.outer(np.arange(9) >= 4, [0, 0.5, 1, 2, 3])
    mine = compared(gram(values), design(alone(*"aaaabbbbb")))
    want = stats.permutation_test(
        (values[:4], values[4:]),
        lambda a, b, axis: abs(a.mean(axis=axis) - b.mean(axis=axis)),
        permutation_type="independent",
        alternative="greater",
        n_resamples=np.inf,
        axis=0,
    )
    np.testing.assert_allclose(mine.p, want.pvalue, rtol=1e-12)


def test_shares_are_those_of_sums_of_squares():
    """Of vectors, as Anderson's, plus the median; p and family-wise p by a plain loop."""
    rng = np.random.default_rng(2)
    values = rng.normal(size=(6, 8, 3))
    values[3:, 0] += 2

    def parts(second):
        middle = values.mean(axis=0)
        between = sum(
            len(side) * ((values[side].mean(axis=0) - middle) ** 2).sum(axis=1)
            for side in (list(second), sorted(set(range(6)) - set(second)))
        )
        return between, ((values - middle) ** 2).sum(axis=(0, 2))

    total = parts((3, 4, 5))[1]
    every = np.array([parts(s)[0] for s in combinations(range(6), 3)]) / (total + np.median(total))
    true = parts((3, 4, 5))[0] / (total + np.median(total))
    mine = compared(gram(values), design(alone(*"aaabbb")))
    np.testing.assert_allclose(mine.share, true, atol=1e-9)
    np.testing.assert_allclose(mine.p, (every >= true - 1e-9).mean(axis=0))
    highest = every.max(axis=1, keepdims=True)
    np.testing.assert_allclose(mine.family_wise, (highest >= true - 1e-9).mean(axis=0))
    assert mine.overall == np.mean(every.mean(axis=1) >= true.mean() - 1e-9)
    assert mine.by_chance == pytest.approx(every.mean())
    assert mine.share.argmax() == 0


def test_best_and_worst():
    """Consistent differences are everything, equal ones nothing, whatever pairs have in common."""
    rng = np.random.default_rng(3)
    of_donor = np.repeat(rng.normal(size=(5, 3, 4)), 2, axis=0)
    under = np.where(np.arange(10) % 2, 1.0, 0.0)[:, None, None] * [[[1], [0], [0]]]
    noise = rng.normal(size=(10, 3, 4)) * [[[0], [0], [1]]]
    mine = compared(gram(of_donor + under + noise), design(paired(5)))
    total = np.array([10.0, 0, np.square(noise[::2] - noise[1::2]).sum() / 2])
    assert mine.share[0] == pytest.approx(10 / (10 + np.median(total)))
    assert (mine.p[0], mine.share[1], mine.p[1]) == (1 / 16, 0, 1)


@pytest.mark.parametrize("graphs", [alone(*"aaabbb"), paired(5)], ids=["alone", "paired"])
def test_chance_is_called_a_difference_as_often_as_it_says(graphs):
    """Even if all genes of a donor are moved together: per gene, of any, and on the whole."""
    made, n_trials, n_genes = design(graphs), 600, 20
    rng, level = np.random.default_rng(4), 2 * made.smallest_p
    called = np.zeros(4)
    for _ in range(n_trials):
        together = rng.normal(size=(len(made.blocks), 1, 3)) * rng.uniform(0, 3)
        found = compared(gram(rng.normal(size=(len(made.blocks), n_genes, 3)) + together), made)
        called += (
            found.p[0] <= level, found.overall <= level, found.family_wise.min() <= level,
            found.q.min() <= level,
        )  # fmt: skip
    low, high = stats.binom.interval(0.999, n_trials, level)
    assert low <= called[0] <= high
    assert low <= called[1] <= high
    assert called[2] <= high
    assert called[3] <= high


def test_graphs_of_one_donor_are_one():
    """Cells measured twice are no further donor."""
    once = [("x", "a"), ("y", "a"), ("z", "b"), ("w", "b")]
    twice = design(task(*once, *once))
    assert twice.smallest_p == pytest.approx(1 / 3)
    assert twice.averages.sum(axis=1).tolist() == [1] * 4
    assert (twice.averages > 0).sum() == 8


def test_donors_without_a_counterpart_are_left_out():
    """Those under one condition alone, if all others have both."""
    made = design(task(("x", "a"), ("x", "b"), ("y", "a"), ("y", "b"), ("z", "a")))
    assert (made.left_out, made.graphs, made.n_pairs) == (("z",), (0, 1, 2, 3), 2)


def test_what_cannot_be_compared_is_refused():
    """In one line that says what there is, and what to do."""
    with pytest.raises(UsageError, match=r"no graph of lung .* has a condition; add .*--condition"):
        design(alone("", ""))
    with pytest.raises(UsageError, match="has the condition a, b, c; want two, chosen by --betw"):
        design(alone(*"abc"))
    with pytest.raises(UsageError, match="has the condition a; want two"):
        design(alone(*"aa"))
    with pytest.raises(UsageError, match="has no condition 'd'"):
        design(alone(*"abc"), between=("a", "d"))
    with pytest.raises(DataError, match="has 1 of a and 1 of b: too few donors"):
        design(alone(*"ab"))
    with pytest.raises(DataError, match="has 1 of a and 1 of b: too few donors"):
        design(paired(1))
    assert design(alone(*"aabbc"), between=("c", "a")).conditions == ("c", "a")
    assert design(example_graphs().with_graphs(alone(*"aabb").graphs), by="condition").exact
