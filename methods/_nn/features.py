"""What first layers read of a graph: its profiles, or what ablations put in their place."""

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

from genearena.data.graphs import GeneGraph
from genearena.methods._nn.graph_tensors import GraphTensors
from genearena.methods._nn.seeding import generator

Features = Literal["own", "shared", "identity", "constant"]


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
        ``own`` for profiles; ``shared`` for normal deviates that are the same in every graph,
        row by row and column by column, whatever genes and cells these are; ``identity`` for the
        (n, n) identity; ``constant`` for ones.
    seed
        Of the deviates.
    """
    if features == "own":
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
