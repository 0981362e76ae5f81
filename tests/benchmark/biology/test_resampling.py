"""Intervals of means: those of scipy's bootstrap, and none where nothing differs."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from genearena.benchmark.biology.resampling import mean_of


def test_intervals_are_scipys():
    """Percentiles of means over units that are drawn again."""
    values = np.random.default_rng(0).gamma(1.5, size=60)
    found = mean_of(values)
    want = bootstrap((values,), np.mean, n_resamples=20000, method="percentile", rng=1)
    assert found.value == pytest.approx(values.mean())
    low, high = want.confidence_interval
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.02)
    assert mean_of(values) == found


def test_equal_values_have_no_interval():
    """Of however many units: what is at chance is not above it by a rounding error."""
    for n in (1, 2, 30, 90, 317):
        found = mean_of(np.full(n, 0.5))
        assert found.low == found.high == 0.5
