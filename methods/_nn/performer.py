"""scBERT's network: a Performer that reads the binned counts of a cell, gene by gene."""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu

LEVELS = 5
"""The highest bin of counts; they are tokens 0 to 5."""
MASK = LEVELS + 1
"""The token of a hidden count."""
_EPSILON = 1e-4


class Sizes(NamedTuple):
    """Sizes of a network: of a gene's vector, and of the attention of each of its layers."""

    width: int = 200
    layers: int = 6
    heads: int = 10
    head_width: int = 64
    features: int = 266


class Performer(nn.Module):
    """Layers of linear attention over the genes of a cell (Choromanski et al. 2021).

    Parameters
    ----------
    sizes
        Of the network; every layer's feed-forward part is four times as wide as its input.
    generator
        What the directions of the random features are drawn with.
    """

    def __init__(self, sizes: Sizes, generator: torch.Generator) -> None:
        super().__init__()
        self.tokens = nn.Embedding(MASK + 1, sizes.width)
        self.layers = nn.ModuleList(Layer(sizes, generator) for _ in range(sizes.layers))
        self.norm = nn.LayerNorm(sizes.width)
        self.to_tokens = nn.Linear(sizes.width, MASK + 1)

    def forward(self, tokens: Tensor, positions: Tensor) -> Tensor:
        """Return the (cells, genes, width) encodings of genes.

        Parameters
        ----------
        tokens
            (cells, genes) bins from 0 to 6.
        positions
            (genes, width) what tells genes apart.
        """
        # published sequences end in a token 0 at a position of zeros
        x = self.tokens(nn.functional.pad(tokens, (0, 1)))
        x = x + nn.functional.pad(positions, (0, 0, 0, 1))
        for layer in self.layers:
            x = layer(x)
        encoded: Tensor = self.norm(x)
        return encoded[:, :-1]


class Layer(nn.Module):
    """Attention by random features, then a feed-forward part; both on normalised input."""

    directions: Tensor

    def __init__(self, sizes: Sizes, generator: torch.Generator) -> None:
        super().__init__()
        width, inner = sizes.width, sizes.heads * sizes.head_width
        self.heads = sizes.heads
        self.attention_norm, self.feed_norm = nn.LayerNorm(width), nn.LayerNorm(width)
        self.queries = nn.Linear(width, inner, bias=False)
        self.keys = nn.Linear(width, inner, bias=False)
        self.values = nn.Linear(width, inner, bias=False)
        self.joined = nn.Linear(inner, width)
        self.widened, self.narrowed = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        directions = orthogonal_directions(sizes.features, sizes.head_width, generator)
        self.register_buffer("directions", directions)

    def forward(self, x: Tensor) -> Tensor:
        """Return the (cells, genes, width) output for input of the same shape."""
        normal = self.attention_norm(x)
        sides = (self.queries, self.keys, self.values)
        q, k, v = (side(normal).unflatten(-1, (self.heads, -1)).transpose(1, 2) for side in sides)
        attended = linear_attention(
            query_features(q, self.directions), key_features(k, self.directions), v
        )
        x = x + self.joined(attended.transpose(1, 2).flatten(2))
        fed: Tensor = x + self.narrowed(gelu(self.widened(self.feed_norm(x))))
        return fed


def query_features(q: Tensor, directions: Tensor) -> Tensor:
    """Return the (..., genes, features) positive random features of queries.

    Their products with those of keys are, on average over directions, proportional to
    exp(q k / √d), d the width of a head.
    """
    exponents, halves = _exponents(q, directions)
    highest = exponents.amax(dim=-1, keepdim=True).detach()
    return (exponents - halves - highest).exp() + _EPSILON


def key_features(k: Tensor, directions: Tensor) -> Tensor:
    """Return the (..., genes, features) positive random features of keys; see `query_features`.

    The highest exponent is taken out of each cell and head on its own, so that the other cells of
    a batch change nothing. The published program takes that of the whole batch.
    """
    exponents, halves = _exponents(k, directions)
    highest = exponents.amax(dim=(-2, -1), keepdim=True).detach()
    return (exponents - halves - highest).exp() + _EPSILON


def _exponents(x: Tensor, directions: Tensor) -> tuple[Tensor, Tensor]:
    scale = x.shape[-1] ** -0.25
    return (x * scale) @ directions.T, x.square().sum(dim=-1, keepdim=True) * (scale**2 / 2)


def linear_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Return the (..., genes, d) means of values, weighted by products of features.

    The (genes, genes) weights are never made.
    """
    totals = q @ k.sum(dim=-2, keepdim=True).mT
    mixed: Tensor = q @ (k.mT @ v) / totals
    return mixed


def orthogonal_directions(n: int, width: int, generator: torch.Generator) -> Tensor:
    """Draw (n, width) normal directions, orthogonal to each other within blocks of `width`."""
    normal = torch.randn(math.ceil(n / width), width, width, generator=generator)
    rotations, upper = torch.linalg.qr(normal)
    # without these signs, as in the published program, some directions are likelier than others
    rotations = rotations * upper.diagonal(dim1=-2, dim2=-1).sign().unsqueeze(-2)
    lengths = torch.randn(n, width, generator=generator).norm(dim=1, keepdim=True)
    directions: Tensor = rotations.mT.reshape(-1, width)[:n] * lengths
    return directions
