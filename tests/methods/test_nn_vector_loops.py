"""Vector instructions stated by hand against numpy."""

import numpy as np
import pytest
from numba import njit

from genearena.methods._nn.vector_loops import add_scaled, dot_product


@njit
def dot(a, i, b, j, width):
    return dot_product(a, i, b, j, width)


@njit
def add(out, o, factor, a, i, width):
    add_scaled(out, o, factor, a, i, width)


@pytest.mark.parametrize("width", range(16, 129, 16))
@pytest.mark.parametrize("starts", [(0, 0), (3, 17), (16, 1)])
def test_dot_product_equals_numpy(width, starts):
    """The sum runs over exactly `width` features from either start, aligned or not."""
    a, b = np.random.default_rng(width).normal(size=(2, 200)).astype(np.float32)
    i, j = starts
    x, y = a[i : i + width].astype(float), b[j : j + width].astype(float)
    assert dot(a, i, b, j, width) == pytest.approx(x @ y, abs=1e-6 * (np.abs(x) @ np.abs(y)))


@pytest.mark.parametrize("width", range(16, 129, 16))
@pytest.mark.parametrize("starts", [(0, 0), (3, 17), (16, 1)])
def test_add_scaled_equals_numpy_and_touches_nothing_else(width, starts):
    """Exactly `width` numbers grow by the scaled ones; the others keep their bits."""
    out, a = np.random.default_rng(width).normal(size=(2, 200)).astype(np.float32)
    o, i = starts
    before = out.copy()
    add(out, o, np.float32(-1.7), a, i, width)
    want = before.astype(float)
    want[o : o + width] += -1.7 * a[i : i + width].astype(float)
    np.testing.assert_allclose(out, want, rtol=1e-6, atol=1e-6)
    outside = np.r_[:o, o + width : 200]
    np.testing.assert_array_equal(out[outside], before[outside])


def test_add_scaled_may_add_an_array_to_itself():
    """Reading and writing the same place doubles it."""
    out = np.arange(48, dtype=np.float32)
    add(out, 16, np.float32(1), out, 16, 32)
    np.testing.assert_array_equal(out, np.r_[np.arange(16), 2 * np.arange(16, 48)])
