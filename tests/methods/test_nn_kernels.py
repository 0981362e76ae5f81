"""What compiled kernels are made of, against numpy."""

import numpy as np
import pytest
from numba import njit

from genearena.methods._nn.kernels.exponential import exponential
from genearena.methods._nn.kernels.features import LANES, added, dot, load, store, zeros

WIDTHS = range(16, 129, 16)
STARTS = [(0, 0), (3, 17), (16, 1)]


@njit
def product(a, i, b, j, vectors):
    return dot(load(a, i, vectors), load(b, j, vectors))


@njit
def add(out, o, factor, a, i, vectors):
    store(out, o, added(load(out, o, vectors), factor, load(a, i, vectors)))


@njit
def summed(a, rows, vectors):
    total = zeros(vectors)
    for row in range(rows):
        total = added(total, np.float32(1), load(a, row * LANES * len(vectors), vectors))
    out = np.empty(LANES * len(vectors), np.float32)
    store(out, 0, total)
    return out


def vectors(width):
    """Return the tuple whose length tells how many vectors a width has."""
    return (0,) * (width // LANES)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("starts", STARTS)
def test_dot_equals_numpy(width, starts):
    """The sum runs over exactly `width` features from either start, aligned or not."""
    a, b = np.random.default_rng(width).normal(size=(2, 200)).astype(np.float32)
    i, j = starts
    x, y = a[i : i + width].astype(float), b[j : j + width].astype(float)
    got = product(a, i, b, j, vectors(width))
    assert got == pytest.approx(x @ y, abs=1e-6 * (np.abs(x) @ np.abs(y)))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("starts", STARTS)
def test_adding_equals_numpy_and_touches_nothing_else(width, starts):
    """Exactly `width` numbers grow by the scaled ones; the others keep their bits."""
    out, a = np.random.default_rng(width).normal(size=(2, 200)).astype(np.float32)
    o, i = starts
    before = out.copy()
    add(out, o, np.float32(-1.7), a, i, vectors(width))
    want = before.astype(float)
    want[o : o + width] += -1.7 * a[i : i + width].astype(float)
    np.testing.assert_allclose(out, want, rtol=1e-6, atol=1e-6)
    outside = np.r_[:o, o + width : 200]
    np.testing.assert_array_equal(out[outside], before[outside])


def test_an_array_may_be_added_to_itself():
    """Reading and writing the same place doubles it."""
    out = np.arange(48, dtype=np.float32)
    add(out, 16, np.float32(1), out, 16, vectors(32))
    np.testing.assert_array_equal(out, np.r_[np.arange(16), 2 * np.arange(16, 48)])


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_sums_begin_at_zero(rows):
    """No rows give zeros, whole numbers their exact sum."""
    a = np.random.default_rng(0).integers(-99, 99, (rows, 48)).astype(np.float32)
    np.testing.assert_array_equal(summed(a.ravel(), rows, vectors(48)), a.sum(axis=0))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_stays_one(bad):
    """In sums and products."""
    a, b = np.ones((2, 32), np.float32)
    a[20] = bad
    assert not np.isfinite(product(a, 0, b, 0, vectors(32)))
    add(b, 0, np.float32(1), a, 0, vectors(32))
    assert np.flatnonzero(~np.isfinite(b)).tolist() == [20]


@njit
def each(x):
    """Replace numbers by their exponentials, in a loop that becomes vector instructions."""
    for i in range(x.size):
        x[i] = exponential(x[i])


def test_exponential_is_that_of_numpy():
    """exp(x) is exact but for the rounding of x log2(e), and next to nothing below -87."""
    x = np.linspace(-200, 0, 400_001).astype(np.float32)
    got, want = x.copy(), np.exp(x.astype(np.float64))
    each(got)
    normal = x > -87
    error = np.abs(got[normal] / want[normal] - 1)
    assert (error <= 3e-7 + 1.2e-7 * np.abs(x[normal])).all()
    assert ((got[~normal] >= 0) & (got[~normal] < 2e-38)).all()
    assert got[x == 0] == 1


def test_exponential_keeps_nan():
    """Wherever it stands; of minus infinity it is next to nothing."""
    x = -np.ones(1000, np.float32)
    x[::7], x[3] = np.nan, -np.inf
    got = x.copy()
    each(got)
    np.testing.assert_array_equal(np.isnan(got), np.isnan(x))
    assert 0 <= got[3] < 2e-38
