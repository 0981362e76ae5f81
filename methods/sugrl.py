"""SUGRL: simple unsupervised graph representation learning."""

from collections.abc import Mapping
from itertools import count
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from genearena.methods._nn.encoders import Sharing, shared_copies
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.seeding import dropout, generator
from genearena.methods.settings import Count, NotNegative, PartialShare, Positive, with_settings

# of what is averaged over neighbours, whatever the input's
STRUCTURAL_DROPOUT = 0.2
LISTS = 100
"""Lists of one neighbour of each gene, in the fixed table that neighbours are taken from."""
AT_ONCE = 5
STRIDE = 2


@with_settings
class SUGRL(NeuralMethod):
    """Keep a gene closer to what its neighbours are than to other genes, by margins.

    A perceptron, cells -> hidden with ReLU -> dim, encodes profiles with entries dropped: the
    anchor h. Its structural positive p is the normalised adjacency times h, its neighbour positive
    q the mean of five neighbours' h; negatives are other genes' h. With distances d to a negative
    n the loss is

    structural_weight · mean max(0, d(h, p) - d(h, n) + margin), the same with q and
    neighbour_weight, and upper_weight · the sum over genes of
    max(0, d(h, n) - d(h, p) - margin - upper_margin), in which d(h, p) is a constant.

    A gene's vector is its p without dropout, of length 1. The published settings are those of
    clustering Cora, where vectors are 32 long.

    Followed is the code: distances are plain, not squared, and the upper bound is summed over
    genes, so that its weight grows with their number. By default the code loads stored weights in
    every step, and it masks edges of which it makes no use; that is left out.

    Every graph is trained by itself, as published, so that vectors of different donors cannot be
    compared; see `sharing`.

    Parameters
    ----------
    dim, seed, epochs, weight_decay, patience
        As in `NeuralMethod`.
    learning_rate
        Learning rate of Adam.
    hidden
        Width of the first layer.
    dropped
        Chance of an entry of the profiles to be dropped; of h before it is averaged it is 0.2.
    negatives
        How many other genes a gene is compared with: rows of h in another order each.
    margin, upper_margin
        α and β.
    structural_weight, neighbour_weight, upper_weight
        Weights of the three terms.
    sharing
        Whether the second layer is a graph's own or, as MuSe-GNN's layers, one for all graphs of a
        technique and tissue.

    References
    ----------
    Mo et al., Simple unsupervised graph representation learning, AAAI 2022.
    """

    name = "sugrl"
    fast: ClassVar[Mapping[str, Any]] = {"epochs": 100, "learning_rate": 1e-2}

    epochs: Count = 2000
    learning_rate: Positive = 5e-3
    weight_decay: NotNegative = 5e-5
    hidden: Count = 512
    dropped: PartialShare = 0.4
    negatives: Count = 2
    margin: NotNegative = 0.8
    upper_margin: NotNegative = 0.2
    structural_weight: NotNegative = 20.0
    neighbour_weight: NotNegative = 20.0
    upper_weight: NotNegative = 1.0
    sharing: Sharing = "dataset"
    patience: Count | None = None

    def _encoders(self, graphs: GraphCollection) -> nn.ModuleList:
        own = [_linear(graph.n_cells, self.hidden) for graph in graphs]
        last = shared_copies(graphs, lambda: _linear(self.hidden, self.dim), self.sharing)
        pairs = zip(own, last, strict=True)
        return nn.ModuleList(nn.Sequential(first, nn.ReLU(), second) for first, second in pairs)

    def _prepare(self, graphs: GraphCollection) -> None:
        super()._prepare(graphs)
        profiles = (torch.tensor(graph.x, device=self.device) for graph in graphs)
        self.inputs = [functional.normalize(x, p=1.0, dim=1) for x in profiles]
        self.neighbours = [neighbour_lists(tensors.adjacency) for tensors in self.tensors]
        self.steps = [count() for _ in graphs]
        self.dropouts = generator(self.seed, "dropout", self.device)
        self.orders = generator(self.seed, "negatives")

    def _encode(self, position: int) -> Tensor:
        h = self.encoders[position](self.inputs[position])
        return functional.normalize(self.tensors[position].propagation @ h, dim=-1)

    def _loss(self, position: int) -> Tensor:
        seen = dropout(self.inputs[position], self.dropped, self.dropouts)
        anchors = self.encoders[position](seen)
        thinned = dropout(anchors, STRUCTURAL_DROPOUT, self.dropouts)
        structural = self.tensors[position].propagation @ thinned
        lists = lists_of_step(next(self.steps[position]))
        neighbours = anchors[self.neighbours[position][lists]].mean(dim=0)
        orders = [
            torch.randperm(len(anchors), generator=self.orders) for _ in range(self.negatives)
        ]
        others = torch.stack([anchors[order.to(self.device)] for order in orders])
        return self._margins(anchors, structural, neighbours, others)

    def _margins(
        self, anchors: Tensor, structural: Tensor, neighbours: Tensor, negatives: Tensor
    ) -> Tensor:
        """Return the loss of (n, dim) anchors and positives against (negatives, n, dim) others."""
        near, linked, far = (
            functional.pairwise_distance(anchors, other)
            for other in (structural, neighbours, negatives)
        )
        closer = [functional.relu(d - far + self.margin).mean(dim=-1).sum() for d in (near, linked)]
        bound = far - near.detach() - self.margin - self.upper_margin
        upper = functional.relu(bound).sum(dim=-1).mean()
        weights = (self.structural_weight, self.neighbour_weight, self.upper_weight)
        return torch.stack([w * t for w, t in zip(weights, (*closer, upper), strict=True)]).sum()

    def _rates(self) -> tuple[float, float]:
        return self.learning_rate, self.learning_rate


def _linear(width_in: int, width: int) -> nn.Linear:
    layer = nn.Linear(width_in, width)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def neighbour_lists(adjacency: Tensor) -> Tensor:
    """Return the (lists, n) table of one neighbour of every gene per list.

    List j has the neighbour number j mod degree of each gene, in the order of rows.

    Parameters
    ----------
    adjacency
        (n, n) with self-loops, so that a gene is a neighbour of its own.
    """
    degrees = adjacency.count_nonzero(dim=1)
    neighbours = adjacency.nonzero()[:, 1]
    turns = torch.arange(LISTS, device=adjacency.device)[:, None] % degrees
    return neighbours[degrees.cumsum(0) - degrees + turns]


def lists_of_step(step: int) -> list[int]:
    """Return the five lists of a step: every other one from the step's own, the first is 0."""
    return [(step + STRIDE * k) % LISTS for k in range(AT_ONCE)]
