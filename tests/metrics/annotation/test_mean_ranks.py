"""Ranks of millions of numbers are those of scipy, to the last bit."""

import numpy as np
import pytest
from scipy.stats import rankdata

from genearena.metrics._annotation.mean_ranks import mean_ranks

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "values",
    [
        np.array([]),
        np.array([3.0]),
        np.zeros(9),
        RNG.permutation(1000).astype(float),
        RNG.integers(0, 5, 1000).astype(float),
        # all but three in one bucket
        np.r_[1e300, RNG.normal(size=500), -1e300, 0.0, 0.0],
        np.round(RNG.normal(size=50_000), 3),
        # as near as numbers can be
        RNG.integers(0, 5, 1000) * np.nextafter(0, 1),
    ],
    ids=["none", "one", "equal", "places", "ties", "far", "rounded", "near"],
)
def test_they_are_scipy_s(values):
    """Ties share the mean of their places; nothing overflows on the way."""
    with np.errstate(all="raise"):
        ranks = mean_ranks(values)
    assert np.array_equal(ranks, rankdata(values))


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused(odd):
    """No bucket holds it."""
    with pytest.raises(ValueError, match="cannot rank numbers from"):
        mean_ranks(np.array([0.0, odd, 1.0]))


def test_they_are_scipy_s_of_any_size_and_scale():
    """Whatever bucket rounding puts a number in."""
    for digits in range(200):
        size, scale = RNG.integers(1, 3000), 10.0 ** RNG.integers(-8, 8)
        values = np.round(RNG.normal(size=size) * scale, digits % 12)
        assert np.array_equal(mean_ranks(values), rankdata(values))
