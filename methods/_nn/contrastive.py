"""Contrast genes with a neighbour each, against all others."""

import math

import torch
from torch import Tensor
from torch.nn import functional


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
    m = len(queries)
    vectors = torch.cat([queries, keys])
    cosines = vectors @ vectors.mT / temperature
    anchors = torch.arange(2 * m, device=vectors.device)
    cosines = cosines.masked_fill(anchors == anchors[:, None], -math.inf)
    return -functional.log_softmax(cosines, dim=0)[anchors.roll(m), anchors].mean()


def draw(rows: Tensor, size: int, source: torch.Generator) -> Tensor:
    """Return `size` different entries of `rows` drawn uniformly, or all if there are no more."""
    if len(rows) <= size:
        return rows
    return rows[torch.randperm(len(rows), generator=source)[:size]]
