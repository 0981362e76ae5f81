"""MuSe-GNN: graph transformers tied together by common and private genes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.methods._nn.attention_encoder import attention_encoders
from genearena.methods._nn.contrastive import draw, nt_xent
from genearena.methods._nn.decoder import similarity_decoders
from genearena.methods._nn.encoders import Sharing
from genearena.methods._nn.features import Features, Turned, feature_width, gene_features
from genearena.methods._nn.gene_pairs import GenePairs, all_pairs, random_neighbours
from genearena.methods._nn.neural_method import NeuralMethod, Precision, Stop
from genearena.methods._nn.seeding import generator
from genearena.methods.encoders.network import Layer, edges_for, layered_encoders
from genearena.methods.encoders.registry import ENCODERS, EncoderName
from genearena.methods.settings import Count, NotNegative, Number, Positive, with_settings

ABLATIONS = ("encoder", "similarity", "sharing", "features")
"""Settings that, but for their defaults, make of MuSe-GNN another network."""


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

    The encoders and ablations of Tables 3 to 9 are read from their numbers, for neither the text
    says how they were built nor is there code: an encoder is taken to swap the layers and nothing
    else, and GraphSAGE and GIN ran out of memory, one may reckon, as they aggregated profiles
    before they projected them.

    The training is of whole graphs: what Tables 10 and 13 call a batch size is the number of
    epochs.

    Parameters
    ----------
    dim, seed, epochs, lr_encoder, lr_decoder, patience, stop, precision
        As in `NeuralMethod`.
    heads
        Numbers of attention heads of the first and second layer.
    contrastive_weight
        λ_c, the weight of the contrastive term; 0 leaves it out.
    temperature
        τ of the contrastive term.
    n_private
        Private genes drawn per graph and step for the contrastive term; fewer if there are not
        so many.
    engine
        ``own`` for our layers; ``pyg`` for the same network written on torch_geometric: easier to
        read, several times slower, the same vectors up to rounding. Other encoders than
        ``transformer`` are on torch_geometric with either.
    encoder
        Name of the layers in the place of attention (Table 5): ``transformer``, ``gcn``, ``gat``,
        ``sage``, ``gin``, ``gps``, ``graphormer``, or one that a plugin brings. All else
        stays; layers without heads are as wide as the heads together.
    similarity
        Weights of the similarity term: ``jaccard`` for the overlaps, ``one`` for none (most likely
        Table 9), ``off`` to leave the term out (Tables 3 and 4).
    sharing
        Who shares the layers after the first (Tables 6 and 7): a technique-tissue ``group``; no
        ``dataset`` with another, which is the paper's "without weight sharing"; ``all`` graphs.
    features
        What is read of genes (Table 8): their ``own`` profiles; ``rotated``, these in as many
        features as there are genes, where cells are more: the same first layers for less work;
        ``shared``, one random matrix in every graph, row r alike whatever gene r is, most likely
        the paper's "same features"; the ``identity``; or a ``constant``, which makes all genes
        equal but for rounding unless layers see degrees (gcn, gin, graphormer, and gps by its
        convolution).

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
    fast: ClassVar[Mapping[str, Any]] = {
        "epochs": 40,
        "lr_encoder": 2.5e-4,
        "features": "rotated",
    }
    search: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "epochs": ("log", 5, 3000),
        "lr_encoder": ("log", 1e-4, 1e-2),
        "lr_decoder": ("log", 1e-4, 1e-2),
        "contrastive_weight": ("log", 1e-3, 1.0),
        "temperature": ("log", 0.05, 0.5),
        "n_private": ("log", 25, 200),
    }
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
    encoder: EncoderName = "transformer"
    similarity: Literal["jaccard", "one", "off"] = "jaccard"
    sharing: Sharing = "group"
    features: Features = "own"
    stop: Stop = "epochs"

    @classmethod
    def preset(cls, name: str) -> dict[str, Any]:
        """Return the parameters under a preset, but for the engine, which changes no result.

        Ablations, and how to stop, are named where they are not MuSe-GNN's own: its runs keep the
        identity that they had before there were any.
        """
        settings = super().preset(name)
        del settings["engine"]
        own = {setting: getattr(MuSeGNN, setting) for setting in (*ABLATIONS, "stop")}
        return {k: value for k, value in settings.items() if k not in own or value != own[k]}

    def _encoders(self, graphs: GraphCollection) -> nn.ModuleList:
        widths = [feature_width(graph, self.features) for graph in graphs]
        own = self.features in ("own", "rotated")
        if own and (self.encoder, self.sharing) == ("transformer", "group"):
            return self._network(graphs, widths)
        with torch.random.fork_rng(devices=[]):
            encoders = self._network(graphs, widths)
        # made for its draws alone: decoders begin with the same weights whatever is swapped
        attention_encoders(graphs, [graph.n_cells for graph in graphs], self.dim, self.heads)
        return encoders

    def _network(self, graphs: GraphCollection, widths: Sequence[int]) -> nn.ModuleList:
        sizes = (graphs, widths, self.dim, self.heads, self.sharing)
        if self.encoder != "transformer":
            return layered_encoders(self._layer(), *sizes)
        encoders = attention_encoders(*sizes)
        if self.engine == "own":
            return encoders
        from genearena.methods._nn.pyg_musegnn import pyg_encoders

        return pyg_encoders(encoders)

    def _turn(self, graphs: GraphCollection) -> None:
        """Let first layers read profiles in fewer features, beginning as the same functions."""
        source = generator(self.seed, "axes of profiles")
        for position, graph in enumerate(graphs):
            turned = Turned.of(self.inputs[position], source)
            if turned is None:
                continue
            with torch.random.fork_rng(devices=[]):
                alone = graphs.with_graphs([graph])
                (narrow,) = self._network(alone, [turned.x.shape[1]]).to(self.device)
            first, encoder = narrow.get_submodule("first"), self.encoders[position]
            turned.take_weights(first, encoder.get_submodule("first"))
            self.inputs[position] = turned.x
            encoder.add_module("first", first)

    def _layer(self) -> Layer:
        """Return what makes the layers of the encoder."""
        return ENCODERS.load(self.encoder)

    def _decoders(self, graphs: GraphCollection) -> nn.ModuleList:
        if self.engine == "own":
            return similarity_decoders(graphs)
        from genearena.methods._nn.pyg_musegnn import ExplicitDecoder

        return similarity_decoders(graphs, ExplicitDecoder)

    def _prepare(self, graphs: GraphCollection) -> None:
        super()._prepare(graphs)
        self.inputs = gene_features(self.tensors, self.features, self.seed)
        if self.features == "rotated":
            self._turn(graphs)
        self.edges = [self._edges(graph) for graph in graphs]
        self.pairs = all_pairs(graphs, self.device, looped=self.looped)
        if self.similarity == "one":
            for at, pairs in self.pairs.items():
                self.pairs[at] = replace(pairs, overlap=torch.ones_like(pairs.overlap))
        self.source = generator(self.seed, "partner graphs and private genes")
        rng = np.random.default_rng([self.seed, 0])
        drawn = [random_neighbours(graph, rng, looped=self.looped) for graph in graphs]
        self.neighbours = [rows.to(self.device) for rows in drawn]

    def _edges(self, graph: GeneGraph) -> object:
        if self.engine == "own" or self.encoder != "transformer":
            return edges_for(self._layer(), graph, self.dim, self.device)
        from genearena.methods._nn.pyg_musegnn import pyg_edges

        return pyg_edges(graph, self.device)

    def _encode(self, position: int) -> Tensor:
        z: Tensor = self.encoders[position](self.inputs[position], self.edges[position])
        return z

    def _loss(self, position: int) -> Tensor:
        """Return the loss of Eq. 5-7 against one other graph."""
        z = self._encode(position)
        loss = self._edge_loss(position, self._decode(position, z))
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
        similarity = unit.new_zeros(())
        if self.similarity != "off":
            similarity = common_similarity(unit, unit_other, self.pairs[i, j])
        if not self.contrastive_weight:
            self._private(i, j)  # drawn all the same, so that what is drawn later is
            return -similarity
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
