"""Our Mish beside torch's in double precision."""

import pytest
import torch
from torch.nn import functional

from genearena.methods._nn.kernels.mish import Mish, mish


def both_ways(function, x):
    """Return values and slopes of a function at x."""
    x = x.detach().clone().requires_grad_()
    y = function(x)
    (slope,) = torch.autograd.grad(y.sum(), x)
    return y.detach(), slope


@pytest.mark.parametrize("size", [1, 1023, 1024, 1025, 5000])
def test_it_is_torch_s(size):
    """Values and slopes to 1e-6, far out as well."""
    x = torch.cat([torch.randn(size) * 3, torch.linspace(-120, 120, 97), torch.zeros(1)])
    ours, theirs = both_ways(mish, x), both_ways(functional.mish, x.double())
    torch.testing.assert_close(ours[0].double(), theirs[0], rtol=1e-6, atol=1e-8)
    torch.testing.assert_close(ours[1].double(), theirs[1], rtol=0, atol=1e-6)


def test_upstream_gradients_and_layouts():
    """The chain rule, of a transposed tensor and with another shape."""
    x = torch.randn(30, 40).mT.requires_grad_()
    upstream = torch.randn(40, 30)
    (ours,) = torch.autograd.grad(Mish()(x), x, upstream)
    (theirs,) = torch.autograd.grad(functional.mish(x), x, upstream)
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


def test_other_types_are_torch_s():
    """Double precision, and what autocast lowers."""
    x = torch.randn(100, dtype=torch.float64)
    assert torch.equal(mish(x), functional.mish(x))
    low = torch.randn(100, dtype=torch.bfloat16)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(mish(low), functional.mish(low))


def test_bits_do_not_depend_on_threads():
    """One thread or two."""
    x, found = torch.randn(200, 300), []
    before = torch.get_num_threads()
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            found.append(both_ways(mish, x))
    finally:
        torch.set_num_threads(before)
    assert all(torch.equal(a, b) for a, b in zip(*found, strict=True))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_stays_one(value):
    """A training that diverges is seen to."""
    assert not torch.isfinite(mish(torch.tensor([0.0, value, 1.0]))).all()


def test_nan_stays_where_it_is():
    """In values and slopes, in the middle of whole vectors of sound numbers."""
    x = torch.randn(4096)
    x[1000::7] = torch.nan
    for found in both_ways(mish, x):
        assert torch.equal(found.isnan(), x.isnan())
