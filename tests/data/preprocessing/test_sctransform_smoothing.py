"""Steps that share fits among genes, against naive loops and closed forms."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from genearena.data.preprocessing._sctransform.fit import dispersion_trend
from genearena.data.preprocessing._sctransform.smoothing import (
    binned_outliers,
    even_sample,
    kernel_regression,
    normal_reference,
    regularise,
    sheather_jones,
    spread,
)


def naive_sheather_jones(x):
    """Solve the equation over all pairs of values, without bins, to machine precision."""
    n = len(x)
    distance = np.array([a - b for a in x for b in x])

    def functional(order, h):
        derivative = {
            4: lambda u: u**4 - 6 * u**2 + 3,
            6: lambda u: u**6 - 15 * u**4 + 45 * u**2 - 15,
        }[order]
        u = distance / h
        return (derivative(u) * stats.norm.pdf(u)).sum() / (n * (n - 1) * h ** (order + 1))

    quartiles = stats.iqr(x) / 1.349
    scale = min(np.std(x, ddof=1), quartiles)
    a, b = 1.24 * scale * n ** (-1 / 7), 1.23 * scale * n ** (-1 / 9)
    ratio = functional(4, a) / -functional(6, b)

    def equation(h):
        pilot = 1.357 * ratio ** (1 / 7) * h ** (5 / 7)
        return (1 / (2 * np.sqrt(np.pi) * n * functional(4, pilot))) ** 0.2 - h

    highest = 1.144 * scale * n**-0.2
    return optimize.brentq(equation, 0.02 * highest, 2 * highest), highest


@pytest.mark.parametrize("kind", ["normal", "two modes", "skewed"])
def test_bandwidth_solves_the_equation_of_sheather_and_jones(kind):
    """The binned, roughly located root is within 1 % of the reference bandwidth of the root."""
    rng = np.random.default_rng(0)
    x = {
        "normal": rng.normal(3, 1, 300),
        "two modes": np.concatenate([rng.normal(-2, 0.2, 150), rng.normal(1, 0.5, 150)]),
        "skewed": rng.gamma(2, 1, 300),
    }[kind]
    want, highest = naive_sheather_jones(x)
    assert sheather_jones(x) == pytest.approx(want, abs=0.012 * highest)


def test_bandwidth_scales_and_shifts_with_the_values():
    """Twice the spread is twice the bandwidth, and the location does not matter."""
    x = np.random.default_rng(1).gamma(3, 1, 500)
    want = sheather_jones(x)
    assert sheather_jones(2 * x) == pytest.approx(2 * want, rel=1e-9)
    assert sheather_jones(x + 50) == pytest.approx(want, rel=0.02)


@pytest.mark.parametrize("x", [[], [1.0], [2.0, 2.0, 2.0], [0.3 - 1e-17] * 9 + [0.3]])
def test_bandwidth_of_values_without_spread_is_zero(x):
    """Nothing to smooth over gives 0 rather than an error."""
    assert sheather_jones(np.array(x)) == 0
    assert spread(np.array(x)) == 0


def test_bandwidth_of_few_values_is_the_normal_reference():
    """With fewer than five values 1.06 s n^(-1/5) stands in."""
    x = np.array([0.0, 1.0, 2.0, 4.0])
    s = min(np.std(x, ddof=1), stats.iqr(x) / 1.349)
    assert sheather_jones(x) == pytest.approx(1.06 * s * 4**-0.2)
    assert normal_reference(x) == sheather_jones(x)


def test_kernel_regression_equals_a_naive_loop():
    """Weights are normal with σ = 0.3706506 bandwidths and end at 4 σ."""
    rng = np.random.default_rng(0)
    x, y, at = rng.normal(0, 1, 300), rng.normal(0, 1, (300, 2)), rng.normal(0, 1.5, 1500)
    bandwidth = 0.4
    want = np.empty((1500, 2))
    for i, point in enumerate(np.clip(at, x.min(), x.max())):
        u = (x - point) / (0.3706506 * bandwidth)
        weight = np.where(np.abs(u) <= 4, stats.norm.pdf(u), 0)
        want[i] = (weight[:, None] * y).sum(axis=0) / weight.sum()
    np.testing.assert_allclose(kernel_regression(x, y, at, bandwidth), want, rtol=1e-9)


def test_kernel_has_its_quartiles_at_a_quarter_of_the_bandwidth():
    """The constant is that of R's documented definition."""
    half, _ = integrate.quad(stats.norm(0, 0.3706506).pdf, -0.25, 0.25)
    assert half == pytest.approx(0.5, abs=1e-4)


def test_kernel_regression_bridges_gaps_with_the_nearest_value():
    """Points the kernel does not reach take the value of the nearest position."""
    x, y = np.array([0.0, 10.0]), np.array([[1.0], [5.0]])
    at = np.array([-3.0, 0.0, 4.9, 5.1, 10.0, 99.0])
    for bandwidth in (0.0, 0.01, 1.0):
        got = kernel_regression(x, y, at, bandwidth)[:, 0]
        np.testing.assert_array_equal(got, [1, 1, 1, 5, 5, 5])


def test_kernel_regression_keeps_constants_and_averages_when_wide():
    """A constant stays; a bandwidth beyond all distances gives the mean."""
    rng = np.random.default_rng(3)
    x, y = rng.uniform(0, 1, 50), rng.uniform(0, 1, (50, 1))
    np.testing.assert_allclose(kernel_regression(x, np.full((50, 1), 7.0), x, 0.1), 7)
    np.testing.assert_allclose(kernel_regression(x, y, x, 1e6), y.mean(), rtol=1e-9)


def naive_trend(level, dispersion):
    """Find each weighted median gene by gene."""
    n = len(level)
    half = min(max(int(0.1 * n), 100) // 2, (n - 1) // 2)
    order = sorted(range(n), key=lambda g: level[g])
    trend = [0.0] * n
    for place, gene in enumerate(order):
        centre = min(max(place, half), n - 1 - half)
        window = []
        for k in range(-half, half + 1):
            weight = stats.norm.pdf(3 * k / half) if half else 1.0
            window.append((dispersion[order[centre + k]], weight))
        window.sort()
        passed, total = 0.0, sum(w for _, w in window)
        for value, weight in window:
            passed += weight
            if passed >= total / 2:
                trend[gene] = value
                break
    return trend


@pytest.mark.parametrize("n", [1, 2, 3, 60, 100, 101, 499])
def test_trend_equals_a_naive_loop(n):
    """A window of a hundred genes, or of all there are, slides along the level."""
    rng = np.random.default_rng(n)
    level, dispersion = rng.normal(0, 1, n), rng.gamma(1, 1, n)
    np.testing.assert_array_equal(
        dispersion_trend(level, dispersion), naive_trend(level, dispersion)
    )


def test_trend_takes_genes_five_hundred_at_a_time():
    """Batches do not see each other."""
    rng = np.random.default_rng(0)
    level, dispersion = rng.normal(0, 1, 730), rng.gamma(1, 1, 730)
    got = dispersion_trend(level, dispersion)
    np.testing.assert_array_equal(got[:500], dispersion_trend(level[:500], dispersion[:500]))
    np.testing.assert_array_equal(got[500:], dispersion_trend(level[500:], dispersion[500:]))
    assert len(dispersion_trend(np.empty(0), np.empty(0))) == 0


def naive_outliers(x, y, width, limit):
    """Score bin by bin with scipy's median absolute deviation."""
    scores = []
    for shift in (0, width / 2):
        edges = np.arange(x.min() - 1e-14 - shift, x.max() + 2 * width, width)
        score = np.zeros(len(x))
        for low, high in pairwise(edges):
            here = np.flatnonzero((x > low) & (x <= high))
            if len(here):
                deviation = stats.median_abs_deviation(y[here], scale=1 / 1.4826)
                score[here] = abs(y[here] - np.median(y[here])) / (deviation + 2.3e-16)
        scores.append(score)
    return np.minimum(*scores) > limit


def test_outliers_equal_a_naive_loop():
    """Values planted far from their neighbours are found, with few others, as in the loop."""
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 10, 400)
    y = x**2 + rng.normal(0, 1, 400)
    y[:5] += 60
    got = binned_outliers(x, y, 0.7)
    np.testing.assert_array_equal(got, naive_outliers(x, y, 0.7, 10))
    assert got[:5].all()
    assert got.sum() < 10


def test_an_outlier_of_one_binning_only_stays():
    """A value that is usual among its neighbours of the shifted bins is none."""
    x = np.array([0.0, 0.1, 0.2, 0.3, 0.9, 1.1, 1.2, 1.3, 1.4, 2.0])
    y = np.array([0.0, 0.01, 0.02, 0.03, 5.0, 5.01, 5.02, 5.03, 5.04, 5.05])
    assert not binned_outliers(x, y, 1.0)[4]
    assert binned_outliers(x, np.where(x == 1.2, 99, y), 1.0)[6]


def test_even_sample_evens_out_the_density():
    """Of nine tenths on the left and one tenth on the right, about half come from each."""
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.uniform(0, 1, 9000), rng.uniform(1, 2, 1000)])
    drawn = even_sample(x, 400, np.random.default_rng(1))
    assert len(set(drawn)) == 400
    assert 0.4 < (x[drawn] > 1).mean() < 0.6
    again = even_sample(x, 400, np.random.default_rng(1))
    np.testing.assert_array_equal(drawn, again)


def test_even_sample_of_equal_positions_draws_each_alike():
    """Without spread there is no density to even out."""
    drawn = even_sample(np.full(20, 1.5), 20, np.random.default_rng(0))
    assert sorted(drawn) == list(range(20))


def test_regularisation_returns_what_already_is_smooth():
    """A straight line of intercepts stays; a constant θ does up to the curvature of its factor."""
    level = np.linspace(-1, 1, 400)
    theta, intercept = regularise(level, np.full(400, 5.0), np.log(10) * level, level)
    inner = slice(130, -130)
    np.testing.assert_allclose(theta[inner], 5, rtol=0.1)
    np.testing.assert_allclose(intercept[inner], np.log(10) * level[inner], atol=0.01)


def test_regularisation_leaves_out_infinite_theta():
    """Genes at the boundary have no say; if there are no others there is no result."""
    level, theta = np.linspace(-1, 1, 100), np.full(100, 5.0)
    theta[::7] = np.inf
    kept = np.isfinite(theta)
    got, _ = regularise(level, theta, np.zeros(100), level)
    want, _ = regularise(level[kept], theta[kept], np.zeros(kept.sum()), level)
    np.testing.assert_allclose(got, want)
    assert regularise(level, np.full(100, np.inf), np.zeros(100), level) is None
