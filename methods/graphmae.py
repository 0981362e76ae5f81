"""GraphMAE: a self-supervised masked graph auto-encoder."""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.lr_scheduler import CosineAnnealingLR

from genearena.data.common.errors import UsageError
from genearena.data.graphs import GraphCollection
from genearena.methods._nn.encoders import Sharing, shared_copies
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.seeding import dropout, generator
from genearena.methods.settings import (
    Count,
    InnerShare,
    NotNegative,
    PartialShare,
    Positive,
    Share,
    with_settings,
)

_SLOPE = 0.2


@with_settings
class GraphMAE(NeuralMethod):
    """Hide the profiles of half of the genes and reconstruct them from their neighbours.

    Hidden profiles become a learned token, a few of them another gene's profile. Two layers of
    graph attention encode what is left, each with PReLU; a linear map without bias follows, hidden
    genes are set to zero again, and one layer of one head decodes the profiles. The loss is
    (1 - cosine)^γ, averaged over the hidden genes. The published settings are those of Cora, but
    for the width: dim instead of 512, as many heads of dim / heads each.

    Followed is the code's first version: features are dropped within each layer, the decoder's
    too. Each cell's column is z-scored, as the code does with the one continuous data set that it
    has. The decoder mixes the vectors of neighbours before it widens them to the cells, which is
    the same mathematics without a tensor of edges by cells.

    Every graph is trained by itself, as published, so that vectors of different donors cannot be
    compared; see `sharing`.

    Parameters
    ----------
    dim, seed, epochs, weight_decay, patience
        As in `NeuralMethod`. `dim` is a multiple of `heads`.
    learning_rate
        Learning rate of Adam at the start; it falls to 0 as half a cosine over the epochs.
    heads
        Attention heads of the layers of the encoder.
    masked_share
        Share of the genes that are hidden, drawn afresh in every epoch.
    replaced_share
        Share of those that get another gene's profile instead of the token.
    dropped
        Chance of an entry of a layer's input to be dropped.
    dropped_attention
        Chance of an attention weight to be dropped.
    exponent
        γ of the loss.
    sharing
        Whether the second layer and the linear map are a graph's own or, as MuSe-GNN's layers, one
        for all graphs of a technique and tissue. Token and decoder depend on the cells.

    References
    ----------
    Hou et al., GraphMAE: self-supervised masked graph autoencoders, KDD 2022.
    """

    name = "graphmae"
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 60, "learning_rate": 2e-3}

    epochs: Count = 1500
    learning_rate: Positive = 1e-3
    weight_decay: NotNegative = 2e-4
    heads: Count = 4
    masked_share: InnerShare = 0.5
    replaced_share: Share = 0.05
    dropped: PartialShare = 0.2
    dropped_attention: PartialShare = 0.1
    exponent: Positive = 3.0
    sharing: Sharing = "dataset"
    patience: Count | None = None

    def skip(self, graphs: GraphCollection) -> str | None:  # noqa: ARG002 - whatever the graphs
        """Return a reason if the heads do not divide the vector."""
        if self.dim % self.heads:
            return f"{self.heads} heads cannot share {self.dim} columns; give a multiple as dim"
        return None

    def _encoders(self, graphs: GraphCollection) -> nn.ModuleList:
        reason = self.skip(graphs)
        if reason:
            raise UsageError(f"graphmae: {reason}")
        own = [self._layer(graph.n_cells) for graph in graphs]
        second = shared_copies(graphs, lambda: self._layer(self.dim), self.sharing)
        return nn.ModuleList(map(_Encoder, [graph.n_cells for graph in graphs], own, second))

    def _layer(self, width_in: int) -> nn.Module:
        width = self.dim // self.heads
        return _ActiveAttention(width_in, width, self.heads, self._shares())

    def _decoders(self, graphs: GraphCollection) -> nn.ModuleList:
        bridges = shared_copies(
            graphs, lambda: nn.Linear(self.dim, self.dim, bias=False), self.sharing
        )
        own = [WideAttention(self.dim, graph.n_cells, 1, self._shares()) for graph in graphs]
        return nn.ModuleList(map(_Decoder, bridges, own))

    def _shares(self) -> tuple[float, float]:
        return self.dropped, self.dropped_attention

    def _prepare(self, graphs: GraphCollection) -> None:
        super()._prepare(graphs)
        self.links = [tensors.adjacency.nonzero().mT for tensors in self.tensors]
        self.masks = generator(self.seed, "masks")
        self.dropouts = generator(self.seed, "dropout", self.device)

    def _encode(self, position: int) -> Tensor:
        x, links = self.tensors[position].standardised, self.links[position]
        z: Tensor = self.encoders[position](x, links)
        return z

    def _loss(self, position: int) -> Tensor:
        x, links = self.tensors[position].standardised, self.links[position]
        drawn = hidden_genes(len(x), self.masked_share, self.replaced_share, self.masks)
        rows = Rows(*(each.to(self.device) for each in drawn))
        hidden = torch.cat([rows.tokens, rows.replaced])
        z = self.encoders[position](x, links, self.dropouts, rows)
        decoded = self.decoders[position](z, links, hidden, self.dropouts)
        return scaled_cosine_error(decoded, x[hidden], self.exponent)

    def _rates(self) -> tuple[float, float]:
        return self.learning_rate, self.learning_rate

    def _schedule(self, optimizer: torch.optim.Optimizer) -> CosineAnnealingLR:
        return CosineAnnealingLR(optimizer, self.epochs)


class Rows(NamedTuple):
    """Genes hidden by the token, genes that get another's profile, and those others."""

    tokens: Tensor
    replaced: Tensor
    others: Tensor


class GraphAttention(nn.Module):
    """Additive attention over neighbours, heads of `width` features concatenated.

    Parameters
    ----------
    width_in, width, heads
        Sizes.
    shares
        Chances of an entry of the input and of an attention weight to be dropped in training.

    References
    ----------
    Veličković et al., Graph attention networks, ICLR 2018.
    """

    def __init__(self, width_in: int, width: int, heads: int, shares: tuple[float, float]) -> None:
        super().__init__()
        self.shares = shares
        self.weight = nn.Parameter(torch.empty(width_in, heads * width))
        self.source = nn.Parameter(torch.empty(1, heads, width))
        self.target = nn.Parameter(torch.empty(1, heads, width))
        self.bias = nn.Parameter(torch.zeros(heads * width))
        for weights in (self.weight, self.source, self.target):
            nn.init.xavier_normal_(weights, gain=nn.init.calculate_gain("relu"))

    def forward(self, x: Tensor, links: Tensor, source: torch.Generator | None) -> Tensor:
        """Return (n, heads * width) features of (n, width_in) ones.

        `links` are the (2, edges) genes that attend and those attended to; `source` draws what is
        dropped, None if nothing is.
        """
        maps = dropout(x, self.shares[0], source) @ self.weight
        values = maps.view(len(x), *self.source.shape[1:])
        scores = [(values * vector).sum(dim=-1) for vector in (self.target, self.source)]
        return self._mix(values, scores, links, source).flatten(1) + self.bias

    def _mix(
        self,
        values: Tensor,
        scores: list[Tensor],
        links: Tensor,
        source: torch.Generator | None,
    ) -> Tensor:
        """Return the (n, heads, width) means of neighbours' values by the scores of both ends."""
        target, neighbour = links
        # index_select: its gradient is summed several times as fast as that of an index
        both = [ends.index_select(0, rows) for ends, rows in zip(scores, links, strict=True)]
        logits = functional.leaky_relu(both[0] + both[1], _SLOPE)
        weights = softmax_of_targets(logits, target, len(values))
        weights = dropout(weights, self.shares[1], source)[..., None]
        messages = weights * values.index_select(0, neighbour)
        return torch.zeros_like(values).index_add(0, target, messages)


class WideAttention(GraphAttention):
    """The same of one head for some genes, mixed before it is widened: att (x W) = (att x) W."""

    def forward(  # type: ignore[override]
        self, x: Tensor, links: Tensor, rows: Tensor, source: torch.Generator | None
    ) -> Tensor:
        """Return (rows, width) features of some genes, for (n, width_in) ones of all."""
        seen = dropout(x, self.shares[0], source)
        scores = [seen @ (self.weight @ ends[0, 0])[:, None] for ends in (self.target, self.source)]
        return self._mix(seen[:, None], scores, links, source)[rows, 0] @ self.weight + self.bias


class _ActiveAttention(GraphAttention):
    def __init__(self, width_in: int, width: int, heads: int, shares: tuple[float, float]) -> None:
        super().__init__(width_in, width, heads, shares)
        self.activation = nn.PReLU()

    def forward(self, x: Tensor, links: Tensor, source: torch.Generator | None) -> Tensor:
        out: Tensor = self.activation(super().forward(x, links, source))
        return out


class _Encoder(nn.Module):
    def __init__(self, n_cells: int, first: nn.Module, second: nn.Module) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, n_cells))
        self.first = first
        self.second = second

    def forward(
        self,
        x: Tensor,
        links: Tensor,
        source: torch.Generator | None = None,
        rows: Rows | None = None,
    ) -> Tensor:
        """Return (n, dim) features of (n, cells) profiles, of which some rows are hidden."""
        if rows is not None:
            x = x.index_copy(0, rows.replaced, x[rows.others])
            x = x.index_copy(0, rows.tokens, self.token.expand(len(rows.tokens), -1))
        out: Tensor = self.second(self.first(x, links, source), links, source)
        return out


class _Decoder(nn.Module):
    def __init__(self, bridge: nn.Module, attention: nn.Module) -> None:
        super().__init__()
        self.bridge = bridge
        self.attention = attention

    def forward(
        self, z: Tensor, links: Tensor, hidden: Tensor, source: torch.Generator | None
    ) -> Tensor:
        bridged = self.bridge(z).index_fill(0, hidden, 0.0)
        out: Tensor = self.attention(bridged, links, hidden, source)
        return out


def softmax_of_targets(logits: Tensor, target: Tensor, n_genes: int) -> Tensor:
    """Return the softmax of (edges, heads) logits over the edges of one (edges,) target each.

    torch_geometric has it, and takes seconds to import.
    """
    rows = target[:, None].expand_as(logits)
    top = logits.new_zeros(n_genes, logits.shape[1])
    top = top.scatter_reduce(0, rows, logits.detach(), "amax", include_self=False)
    weights = (logits - top.index_select(0, target)).exp()
    sums = torch.zeros_like(top).index_add(0, target, weights)
    return weights / sums.index_select(0, target)


def hidden_genes(
    n_genes: int, masked_share: float, replaced_share: float, source: torch.Generator
) -> Rows:
    """Return genes to hide, drawn uniformly: always as many, and as many of them replaced."""
    order = torch.randperm(n_genes, generator=source)
    hidden = order[: max(1, int(masked_share * n_genes))]
    replaced = int(replaced_share * len(hidden))
    others = torch.randperm(n_genes, generator=source)[:replaced]
    return Rows(hidden[replaced:], hidden[:replaced], others)


def scaled_cosine_error(decoded: Tensor, profiles: Tensor, exponent: float) -> Tensor:
    """Return (1 - cosine)^exponent of the rows of two (m, cells) matrices, averaged."""
    distance = 1 - functional.cosine_similarity(decoded, profiles, dim=-1)
    # rounding may bring it below 0, of which a broken power is no number
    return distance.clamp(min=0).pow(exponent).mean()
