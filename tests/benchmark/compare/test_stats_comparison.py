"""Tests over tasks: equal to scipy, scikit-posthocs and autorank, and right at the extremes."""

import contextlib
import io
import warnings

import numpy as np
import pytest
import scipy.stats as ss

from genearena.benchmark.compare.comparison import Comparison, compare, posteriors
from genearena.benchmark.compare.scores import Compared
from genearena.data.common.errors import UsageError

# the blocks-by-groups example of scikit-posthocs' documentation of Nemenyi's test
DOCUMENTED = np.array(
    [[31, 27, 24], [31, 28, 31], [45, 29, 46], [21, 18, 48], [42, 36, 46], [32, 17, 40]],
    dtype=float,
)


def table(values: np.ndarray, *, higher: bool = True) -> Compared:
    """Return values (tasks, methods) as something to compare."""
    n_blocks, n_methods = values.shape
    return Compared(
        label="AUC",
        higher_is_better=higher,
        methods=tuple("abcdefghijkl"[:n_methods]),
        blocks=tuple(f"t{i}" for i in range(n_blocks)),
        values=values,
        missing={},
        left_out=(),
    )


def pair_p(comparison: Comparison, attribute: str) -> np.ndarray:
    """Return a symmetric table of p-values in the order of the methods."""
    methods = comparison.compared.methods
    p = np.ones((len(methods), len(methods)))
    for pair in comparison.pairs:
        i, j = methods.index(pair.better), methods.index(pair.worse)
        p[i, j] = p[j, i] = getattr(pair, attribute)
    return p


def random_values(n_blocks: int = 10, n_methods: int = 6, seed: int = 0) -> np.ndarray:
    """Return values with ties between methods and equal differences between tasks."""
    rng = np.random.default_rng(seed)
    return np.round(rng.normal(size=(n_blocks, n_methods)) + 0.4 * np.arange(n_methods), 1)


@pytest.mark.parametrize("values", [DOCUMENTED, random_values(), random_values(7, 4, 1)])
def test_friedman_and_nemenyi_are_the_libraries(values: np.ndarray):
    """The statistics are those of scipy and scikit-posthocs."""
    sp = pytest.importorskip("scikit_posthocs")
    found = compare(table(values))
    statistic, p = ss.friedmanchisquare(*values.T)
    assert (found.friedman.statistic, found.friedman.p) == pytest.approx((statistic, p))
    want = sp.posthoc_nemenyi_friedman(values).to_numpy()
    np.testing.assert_allclose(pair_p(found, "nemenyi"), want, rtol=1e-10)


@pytest.mark.parametrize(
    "values", [DOCUMENTED, random_values(7, 4), np.random.default_rng(2).normal(size=(9, 5)),
               random_values(15, 5)],
)  # fmt: skip
def test_wilcoxon_holm_is_scikit_posthocs(values: np.ndarray):
    """Pairwise p-values equal scikit-posthocs', with ties and zeros, exact and asymptotic."""
    sp = pytest.importorskip("scikit_posthocs")
    # our differences are free of rounding noise; integers keep the reference so too
    whole = np.round(values * 1e6)
    want = sp.posthoc_wilcoxon(whole.T, zero_method="zsplit", p_adjust="holm").to_numpy()
    np.testing.assert_allclose(pair_p(compare(table(whole)), "wilcoxon"), want, rtol=1e-9)


@pytest.mark.parametrize("order", ["descending", "ascending"])
def test_places_and_distance_are_autoranks(order: str):
    """Mean ranks, critical difference and omnibus p equal autorank's, in either direction."""
    pd = pytest.importorskip("pandas")
    autorank = pytest.importorskip("autorank")
    values = random_values(12, 5, 3)
    found = compare(table(values, higher=order == "descending"))
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = pd.DataFrame(values, columns=list("abcde"))
        want = autorank.autorank(frame, order=order, force_mode="nonparametric")
    # autorank approximates the quantile of the studentized range
    assert found.critical_difference == pytest.approx(want.cd, rel=1e-4)
    assert found.friedman.p == pytest.approx(want.pvalue)
    assert list(found.mean_places) == pytest.approx(
        list(want.rankdf.loc[list("abcde"), "meanrank"])
    )
    assert list(found.order) == list(want.rankdf.sort_values("meanrank", kind="stable").index)


def test_lower_is_better_turns_the_order():
    """The same values in the other direction give the reverse order and the same p-values."""
    values = np.random.default_rng(4).normal(size=(8, 5))
    up, down = compare(table(values)), compare(table(-values, higher=False))
    assert up.order == down.order
    assert up.order == compare(table(values, higher=False)).order[::-1]
    assert pair_p(up, "wilcoxon") == pytest.approx(pair_p(down, "wilcoxon"))
    assert [p.effect for p in up.pairs] == pytest.approx([p.effect for p in down.pairs])


def test_best_everywhere():
    """A method that always wins has place 1, effect 1 and the smallest exact p-value."""
    values = np.tile([3.0, 2.0, 1.0], (6, 1)) + np.arange(6)[:, None] * 0.1
    found = compare(table(values))
    assert found.order == ("a", "b", "c")
    assert list(found.mean_places) == [1, 2, 3]
    assert found.friedman.kendall_w == pytest.approx(1.0)
    assert {(p.wins, p.ties, p.losses, p.effect) for p in found.pairs} == {(6, 0, 0, 1.0)}
    # Holm leaves the smallest p of three equal ones at three times 2 / 2^6
    assert [p.wilcoxon for p in found.pairs] == pytest.approx([3 * 2 / 64] * 3)
    assert found.smallest_wilcoxon == pytest.approx(3 * 2 / 64)


def test_all_tied():
    """Equal methods get equal places, no effect and p-values of 1."""
    found = compare(table(np.full((6, 4), 0.5)))
    assert set(found.mean_places) == {2.5}
    assert (found.friedman.statistic, found.friedman.p, found.friedman.kendall_w) == (0.0, 1.0, 0.0)
    assert {(p.nemenyi, p.wilcoxon, p.effect) for p in found.pairs} == {(1.0, 1.0, 0.0)}


def test_rounding_noise_is_a_tie():
    """Values that differ in the last bits share their rank."""
    values = np.array([[0.1 + 0.2, 0.3]] * 6)
    assert [p.ties for p in compare(table(values)).pairs] == [6]


def test_too_few_tasks_or_methods_are_not_tested():
    """Four tasks or one method give a reason and no p-value; two methods one Wilcoxon test."""
    few = compare(table(random_values(4, 3)))
    assert few.untestable == "not testable with 4 tissues"
    assert few.friedman is None
    assert {(p.nemenyi, p.wilcoxon) for p in few.pairs} == {(None, None)}
    assert compare(table(np.ones((6, 1)))).untestable == "not testable with 1 method"
    values = np.random.default_rng(0).normal(size=(8, 2))
    two = compare(table(values))
    want = ss.wilcoxon(values[:, 0], values[:, 1]).pvalue
    assert two.friedman is None
    assert two.pairs[0].wilcoxon == pytest.approx(want)


def test_posterior_is_baycomps():
    """Posteriors are baycomp's, in either direction, and sum to one."""
    baycomp = pytest.importorskip("baycomp")
    values = random_values(8, 3, 5)
    found = posteriors(compare(table(values, higher=False)), rope=0.1, n_samples=500, seed=3)
    for (better, worse), posterior in found.items():
        x, y = (-values[:, "abc".index(name)] for name in (better, worse))
        want = baycomp.SignedRankTest.probs(x, y, 0.1, nsamples=500, random_state=3)
        assert (posterior.better, posterior.equal, posterior.worse) == pytest.approx(want)
        assert sum(want) == pytest.approx(1)


def test_posterior_extremes():
    """A clear winner has probability 1 of being better; twins of being equal."""
    values = np.array([[0.9, 0.5, 0.5]] * 8)
    found = posteriors(compare(table(values)), n_samples=200)
    assert found["a", "b"].better == 1.0
    assert found["b", "c"].equal == 1.0
    with pytest.raises(UsageError, match="rope is 0, want a positive difference"):
        posteriors(compare(table(values)), rope=0)
