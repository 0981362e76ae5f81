"""Contrast genes with a neighbour each, against all others."""

import math
from typing import Any, cast

import torch
from torch import Tensor


def nt_xent(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    """Return the symmetric normalised temperature-scaled cross-entropy.

    Each of the 2m vectors is an anchor; its positive is its partner, its negatives are the 2m - 2
    others.

    Parameters
    ----------
    queries, keys
        (m, dim) unit vectors; row r of one is the positive of row r of the other. m > 0.
    temperature
        Divides the cosines.

    References
    ----------
    Chen et al., A simple framework for contrastive learning of visual representations, ICML
    2020, Eq. 1.
    """
    return cast(Tensor, _nt_xent(torch.cat([queries, keys]), temperature))


class _NTXent(torch.autograd.Function):
    """The mean of -log P[a, partner of a], P the softmax of the rows of V Vᵀ / τ.

    Its gradient is (P + Pᵀ - 2 Q) V / (2 m τ), Q V the partners of V: written out, it takes a third
    of the passes over (2m, 2m) numbers that autograd takes.
    """

    @staticmethod
    def forward(ctx: Any, vectors: Tensor, temperature: float) -> Tensor:
        cosines = (vectors / temperature) @ vectors.mT
        logs = cosines.fill_diagonal_(-math.inf).log_softmax(dim=1)
        ctx.save_for_backward(vectors, logs)
        ctx.temperature = temperature
        m = len(vectors) // 2
        return -(logs.diagonal(m).sum() + logs.diagonal(-m).sum()) / len(vectors)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        vectors, logs = ctx.saved_tensors
        shares = logs.exp()
        partners = vectors.roll(len(vectors) // 2, dims=0)
        pulled = shares @ vectors + shares.mT @ vectors - 2 * partners
        return pulled * (gradients[0] / (len(vectors) * ctx.temperature)), None


_nt_xent: Any = _NTXent.apply


def draw(rows: Tensor, size: int, source: torch.Generator) -> Tensor:
    """Return `size` different entries of `rows` drawn uniformly, or all if there are no more."""
    if len(rows) <= size:
        return rows
    return rows[torch.randperm(len(rows), generator=source)[:size]]
