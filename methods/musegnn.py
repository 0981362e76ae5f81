"""MuSe-GNN: graph transformers tied together by common and private genes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from genearena.data.errors import UsageError
from genearena.data.graphs import GraphCollection
from genearena.methods._nn.attention_encoder import AttentionEncoder
from genearena.methods._nn.contrastive import draw, nt_xent
from genearena.methods._nn.decoder import SimilarityDecoder, edge_loss
from genearena.methods._nn.gene_pairs import GenePairs, all_pairs, random_neighbours
from genearena.methods._nn.inputs import Tensors
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.seeding import generator
from genearena.methods._nn.training import GraphModel


@dataclass(frozen=True)
class Contrast:
    """Settings of the contrastive term: its weight, temperature, and private genes per graph."""

    weight: float
    temperature: float
    size: int


class MuSeGNN(NeuralMethod):
    """Multimodal similarity learning graph neural network.

    A step for graph i reconstructs its edges, and against one other graph j drawn at random pulls
    common genes together, weighted by the overlap of their neighbourhoods, and contrasts private
    genes with a neighbour each.

    Parameters
    ----------
    dim, seed
        Length of the vectors; source of randomness.
    epochs
        Passes over the graphs, one step per graph.
    lr_encoder, lr_decoder
        Learning rates of Adam.
    heads
        Numbers of attention heads of the first and second layer.
    contrastive_weight
        λ_c, the weight of the contrastive term.
    temperature
        τ of the contrastive term.
    n_private
        Private genes drawn per graph and step for the contrastive term; fewer if there are not
        so many.

    References
    ----------
    Liu et al., MuSe-GNN: learning unified gene representation from multimodal biological graph
    data, NeurIPS 2023, Eq. 5-7 and Algorithm 1.
    """

    name = "musegnn"
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 60, "lr_encoder": 2e-3}

    def __init__(
        self,
        *,
        dim: int = 32,
        seed: int = 0,
        epochs: int = 2000,
        lr_encoder: float = 1e-4,
        lr_decoder: float = 1e-3,
        heads: tuple[int, int] = (4, 2),
        contrastive_weight: float = 0.01,
        temperature: float = 0.07,
        n_private: int = 100,
    ) -> None:
        super().__init__(dim=dim, seed=seed)
        self.epochs = epochs
        self.lr_encoder = lr_encoder
        self.lr_decoder = lr_decoder
        self.heads = heads
        self.contrastive_weight = contrastive_weight
        self.temperature = temperature
        self.n_private = n_private

    def _model(self, graphs: GraphCollection) -> GraphModel:
        if len(self.heads) != 2 or min(self.heads) < 1:
            raise UsageError(f"musegnn: heads are {self.heads}, want two positive numbers")
        if self.temperature <= 0:
            raise UsageError(f"musegnn: temperature is {self.temperature}, want more than 0")
        contrast = Contrast(self.contrastive_weight, self.temperature, self.n_private)
        first, second = self.heads
        return _Model(graphs, self.dim, (first, second), contrast, self.seed)

    def _rates(self) -> tuple[float, float]:
        return self.lr_encoder, self.lr_decoder


class _Model(GraphModel):
    def __init__(
        self,
        graphs: GraphCollection,
        dim: int,
        heads: tuple[int, int],
        contrast: Contrast,
        seed: int,
    ) -> None:
        super().__init__()
        self.n_graphs = len(graphs)
        self.contrast = contrast
        self.draws = generator(seed, "partner graphs and private genes")
        self.encoder = AttentionEncoder(graphs, dim, heads)
        self.decoder = nn.ModuleList(SimilarityDecoder(graph.n_genes) for graph in graphs)
        self.pairs = all_pairs(graphs)
        rng = np.random.default_rng([seed, 0])
        self.neighbours = Tensors(random_neighbours(graph, rng) for graph in graphs)

    def encode(self, position: int) -> Tensor:
        z: Tensor = self.encoder(position)
        return z

    def decoders(self) -> list[nn.Parameter]:
        return list(self.decoder.parameters())

    def loss(self, position: int) -> Tensor:
        z = self.encode(position)
        loss = edge_loss(self.decoder[position](z), self.encoder.adjacency[position])
        if self.n_graphs == 1:
            return loss
        other = self._partner(position)
        unit = functional.normalize(z, dim=-1)
        unit_other = functional.normalize(self.encode(other), dim=-1)
        pairs = self.pairs[position, other]
        return (
            loss
            - common_similarity(unit, unit_other, pairs)
            + self.contrast.weight * self._contrastive(unit, unit_other, position, other)
        )

    def _partner(self, position: int) -> int:
        drawn = int(torch.randint(self.n_graphs - 1, (), generator=self.draws))
        return drawn + (drawn >= position)

    def _contrastive(self, unit: Tensor, unit_other: Tensor, i: int, j: int) -> Tensor:
        pairs = self.pairs[i, j]
        rows = draw(pairs.private_i, self.contrast.size, self.draws)
        others = draw(pairs.private_j, self.contrast.size, self.draws)
        if not len(rows) + len(others):
            return unit.new_zeros(())
        queries = torch.cat([unit[rows], unit_other[others]])
        keys = torch.cat([unit[self.neighbours[i][rows]], unit_other[self.neighbours[j][others]]])
        return nt_xent(queries, keys, self.contrast.temperature)


def common_similarity(unit: Tensor, unit_other: Tensor, pairs: GenePairs) -> Tensor:
    """Return the mean over common genes of overlap × cosine, 0 if there are none.

    Parameters
    ----------
    unit, unit_other
        (n_i, dim) and (n_j, dim) unit vectors of the two graphs.
    pairs
        Common genes and the overlap of their neighbourhoods.
    """
    if not len(pairs.overlap):
        return unit.new_zeros(())
    cosines = (unit[pairs.common_i] * unit_other[pairs.common_j]).sum(dim=-1)
    return (pairs.overlap * cosines).mean()
