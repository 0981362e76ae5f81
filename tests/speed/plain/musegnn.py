"""MuSe-GNN on torch_geometric's message passing."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch_geometric.nn import GraphNorm, TransformerConv
from torch_geometric.utils import add_self_loops

from genearena.data.graphs import GeneGraph, GraphCollection
from speed.plain.decoder import PlainDecoder
from speed.plain.gene_pairs import PlainPairs, plain_pairs
from speed.plain.model import PlainModel, plain_graph
from speed.plain.shared import Shared

CONTRAST = 0.01
TEMPERATURE = 0.07
PRIVATE = 100


Drawn = tuple[int, Tensor, Tensor]
"""The other graph of a step and the rows of private genes of either."""


class PlainMuSeGNN(PlainModel):
    """L1 per graph, L2-L4 per group, three dense decoder layers per graph.

    Parameters
    ----------
    graphs
        The task: two graphs or more, each with genes the others do not have.
    dim
        Length of a gene vector.
    heads
        Attention heads of L1 and L2.
    """

    def __init__(
        self, graphs: GraphCollection, dim: int = 32, heads: tuple[int, int] = (4, 2)
    ) -> None:
        super().__init__()
        self.encoder = _Encoder(graphs, dim, heads)
        self.decoder = nn.ModuleList(PlainDecoder(graph.n_genes) for graph in graphs)
        self.tensors = [plain_graph(graph) for graph in graphs]
        self.edges = [add_self_loops(graph.edges)[0] for graph in self.tensors]
        n = range(len(graphs))
        self.pairs = {(i, j): plain_pairs(graphs[i], graphs[j]) for i in n for j in n if i != j}
        self.neighbours = [_neighbours(graph) for graph in graphs]

    def encode(self, position: int) -> Tensor:
        """Return the (n, dim) gene vectors of one graph."""
        z: Tensor = self.encoder(self.tensors[position].x, self.edges[position], position)
        return z

    def draw(self, position: int) -> Drawn:
        """Draw another graph and private genes of either."""
        others = [j for i, j in self.pairs if i == position]
        other = others[int(torch.randint(len(others), ()))]
        pairs = self.pairs[position, other]
        return other, _some(pairs.private), _some(pairs.other_private)

    def loss(self, position: int, drawn: Drawn) -> Tensor:
        """Return reconstruction - similarity + weighted contrast."""
        other, rows, other_rows = drawn
        z, z_other = self.encode(position), self.encode(other)
        reconstruction = functional.binary_cross_entropy_with_logits(
            self.decoder[position](z), self.tensors[position].target
        )
        similarity = _similarity(z, z_other, self.pairs[position, other])
        near, other_near = self.neighbours[position], self.neighbours[other]
        queries = torch.cat([z[rows], z_other[other_rows]])
        keys = torch.cat([z[near[rows]], z_other[other_near[other_rows]]])
        return reconstruction - similarity + CONTRAST * _nt_xent(queries, keys)

    def decoders(self) -> list[nn.Parameter]:
        """Return the parameters trained with the learning rate of the decoder."""
        return list(self.decoder.parameters())


class _Encoder(nn.Module):
    def __init__(self, graphs: GraphCollection, dim: int, heads: tuple[int, int]) -> None:
        super().__init__()
        one, two = heads
        self.first = nn.ModuleList(_First(graph.n_cells, dim, one) for graph in graphs)
        self.shared = Shared(graphs, lambda: _Others(one * dim, dim, two))

    def forward(self, x: Tensor, edges: Tensor, position: int) -> Tensor:
        hidden = self.first[position](x, edges)
        z: Tensor = self.shared.of(position)(hidden, edges)
        return z


class _First(nn.Module):
    def __init__(self, n_cells: int, dim: int, heads: int) -> None:
        super().__init__()
        self.attention = TransformerConv(n_cells, dim, heads=heads)
        self.norm = GraphNorm(heads * dim)

    def forward(self, x: Tensor, edges: Tensor) -> Tensor:
        return functional.mish(self.norm(self.attention(x, edges)))


class _Others(nn.Module):
    def __init__(self, width_in: int, dim: int, heads: int) -> None:
        super().__init__()
        self.second = TransformerConv(width_in, dim, heads=heads)
        self.norm = GraphNorm(heads * dim)
        self.third = TransformerConv(heads * dim, dim)
        self.fourth = TransformerConv(width_in, dim)

    def forward(self, hidden: Tensor, edges: Tensor) -> Tensor:
        second = functional.mish(self.norm(self.second(hidden, edges)))
        z: Tensor = self.third(second, edges) + self.fourth(hidden, edges)
        return z


def _neighbours(graph: GeneGraph) -> Tensor:
    rng = np.random.default_rng(0)
    linked = [graph.adjacency[[row]].indices for row in range(graph.n_genes)]
    return torch.tensor([rng.choice(near) if len(near) else row for row, near in enumerate(linked)])


def _some(rows: Tensor) -> Tensor:
    return rows[torch.randperm(len(rows))[:PRIVATE]]


def _similarity(z: Tensor, z_other: Tensor, pairs: PlainPairs) -> Tensor:
    cosines = functional.cosine_similarity(z[pairs.common], z_other[pairs.other_common])
    return (pairs.jaccard * cosines).mean()


def _nt_xent(queries: Tensor, keys: Tensor) -> Tensor:
    vectors = functional.normalize(torch.cat([queries, keys]), dim=1)
    cosines = vectors @ vectors.T / TEMPERATURE
    cosines = cosines.masked_fill(torch.eye(len(vectors), dtype=torch.bool), -torch.inf)
    partners = torch.arange(len(vectors)).roll(len(queries))
    return functional.cross_entropy(cosines, partners)
