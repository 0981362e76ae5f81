"""VGAE on torch_geometric."""

import torch
from torch import Tensor
from torch.nn import functional

from genearena.data.graphs import GraphCollection
from speed.plain.gcn import PlainConvolutions
from speed.plain.model import PlainModel, plain_graph

# torch_geometric's own VGAE has the same ceiling
LARGEST_LOG_STD = 10.0


class PlainVGAE(PlainModel):
    """Convolutions to mean and log of the deviation, inner products of samples."""

    def __init__(self, graphs: GraphCollection, dim: int = 32) -> None:
        super().__init__()
        self.dim = dim
        self.encoder = PlainConvolutions(graphs, dim, heads=2)
        self.tensors = [plain_graph(graph) for graph in graphs]

    def encode(self, position: int) -> Tensor:
        """Return the (n, dim) means of one graph."""
        mean: Tensor = self.encoder(self.tensors[position], position)[0]
        return mean

    def draw(self, position: int) -> Tensor:
        """Draw (n, dim) standard normal numbers."""
        return torch.randn(len(self.tensors[position].x), self.dim)

    def loss(self, position: int, drawn: Tensor) -> Tensor:
        """Return the cross-entropy of the edges plus the divergence per gene over n."""
        graph = self.tensors[position]
        mean: Tensor
        log_std: Tensor
        mean, log_std = self.encoder(graph, position)
        log_std = log_std.clamp(max=LARGEST_LOG_STD)
        z = mean + drawn * log_std.exp()
        reconstruction = functional.binary_cross_entropy_with_logits(z @ z.T, graph.target)
        terms = 1 + 2 * log_std - mean**2 - log_std.exp() ** 2
        return reconstruction - 0.5 * terms.sum(dim=1).mean() / len(mean)
