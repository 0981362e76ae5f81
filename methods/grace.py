"""GRACE: graph contrastive representation learning."""

from collections.abc import Mapping
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.contrastive import nt_xent
from genearena.methods._nn.encoders import Sharing, shared_copies
from genearena.methods._nn.gcn_encoder import GraphConvolution
from genearena.methods._nn.graph_tensors import normalised
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.seeding import generator
from genearena.methods.settings import Count, NotNegative, Positive, Share, with_settings


@with_settings
class GRACE(NeuralMethod):
    """Contrast two views of a graph that each lack some edges and some cells.

    Two graph convolutions, cells -> 2 dim -> dim, each with ReLU, encode both views; a projector,
    dim -> dim with ELU -> dim, is trained with them and left out of the vectors. A gene's positive
    is itself in the other view, its negatives are all other genes of both. The published settings
    are those of Cora, but for the length of a vector.

    The published code divides a node's features by their sum, which means nothing where the sum
    may be 0 or negative as that of residuals: here each cell's column is z-scored.

    Every graph is trained by itself, as published, so that vectors of different donors cannot be
    compared; see `sharing`.

    Parameters
    ----------
    dim, seed, epochs, weight_decay, patience
        As in `NeuralMethod`.
    learning_rate
        Learning rate of Adam.
    temperature
        Divides the cosines.
    dropped_edges
        Chance of each edge to be left out of the first and of the second view; its two directions
        are drawn one by one.
    dropped_cells
        Chance of each cell to be set to zero for all genes in the first and in the second view.
    sharing
        Whether the second layer and the projector are a graph's own or, as MuSe-GNN's layers, one
        for all graphs of a technique and tissue.

    References
    ----------
    Zhu et al., Deep graph contrastive representation learning, ICML workshop 2020, Eq. 1-2.
    """

    name = "grace"
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 100, "learning_rate": 5e-3}

    epochs: Count = 200
    learning_rate: Positive = 5e-4
    weight_decay: NotNegative = 1e-5
    temperature: Positive = 0.4
    dropped_edges: tuple[Share, Share] = (0.2, 0.4)
    dropped_cells: tuple[Share, Share] = (0.3, 0.4)
    sharing: Sharing = "dataset"
    patience: Count | None = None

    def _encoders(self, graphs: GraphCollection) -> nn.ModuleList:
        own = [GraphConvolution(graph.n_cells, 2 * self.dim) for graph in graphs]
        shared = shared_copies(
            graphs, lambda: GraphConvolution(2 * self.dim, self.dim), self.sharing
        )
        return nn.ModuleList(map(_Encoder, own, shared))

    def _decoders(self, graphs: GraphCollection) -> nn.ModuleList:
        copies = shared_copies(graphs, lambda: _projector(self.dim), self.sharing)
        return nn.ModuleList(copies)

    def _prepare(self, graphs: GraphCollection) -> None:
        super()._prepare(graphs)
        self.links = [directed_edges(tensors.adjacency) for tensors in self.tensors]
        self.views = generator(self.seed, "views")

    def _encode(self, position: int) -> Tensor:
        tensors = self.tensors[position]
        z: Tensor = self.encoders[position](tensors.standardised, tensors.propagation)
        return z

    def _loss(self, position: int) -> Tensor:
        shares = zip(self.dropped_edges, self.dropped_cells, strict=True)
        first, second = (self._view(position, edges, cells) for edges, cells in shares)
        return nt_xent(first, second, self.temperature)

    def _view(self, position: int, edges: float, cells: float) -> Tensor:
        """Return the (n, dim) unit vectors of the projected genes of a view."""
        x, links = self.tensors[position].standardised, self.links[position]
        propagation = normalised(without_edges(links, len(x), edges, self.views))
        kept = kept_cells(x.shape[1], cells, self.views).to(self.device)
        z = self.encoders[position](x, propagation, kept)
        return functional.normalize(self.decoders[position](z), dim=-1)

    def _rates(self) -> tuple[float, float]:
        return self.learning_rate, self.learning_rate


class _Encoder(nn.Module):
    """Two graph convolutions, each with ReLU."""

    def __init__(self, first: GraphConvolution, second: nn.Module) -> None:
        super().__init__()
        self.first = first
        self.second = second

    def forward(self, x: Tensor, propagation: Tensor, cells: Tensor | None = None) -> Tensor:
        """Return (n, dim) features of (n, cells) profiles, of those `cells` only that are not 0."""
        weight = self.first.weight
        # a column of zeros in X is a row of zeros in W, which has far fewer entries
        projected = x @ (weight if cells is None else weight * cells[:, None])
        hidden = functional.relu(propagation @ projected + self.first.bias)
        return functional.relu(self.second(hidden, propagation))


def _projector(dim: int) -> nn.Module:
    return nn.Sequential(nn.Linear(dim, dim), nn.ELU(), nn.Linear(dim, dim))


def directed_edges(adjacency: Tensor) -> Tensor:
    """Return the (2, 2 E) rows and columns of the edges of an (n, n) adjacency, without loops."""
    links = adjacency.nonzero().mT
    return links[:, links[0] != links[1]]


def without_edges(links: Tensor, n_genes: int, share: float, source: torch.Generator) -> Tensor:
    """Return an (n, n) adjacency with self-loops that lacks each of the (2, 2 E) links by chance.

    The two directions of an edge are two links: one may stay without the other.
    """
    # drawn on the CPU, so that a seed means the same on every device
    kept = torch.rand(links.shape[1], generator=source) >= share
    adjacency = torch.eye(n_genes, device=links.device)
    return adjacency.index_put_(tuple(links[:, kept.to(links.device)]), torch.tensor(1.0))


def kept_cells(n_cells: int, share: float, source: torch.Generator) -> Tensor:
    """Return (cells,) ones, each 0 by chance."""
    return (torch.rand(n_cells, generator=source) >= share).float()
