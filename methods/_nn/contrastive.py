"""Contrast genes with a neighbour each, against all others."""

import math

import torch
from torch import Tensor
from torch.nn import functional


def nt_xent(queries: Tensor, keys: Tensor, temperature: float) -> Tensor:
    """Return the symmetric normalised temperature-scaled cross-entropy.

    Each of the 2m vectors of a seed is an anchor; its positive is its partner, its negatives are
    the 2m - 2 others.

    Parameters
    ----------
    queries, keys
        (seeds, m, dim) unit vectors; row r of one is the positive of row r of the other. m > 0.
    temperature
        Divides the cosines.

    Returns
    -------
    (seeds,) means over the 2m anchors.

    References
    ----------
    Chen et al., A simple framework for contrastive learning of visual representations, ICML
    2020, Eq. 1.
    """
    m = queries.shape[-2]
    vectors = torch.cat([queries, keys], dim=-2)
    cosines = vectors @ vectors.mT / temperature
    itself = torch.eye(2 * m, dtype=torch.bool, device=vectors.device)
    partners = torch.arange(2 * m, device=vectors.device).roll(m)
    losses: Tensor = functional.cross_entropy(
        cosines.masked_fill(itself, -math.inf).mT,
        partners.expand(len(vectors), -1),
        reduction="none",
    )
    return losses.mean(dim=-1)


def draw(rows: Tensor, size: int, source: torch.Generator) -> Tensor:
    """Return `size` different entries of `rows` drawn uniformly, or all if there are no more."""
    if len(rows) <= size:
        return rows
    return rows[torch.randperm(len(rows), generator=source)[:size]]
