"""MuSe-GNN: graph transformers tied together by common and private genes."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.attention_encoder import attention_encoders
from genearena.methods._nn.contrastive import draw, nt_xent
from genearena.methods._nn.decoder import edge_loss, similarity_decoders
from genearena.methods._nn.gene_pairs import GenePairs, all_pairs, random_neighbours
from genearena.methods._nn.neighbour_attention import edges
from genearena.methods._nn.neural_method import NeuralMethod, Precision
from genearena.methods._nn.seeding import generator
from genearena.methods.settings import Count, NotNegative, Number, Positive, with_settings


@with_settings
class MuSeGNN(NeuralMethod):
    """Multimodal similarity learning graph neural network.

    A step for graph i reconstructs its edges, and against one other graph j drawn at random pulls
    common genes together, weighted by the overlap of their neighbourhoods, and contrasts private
    genes with a neighbour each.

    Paper and published code differ in eight places. Followed are

    1. of the heads, of which the paper gives no numbers, the model files' 4 and 2; the script of
       the experiments has one a layer, which is ``heads=(1, 1)``;
    2. of the edges' cross-entropy, which the paper takes of probabilities, the code's of logits;
    3. of the similarity term, a sum in the text and an expectation in Eq. 7, the code's mean over
       common genes, not divided by the sum of their weights;
    4. of the residual connection across two layers, the attention layer the code has in its place;
    5. of attention, the code's: no edge features, and a root term;
    6. of shared weights, by modality in the paper, the code's sharing by technique and tissue,
       which is a graph's `group`;
    7. of the contrastive pairs, Eq. 7's (a gene and its neighbour), not line 11 of Algorithm 1;
    8. of the encoder's learning rate, 1e-2 in appendix E.2, the code's 1e-4.

    The training is of whole graphs: what Tables 10 and 13 call a batch size is the number of
    epochs.

    Parameters
    ----------
    dim, seed, epochs, lr_encoder, lr_decoder, patience, precision
        As in `NeuralMethod`.
    heads
        Numbers of attention heads of the first and second layer.
    contrastive_weight
        λ_c, the weight of the contrastive term.
    temperature
        τ of the contrastive term.
    n_private
        Private genes drawn per graph and step for the contrastive term; fewer if there are not
        so many.
    engine
        ``own`` for our layers; ``pyg`` for the same network written on torch_geometric: easier to
        read, several times slower, the same vectors up to rounding.

    Attributes
    ----------
    looped
        Whether a gene counts as a neighbour of itself in overlaps and draws.

    References
    ----------
    Liu et al., MuSe-GNN: learning unified gene representation from multimodal biological graph
    data, NeurIPS 2023, Eq. 5-7 and Algorithm 1.
    """

    name = "musegnn"
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 60, "lr_encoder": 2e-3}
    looped: ClassVar[bool] = False

    epochs: Count = 2000
    lr_encoder: Positive = 1e-4
    lr_decoder: Positive = 1e-3
    heads: tuple[Count, Count] = (4, 2)
    contrastive_weight: NotNegative = 0.01
    temperature: Positive = 0.07
    n_private: Number = 100
    patience: Count | None = None
    precision: Precision = "float32"
    engine: Literal["own", "pyg"] = "own"

    @classmethod
    def preset(cls, name: str) -> dict[str, Any]:
        """Return the parameters under a preset, but for the engine, which changes no result."""
        settings = super().preset(name)
        del settings["engine"]
        return settings

    def _encoders(self, graphs: GraphCollection) -> nn.ModuleList:
        first, second = self.heads
        encoders = attention_encoders(graphs, self.dim, (first, second))
        if self.engine == "own":
            return encoders
        from genearena.methods._nn.pyg_musegnn import pyg_encoders

        return pyg_encoders(encoders)

    def _decoders(self, graphs: GraphCollection) -> nn.ModuleList:
        if self.engine == "own":
            return similarity_decoders(graphs)
        from genearena.methods._nn.pyg_musegnn import ExplicitDecoder

        return similarity_decoders(graphs, ExplicitDecoder)

    def _prepare(self, graphs: GraphCollection) -> None:
        super()._prepare(graphs)
        self.edges = self._edges(graphs)
        self.pairs = all_pairs(graphs, self.device, looped=self.looped)
        self.source = generator(self.seed, "partner graphs and private genes")
        rng = np.random.default_rng([self.seed, 0])
        drawn = [random_neighbours(graph, rng, looped=self.looped) for graph in graphs]
        self.neighbours = [rows.to(self.device) for rows in drawn]

    def _edges(self, graphs: GraphCollection) -> Sequence[object]:
        if self.engine == "own":
            return [edges(graph, self.dim, self.device) for graph in graphs]
        from genearena.methods._nn.pyg_musegnn import pyg_edges

        return [pyg_edges(graph, self.device) for graph in graphs]

    def _encode(self, position: int) -> Tensor:
        z: Tensor = self.encoders[position](self.tensors[position].x, self.edges[position])
        return z

    def _loss(self, position: int) -> Tensor:
        """Return the loss of Eq. 5-7 against one other graph."""
        z = self._encode(position)
        loss = edge_loss(self._decode(position, z), self.tensors[position].adjacency)
        if len(self.tensors) == 1:
            return loss
        return loss + self._tie(position, self._partner(position), z)

    def _partner(self, position: int) -> int:
        """Draw another graph."""
        drawn = int(torch.randint(len(self.tensors) - 1, (), generator=self.source))
        return drawn + (drawn >= position)

    def _tie(self, i: int, j: int, z: Tensor) -> Tensor:
        """Return the terms that tie two graphs, given the vectors of the first."""
        unit, unit_other = (functional.normalize(v, dim=-1) for v in (z, self._encode(j)))
        similarity = common_similarity(unit, unit_other, self.pairs[i, j])
        return self.contrastive_weight * self._contrast(i, j, unit, unit_other) - similarity

    def _contrast(self, i: int, j: int, unit: Tensor, unit_other: Tensor) -> Tensor:
        rows, others = (drawn.to(self.device) for drawn in self._private(i, j))
        if not len(rows) + len(others):
            return unit.new_zeros(())
        near, near_others = self.neighbours[i][rows], self.neighbours[j][others]
        queries = torch.cat([unit[rows], unit_other[others]])
        keys = torch.cat([unit[near], unit_other[near_others]])
        return nt_xent(queries, keys, self.temperature)

    def _private(self, i: int, j: int) -> tuple[Tensor, Tensor]:
        """Draw rows of private genes of two graphs."""
        pairs = self.pairs[i, j]
        return (
            draw(pairs.private_i, self.n_private, self.source),
            draw(pairs.private_j, self.n_private, self.source),
        )


def common_similarity(unit: Tensor, unit_other: Tensor, pairs: GenePairs) -> Tensor:
    """Return the mean over common genes of overlap × cosine, 0 if there are none.

    Parameters
    ----------
    unit, unit_other
        (n_i, dim) and (n_j, dim) unit vectors of the two graphs.
    pairs
        Common genes and the overlap of their neighbourhoods.
    """
    if not len(pairs.common_i):
        return unit.new_zeros(())
    cosines = (unit[pairs.common_i] * unit_other[pairs.common_j]).sum(dim=-1)
    return (pairs.overlap * cosines).mean()
