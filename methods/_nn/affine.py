"""Affine maps of one seed or of several at once."""

import torch
from torch import Tensor, nn
from torch.nn import functional


class Affine(nn.Linear):
    """The map x ↦ x Wᵀ + b, whose weights may have a leading seed dimension.

    Parameters
    ----------
    in_features, out_features
        Numbers of input and output features.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Map (seeds or 1, n, in_features) features to (seeds, n, out_features)."""
        return affine(x, self.weight, self.bias)


def affine(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return x Wᵀ + b.

    Parameters
    ----------
    x
        (seeds or 1, n, in) features.
    weight, bias
        (out, in) and (out,), or with a leading seed dimension.
    """
    if weight.ndim == 2:
        return functional.linear(x, weight, bias)
    return torch.baddbmm(bias[:, None], x.expand(len(weight), -1, -1), weight.mT)
