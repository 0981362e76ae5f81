"""Negative-binomial fits against numerical optimisation of scipy's likelihood."""

import numpy as np
import pytest
from scipy import optimize, sparse, stats

from genearena.data.preprocessing._sctransform.fit import gene_statistics
from genearena.data.preprocessing._sctransform.negative_binomial import (
    fit_dispersions,
    fit_intercepts,
    moment_dispersion,
)

ADJUSTMENT = 0.495


@pytest.fixture(scope="module")
def drawn():
    """Counts of twelve genes of means 0.05 to 60 and dispersions 0.02 to 5, and depths."""
    rng = np.random.default_rng(0)
    depth = rng.lognormal(0, 0.6, 400)
    mean = np.outer(depth, np.geomspace(0.05, 60, 12))
    size = 1 / np.tile([0.02, 0.3, 5.0], 4)
    x = rng.negative_binomial(size, size / (size + mean))
    return x, sparse.csc_array(x, dtype=float), depth


def log_likelihood(y, mean, dispersion):
    """Sum scipy's log probabilities."""
    size = 1 / dispersion
    return stats.nbinom.logpmf(y, size, size / (size + mean)).sum()


@pytest.mark.parametrize("dispersion", [1e-4, 0.1, 1.0, 20.0])
def test_intercepts_maximise_the_likelihood(drawn, dispersion):
    """Each intercept is where scipy finds the maximum for a known dispersion."""
    x, counts, depth = drawn
    got = fit_intercepts(counts, depth, np.full(12, dispersion))
    for gene in range(12):
        y = x[:, gene]

        def loss(b, y=y):
            return -log_likelihood(y, depth * np.exp(b), dispersion)

        middle = np.log(y.mean())
        want = optimize.minimize_scalar(loss, bracket=(middle - 1, middle + 1), tol=1e-10).x
        assert got[gene] == pytest.approx(want, abs=1e-5)


def test_intercept_without_dispersion_is_the_log_ratio_of_sums(drawn):
    """For Poisson counts the maximum is in closed form."""
    x, counts, depth = drawn
    got = fit_intercepts(counts, depth, np.zeros(12))
    np.testing.assert_allclose(got, np.log(x.sum(axis=0) / depth.sum()), rtol=1e-12)


def test_intercept_of_equal_depths_does_not_depend_on_the_dispersion(drawn):
    """With one depth the mean is the maximum for every dispersion."""
    x, counts, _ = drawn
    got = fit_intercepts(counts, np.full(400, 2.0), np.geomspace(1e-3, 1e3, 12))
    np.testing.assert_allclose(got, np.log(x.mean(axis=0) / 2), rtol=1e-8, atol=1e-8)


def test_dispersions_maximise_the_adjusted_likelihood(drawn):
    """Each dispersion is where scipy finds the maximum with the Cox-Reid term taken off."""
    x, counts, depth = drawn
    intercept = fit_intercepts(counts, depth, np.full(12, 0.5))
    got = fit_dispersions(counts, depth, intercept, np.full(12, 0.5))
    for gene in range(12):
        mean = depth * np.exp(intercept[gene])

        def loss(logarithm, y=x[:, gene], mean=mean):
            a = np.exp(logarithm)
            information = (mean / (1 + a * mean)).sum()
            return ADJUSTMENT * np.log(information) - log_likelihood(y, mean, a)

        grid = np.linspace(-12, 5, 80)
        best = grid[np.argmin([loss(v) for v in grid])]
        found = optimize.minimize_scalar(
            loss, bounds=(best - 0.3, best + 0.3), method="bounded", options={"xatol": 1e-9}
        )
        if got[gene] == 0:
            assert best < -11
        else:
            assert np.log(got[gene]) == pytest.approx(found.x, abs=2e-4)


def test_dispersion_does_not_depend_on_the_start(drawn):
    """Starts over six orders of magnitude climb to one maximum."""
    _, counts, depth = drawn
    intercept = fit_intercepts(counts, depth, np.full(12, 0.5))
    want = fit_dispersions(counts, depth, intercept, np.full(12, 0.5))
    for start in (0.0, 1e-3, 1e3):
        got = fit_dispersions(counts, depth, intercept, np.full(12, start))
        np.testing.assert_allclose(got, want, rtol=1e-6)


def test_underdispersed_counts_have_dispersion_zero():
    """Counts that vary less than Poisson counts end at the boundary."""
    rng = np.random.default_rng(1)
    counts = sparse.csc_array(rng.binomial(4, 0.9, (300, 3)), dtype=float)
    depth = np.ones(300)
    intercept = fit_intercepts(counts, depth, np.zeros(3))
    np.testing.assert_array_equal(fit_dispersions(counts, depth, intercept, np.ones(3)), 0)


def test_adjustment_makes_up_for_the_fitted_intercept():
    """Over many small samples the estimates centre on the truth, which plain maxima fall below."""
    rng = np.random.default_rng(2)
    x = rng.negative_binomial(2, 2 / (2 + 50.0), (12, 3000))
    counts, depth = sparse.csc_array(x, dtype=float), np.ones(12)
    intercept = fit_intercepts(counts, depth, np.full(3000, 0.5))
    got = fit_dispersions(counts, depth, intercept, np.full(3000, 0.5))
    assert np.mean(got) == pytest.approx(0.5, rel=0.05)


def test_gene_statistics_equal_numpys(drawn):
    """Mean, variance and log10 geometric mean agree with the dense formulas."""
    x, counts, depth = drawn
    got = gene_statistics(counts)
    np.testing.assert_allclose(got.mean, x.mean(axis=0))
    np.testing.assert_allclose(got.variance, x.var(axis=0, ddof=1))
    geometric = stats.gmean(x + 1, axis=0) - 1
    np.testing.assert_allclose(got.log_mean, np.log10(geometric))
    start = moment_dispersion(got.mean, got.variance, depth)
    want = (x.var(axis=0, ddof=1) - x.mean(axis=0) / depth.mean()) / x.mean(axis=0) ** 2
    np.testing.assert_allclose(start, np.maximum(want, 0))
