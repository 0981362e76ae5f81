"""MAE in plain torch."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from speed.plain.model import PlainModel
from speed.plain.perceptron import PlainPerceptron
from speed.plain.shared import Shared

MASKED_SHARE = 0.25


class PlainMAE(PlainModel):
    """Perceptron there and back; a fresh permutation picks the hidden quarter."""

    def __init__(self, graphs: GraphCollection, dim: int = 32) -> None:
        super().__init__()
        self.x = [torch.tensor(graph.x) for graph in graphs]
        self.encoder = PlainPerceptron(graphs, dim)
        self.widen = Shared(graphs, lambda: _widening(dim))
        self.last = nn.ModuleList(nn.Linear(4 * dim, graph.n_cells) for graph in graphs)

    def encode(self, position: int) -> Tensor:
        """Return the (n, dim) vectors of the unmasked profiles."""
        z: Tensor = self.encoder(self.x[position], position)
        return z

    def draw(self, position: int) -> Tensor:
        """Draw a (n, cells) mask that hides a quarter of the entries."""
        x = self.x[position]
        hidden = torch.zeros(x.numel(), dtype=torch.bool)
        hidden[torch.randperm(x.numel())[: round(MASKED_SHARE * x.numel())]] = True
        return hidden.view_as(x)

    def loss(self, position: int, drawn: Tensor) -> Tensor:
        """Return the mean squared error over all entries."""
        x = self.x[position]
        z = self.encoder(x.masked_fill(drawn, 0), position)
        return functional.mse_loss(self.last[position](self.widen.of(position)(z)), x)

    def decoders(self) -> list[nn.Parameter]:
        """Return the parameters trained with the learning rate of the decoder."""
        return [*self.widen.parameters(), *self.last.parameters()]


def _widening(dim: int) -> nn.Module:
    return nn.Sequential(nn.Linear(dim, 2 * dim), nn.Mish(), nn.Linear(2 * dim, 4 * dim), nn.Mish())
