"""Mish and its derivative in one pass, for CPUs."""

# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from typing import Any, cast

import numpy as np
import torch
from numba import prange
from torch import Tensor, nn
from torch.nn import functional

from genearena.data.common.compiled import compiled_parallel
from genearena.methods._nn.kernels.exponential import exponential
from genearena.methods._nn.kernels.threads import flat, share_threads

_F = np.float32
_BLOCK = 1024


def mish(x: Tensor) -> Tensor:
    """Return x · tanh(softplus(x)) (Misra, BMVC 2020, Eq. 1), as torch's own to 1e-6.

    Of a step of MuSe-GNN torch's takes a sixth: it computes an exponential, a logarithm and a
    hyperbolic tangent of every number, twice. One exponential gives function and derivative.
    """
    if x.device.type == "cpu" and x.dtype == torch.float32 and not torch.is_autocast_enabled("cpu"):
        return cast(Tensor, _mish(x))
    return functional.mish(x)


class Mish(nn.Module):
    """`mish` as a layer."""

    def forward(self, x: Tensor) -> Tensor:
        """Return a tensor of the same shape."""
        return mish(x)


class _Mish(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        x = x.contiguous()
        out, slope = torch.empty_like(x), torch.empty_like(x)
        share_threads()
        _mish_and_slope(flat(x.detach()), flat(out), flat(slope))
        ctx.save_for_backward(slope)
        return out

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        (slope,) = ctx.saved_tensors
        return cast(Tensor, gradients[0] * slope)


_mish: Any = _Mish.apply


@compiled_parallel
def _mish_and_slope(x, out, slope):
    """Fill `out` with mish(x) and `slope` with its derivative.

    With w = exp(-|x|), tanh(softplus(x)) = (1 + 2 w) / (1 + 2 w + 2 w²) for x >= 0, and
    (w² + 2 w) / (w² + 2 w + 2) for x < 0: no number grows beyond 5.
    """
    for block in prange((x.size + _BLOCK - 1) // _BLOCK):
        for i in range(block * _BLOCK, min(x.size, (block + 1) * _BLOCK)):
            v, e = x[i], exponential(-abs(x[i]))
            square = e * e
            above = _F(1) + _F(2) * e if v >= 0 else square + _F(2) * e
            rest = _F(2) * square if v >= 0 else _F(2)
            sigmoid = (_F(1) if v >= 0 else e) / (_F(1) + e)
            share = _F(1) / (above + rest)
            t = above * share
            # 1 - t² without cancellation
            left = rest * share * (_F(1) + t)
            out[i] = v * t
            slope[i] = t + v * sigmoid * left
