"""What first layers read of a graph: its profiles, or what ablations put in their place."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from genearena.data.graphs import GeneGraph
from genearena.methods._nn.graph_tensors import GraphTensors
from genearena.methods._nn.seeding import generator

Features = Literal["own", "rotated", "shared", "identity", "constant"]

# eigenvalues below this share of the largest are rounding
_NONE = 1e-12


def feature_width(graph: GeneGraph, features: Features) -> int:
    """Return how many features a gene has."""
    return graph.n_genes if features == "identity" else graph.n_cells


def gene_features(tensors: Sequence[GraphTensors], features: Features, seed: int) -> list[Tensor]:
    """Return the (n, width) features of every graph.

    Parameters
    ----------
    tensors
        Of the graphs.
    features
        ``own`` and ``rotated`` for profiles, which `Turned` then turns; ``shared`` for normal
        deviates that are the same in every graph, row by row and column by column, whatever genes
        and cells these are; ``identity`` for the (n, n) identity; ``constant`` for ones.
    seed
        Of the deviates.
    """
    if features in ("own", "rotated"):
        return [each.x for each in tensors]
    if features == "identity":
        return [torch.eye(each.graph.n_genes, device=each.device) for each in tensors]
    shapes = [(each.graph.n_genes, each.graph.n_cells) for each in tensors]
    if features == "constant":
        return [torch.ones(s, device=t.device) for s, t in zip(shapes, tensors, strict=True)]
    genes, cells = map(max, zip(*shapes, strict=True))
    drawn = torch.randn(genes, cells, generator=generator(seed, "shared features"))
    cut = (drawn[:n, :c].contiguous() for n, c in shapes)
    return [each.to(t.device) for each, t in zip(cut, tensors, strict=True)]


@dataclass(frozen=True)
class Turned:
    """Profiles in other axes: as many features as there are genes, of the same inner products.

    The rows of X span at most n of their cells' dimensions. With Q an orthonormal basis of these in
    random directions, X Q and Qᵀ W give what X and W do, at n / cells of the work. Adam's steps are
    as long in every weight, so that fewer weights would change X W by less: features are
    √(cells / n) as large, and weights so much smaller, which makes up for it.

    Parameters
    ----------
    x
        (n, rank) features.
    profiles
        The (n, cells) ones.
    basis
        (n, rank): a weight W of all cells has become (Xᵀ basis)ᵀ W.
    """

    x: Tensor
    profiles: Tensor
    basis: Tensor

    @classmethod
    def of(cls, x: Tensor, source: torch.Generator) -> "Turned | None":
        """Turn (n, cells) profiles, unless there are no more cells than genes.

        The source draws the directions: those of the singular vectors make another training.
        """
        n, cells = x.shape
        if cells <= n:
            return None
        wide = x.double()
        values, vectors = torch.linalg.eigh(wide @ wide.mT)
        kept = values > _NONE * values[-1]
        root, vectors = values[kept].sqrt(), vectors[:, kept]
        rank = len(root)
        drawn = torch.randn(rank, rank, generator=source, dtype=torch.float64).to(x.device)
        directions = torch.linalg.qr(drawn).Q
        longer = math.sqrt(cells / rank)
        # X Q without a product over cells; Q itself, n times as large as W, is never made
        turned = longer * (vectors * root) @ directions
        return cls(turned.to(x.dtype), x, vectors / root @ directions / longer)

    @torch.no_grad()
    def take_weights(self, layer: nn.Module, wide: nn.Module) -> None:
        """Give a layer of `rank` features the weights of the same layer of all cells."""
        for weight, given in zip(layer.parameters(), wide.parameters(), strict=True):
            if weight.shape == given.shape:
                weight.copy_(given)
            elif len(given) == len(weight):
                weight.copy_(self._seen(given) @ self.basis)
            else:
                weight.copy_(self.basis.mT @ self._seen(given.mT).mT)

    def _seen(self, weight: Tensor) -> Tensor:
        """Return the (out, n) products of an (out, cells) weight with profiles."""
        return weight.double() @ self.profiles.double().mT
