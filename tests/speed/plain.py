"""GAE, VGAE, MAE and WSMAE as one would write them with PyTorch Geometric and plain torch."""

from abc import abstractmethod
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch_geometric.nn import GCNConv

from genearena.data.graphs import FloatArray, GraphCollection
from genearena.methods.base import Method
from genearena.methods.progress import report

MASKED_SHARE = 0.25
# torch_geometric's own VGAE has the same ceiling
LARGEST_LOG_STD = 10.0


class Plain(Method):
    """A first layer per graph, two that all graphs share, torch's Adam as it comes."""

    def __init__(self, *, dim: int = 32, seed: int = 0, epochs: int = 4) -> None:
        self.dim, self.seed, self.epochs = dim, seed, epochs

    @abstractmethod
    def build(self, graphs: GraphCollection) -> list[nn.Module]:
        """Make the modules and return them."""

    @abstractmethod
    def encode(self, i: int) -> Tensor:
        """Return the (n, dim) vectors of one graph."""

    @abstractmethod
    def loss(self, i: int) -> Tensor:
        """Return the loss of a step for one graph."""

    def fit(self, graphs: GraphCollection) -> Self:
        """Train."""
        torch.manual_seed(self.seed)
        dense = [torch.tensor(graph.adjacency.toarray()).float() for graph in graphs]
        self.x = [torch.tensor(graph.x) for graph in graphs]
        self.edges = [a.nonzero().T.contiguous() for a in dense]
        self.targets = [a + torch.eye(len(a)) for a in dense]
        modules = nn.ModuleList(self.build(graphs))
        optimizer = torch.optim.Adam(modules.parameters(), lr=1e-3)
        for epoch in range(self.epochs):
            for i in range(len(self.x)):
                optimizer.zero_grad()
                loss = self.loss(i)
                torch.autograd.backward(loss)
                optimizer.step()
            report(epoch + 1, self.epochs, loss.item())
        return self

    def embed(self) -> list[FloatArray]:
        """Return the encoders' outputs."""
        with torch.no_grad():
            return [self.encode(i).numpy() for i in range(len(self.x))]


class PlainGAE(Plain):
    """GCNConv three times, inner products."""

    heads = 1

    def build(self, graphs: GraphCollection) -> list[nn.Module]:
        """Make the convolutions."""
        self.first = nn.ModuleList(GCNConv(graph.n_cells, 4 * self.dim) for graph in graphs)
        self.second = GCNConv(4 * self.dim, 2 * self.dim)
        self.third = nn.ModuleList(GCNConv(2 * self.dim, self.dim) for _ in range(self.heads))
        return [self.first, self.second, self.third]

    def outputs(self, i: int) -> list[Tensor]:
        """Return one (n, dim) tensor per head."""
        h = functional.mish(self.first[i](self.x[i], self.edges[i]))
        h = functional.mish(self.second(h, self.edges[i]))
        return [last(h, self.edges[i]) for last in self.third]

    def encode(self, i: int) -> Tensor:
        """Return the first head's output."""
        return self.outputs(i)[0]

    def loss(self, i: int) -> Tensor:
        """Return the cross-entropy of the edges."""
        z = self.encode(i)
        return functional.binary_cross_entropy_with_logits(z @ z.T, self.targets[i])


class PlainVGAE(PlainGAE):
    """Mean and log of the deviation, inner products of samples."""

    heads = 2

    def loss(self, i: int) -> Tensor:
        """Return the cross-entropy of the edges plus the divergence per gene over n."""
        mean, log_std = self.outputs(i)
        log_std = log_std.clamp(max=LARGEST_LOG_STD)
        z = mean + torch.randn_like(mean) * log_std.exp()
        terms = 1 + 2 * log_std - mean**2 - log_std.exp() ** 2
        edges = functional.binary_cross_entropy_with_logits(z @ z.T, self.targets[i])
        return edges - 0.5 * terms.sum(dim=1).mean() / len(mean)


class PlainMAE(Plain):
    """Perceptron there and back; a fresh permutation picks the hidden quarter."""

    def build(self, graphs: GraphCollection) -> list[nn.Module]:
        """Make the perceptrons."""
        d = self.dim
        self.first = nn.ModuleList(nn.Linear(graph.n_cells, 4 * d) for graph in graphs)
        self.narrow = nn.Sequential(
            nn.Mish(), nn.Linear(4 * d, 2 * d), nn.Mish(), nn.Linear(2 * d, d)
        )
        return [self.first, self.narrow, *self.decoders(graphs)]

    def decoders(self, graphs: GraphCollection) -> list[nn.Module]:
        """Make what leads back to the profiles."""
        d = self.dim
        self.widen = nn.Sequential(
            nn.Linear(d, 2 * d), nn.Mish(), nn.Linear(2 * d, 4 * d), nn.Mish()
        )
        self.last = nn.ModuleList(nn.Linear(4 * d, graph.n_cells) for graph in graphs)
        return [self.widen, self.last]

    def encode(self, i: int) -> Tensor:
        """Return the vectors of the unmasked profiles."""
        z: Tensor = self.narrow(self.first[i](self.x[i]))
        return z

    def loss(self, i: int) -> Tensor:
        """Return the mean squared error over all entries."""
        x = self.x[i]
        hidden = torch.zeros(x.numel(), dtype=torch.bool)
        hidden[torch.randperm(x.numel())[: round(MASKED_SHARE * x.numel())]] = True
        z = self.narrow(self.first[i](x.masked_fill(hidden.view_as(x), 0)))
        return functional.mse_loss(self.last[i](self.widen(z)), x)


class PlainWSMAE(PlainMAE):
    """The same encoder, and three n x n layers over the rows of z zᵀ written out."""

    def decoders(self, graphs: GraphCollection) -> list[nn.Module]:
        """Make the dense decoders."""
        sizes = [graph.n_genes for graph in graphs]
        self.decoder = nn.ModuleList(
            nn.Sequential(nn.Linear(n, n), nn.Mish(), nn.Linear(n, n), nn.Mish(), nn.Linear(n, n))
            for n in sizes
        )
        return [self.decoder]

    def loss(self, i: int) -> Tensor:
        """Return the cross-entropy of the edges."""
        z = self.encode(i)
        logits = self.decoder[i](z @ z.T)
        return functional.binary_cross_entropy_with_logits(logits, self.targets[i])


PLAIN = {"gae": PlainGAE, "vgae": PlainVGAE, "mae": PlainMAE, "wsmae": PlainWSMAE}
