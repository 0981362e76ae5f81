"""MuSe-GNN: graph transformers tied together by common and private genes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.methods._nn.attention_encoder import attention_encoders
from genearena.methods._nn.contrastive import draw, nt_xent
from genearena.methods._nn.decoder import SimilarityDecoder, edge_loss
from genearena.methods._nn.draws import Draws
from genearena.methods._nn.gene_pairs import GenePairs, all_pairs, random_neighbours
from genearena.methods._nn.graph_tensors import GraphTensors, of_members
from genearena.methods._nn.members import entries_of
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.precision import Precision
from genearena.methods._nn.seed_batch import Network, SeedBatch
from genearena.methods._nn.seeding import generator
from genearena.methods.settings import Count, NotNegative, Number, Positive, Seed


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
    patience
        Stop after so many epochs without a lower loss; None to train all epochs.
    precision
        ``float32``, or ``bfloat16`` for the matrix products of the decoders while training, most
        of a step's work; encoders, losses, weights and vectors stay float32.

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
        dim: Count = 32,
        seed: Seed = 0,
        epochs: Count = 2000,
        lr_encoder: Positive = 1e-4,
        lr_decoder: Positive = 1e-3,
        heads: tuple[Count, Count] = (4, 2),
        contrastive_weight: NotNegative = 0.01,
        temperature: Positive = 0.07,
        n_private: Number = 100,
        patience: Count | None = None,
        precision: Precision = "float32",
    ) -> None:
        super().__init__(dim=dim, seed=seed)
        self.epochs = epochs
        self.lr_encoder = lr_encoder
        self.lr_decoder = lr_decoder
        self.heads = heads
        self.contrastive_weight = contrastive_weight
        self.temperature = temperature
        self.n_private = n_private
        self.patience = patience
        self.precision = precision

    def _network(self, graphs: GraphCollection) -> Network:
        first, second = self.heads
        encoders = attention_encoders(graphs, self.dim, (first, second))
        return Network(
            encoders, nn.ModuleList(SimilarityDecoder(graph.n_genes) for graph in graphs)
        )

    @classmethod
    def _batch(
        cls, methods: Sequence[Self], networks: Sequence[Network], tensors: Sequence[GraphTensors]
    ) -> SeedBatch:
        return MuSeGNNBatch(methods, networks, tensors)

    def _rates(self) -> tuple[float, float]:
        return self.lr_encoder, self.lr_decoder


@dataclass(frozen=True, eq=False)
class Tie:
    """A graph and the partner that some seeds drew for it.

    Parameters
    ----------
    i, j
        Positions of the two graphs.
    members
        The seeds.
    rows, others
        (members, m_i) and (members, m_j) rows of private genes drawn from either graph.
    """

    i: int
    j: int
    members: Sequence[int]
    rows: Tensor
    others: Tensor


class MuSeGNNBatch(SeedBatch):
    """The training of MuSe-GNN for several seeds.

    Parameters
    ----------
    methods
        Settings, equal but for the seeds.
    networks, tensors
        One per seed; one per graph.

    Attributes
    ----------
    looped
        Whether a gene counts as a neighbour of itself in overlaps and draws.
    """

    looped: ClassVar[bool] = False

    def __init__(
        self,
        methods: Sequence[MuSeGNN],
        networks: Sequence[Network],
        tensors: Sequence[GraphTensors],
    ) -> None:
        super().__init__(networks, tensors, methods[0].precision)
        self.settings = methods[0]
        self.edges = [graph.edges(self.settings.dim) for graph in tensors]
        self.pairs = all_pairs(_views(tensors, len(methods)), self.device, looped=self.looped)
        self.sources = [generator(m.seed, "partner graphs and private genes") for m in methods]
        rngs = [np.random.default_rng([method.seed, 0]) for method in methods]
        self.neighbours = [self._drawn_neighbours(graph.graphs, rngs) for graph in tensors]

    def encode(self, position: int, members: Sequence[int]) -> Tensor:
        """Return the (members, n, dim) gene vectors of one graph."""
        edges = self.edges[position].of(members)
        return self.run_encoder(position, members, self.tensors[position].x, edges)

    def draw(self, position: int, members: Sequence[int]) -> Draws:
        """Draw a partner graph for every seed, and private genes of both graphs.

        For every partner three tensors: the places in `members` of the seeds that drew it, and
        (seeds, m) rows of private genes of either graph.
        """
        if self.n_graphs == 1:
            return Draws()
        partners = self._partners(position, members)
        tensors: list[Tensor] = []
        for other, places in partners.items():
            chosen = [members[place] for place in places]
            tensors += (torch.tensor(places), *self._private(position, other, chosen))
        return Draws(
            tuple((other, tuple(places)) for other, places in partners.items()), tuple(tensors)
        )

    def loss_given(self, position: int, members: Sequence[int], draws: Draws) -> Tensor:
        """Return the (members,) losses of Eq. 5-7 against one other graph each."""
        z = self.encode(position, members)
        logits = self.run_decoder(position, members, z)
        loss = edge_loss(logits, of_members(self.tensors[position].adjacency, members))
        if not draws.choices:
            return loss
        unit = functional.normalize(z, dim=-1)
        for k, (other, places) in enumerate(draws.choices):
            index, *genes = draws.tensors[3 * k : 3 * k + 3]
            tie = Tie(position, other, [members[place] for place in places], *genes)
            loss = loss.index_add(0, index, self._ties(unit.index_select(0, index), tie))
        return loss

    def _drawn_neighbours(
        self, views: Sequence[GeneGraph], rngs: Sequence[np.random.Generator]
    ) -> Tensor:
        each = zip(_each(views, len(rngs)), rngs, strict=True)
        drawn = [random_neighbours(view, rng, looped=self.looped) for view, rng in each]
        return torch.stack(drawn).to(self.device)

    def _partners(self, position: int, members: Sequence[int]) -> dict[int, list[int]]:
        """Draw a partner graph for every seed; return the places in `members` by partner."""
        partners: dict[int, list[int]] = {}
        for place, member in enumerate(members):
            drawn = int(torch.randint(self.n_graphs - 1, (), generator=self.sources[member]))
            partners.setdefault(drawn + (drawn >= position), []).append(place)
        return partners

    def _ties(self, unit: Tensor, tie: Tie) -> Tensor:
        """Return the terms that tie two graphs, given the unit vectors of the first."""
        unit_other = functional.normalize(self.encode(tie.j, tie.members), dim=-1)
        pairs = self.pairs[tie.i, tie.j]
        similarity = common_similarity(unit, unit_other, pairs, tie.members)
        contrast = self._contrast(unit, unit_other, tie)
        return self.settings.contrastive_weight * contrast - similarity

    def _contrast(self, unit: Tensor, unit_other: Tensor, tie: Tie) -> Tensor:
        if not tie.rows.shape[1] + tie.others.shape[1]:
            return unit.new_zeros(len(tie.members))
        near, near_others = (
            entries_of(self.neighbours[k], tie.members).gather(1, drawn)
            for k, drawn in ((tie.i, tie.rows), (tie.j, tie.others))
        )
        queries = torch.cat([rows_of(unit, tie.rows), rows_of(unit_other, tie.others)], dim=1)
        keys = torch.cat([rows_of(unit, near), rows_of(unit_other, near_others)], dim=1)
        return nt_xent(queries, keys, self.settings.temperature)

    def _private(self, i: int, j: int, members: Sequence[int]) -> tuple[Tensor, Tensor]:
        pairs, size = self.pairs[i, j], self.settings.n_private
        drawn = [
            (draw(pairs.private_i, size, source), draw(pairs.private_j, size, source))
            for source in (self.sources[member] for member in members)
        ]
        rows, others = zip(*drawn, strict=True)
        return torch.stack(rows), torch.stack(others)


def rows_of(unit: Tensor, rows: Tensor) -> Tensor:
    """Return (members, m, dim) chosen rows of each member's (members, n, dim) vectors."""
    return unit.gather(1, rows[..., None].expand(-1, -1, unit.shape[-1]))


def _views(tensors: Sequence[GraphTensors], seeds: int) -> list[Sequence[GeneGraph]]:
    views = [graph.graphs for graph in tensors]
    if all(len(seen) == 1 for seen in views):
        return views
    return [_each(seen, seeds) for seen in views]


def _each(views: Sequence[GeneGraph], seeds: int) -> Sequence[GeneGraph]:
    return list(views) * seeds if len(views) == 1 else views


def common_similarity(
    unit: Tensor, unit_other: Tensor, pairs: GenePairs, members: Sequence[int] = (0,)
) -> Tensor:
    """Return the mean over common genes of overlap × cosine, 0 if there are none.

    Parameters
    ----------
    unit, unit_other
        (members, n_i, dim) and (members, n_j, dim) unit vectors of the two graphs.
    pairs
        Common genes and the overlap of their neighbourhoods.
    members
        Which seeds the vectors belong to.

    Returns
    -------
    (members,).
    """
    if not len(pairs.common_i):
        return unit.new_zeros(len(unit))
    mine, others = unit.index_select(1, pairs.common_i), unit_other.index_select(1, pairs.common_j)
    overlap = entries_of(pairs.overlap, members)
    return (overlap * (mine * others).sum(dim=-1)).mean(dim=-1)
