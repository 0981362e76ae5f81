"""Graphormer."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from genearena.data.graphs import GeneGraph

FAR = 20
"""The greatest distance told apart; genes that no path joins count as so far from each other."""
DEGREES = 16
"""Bins of degrees: 0, 1-2, 3-6, 7-14, …"""


@dataclass(frozen=True, eq=False)
class Distances:
    """What Graphormer sees of a graph.

    Parameters
    ----------
    hops
        (n, n) int32 lengths of shortest paths, at most `FAR`.
    degrees
        (n,) int32 bins of the numbers of neighbours.
    """

    hops: Tensor
    degrees: Tensor

    @classmethod
    def of(cls, graph: GeneGraph, _width: int, device: torch.device) -> "Distances":
        """Search breadth-first from all genes at once, and count neighbours."""
        adjacency = graph.adjacency.astype(np.float32)
        hops = np.full(adjacency.shape, FAR, np.int32)
        reached = np.eye(graph.n_genes, dtype=bool)
        hops[reached] = 0
        for distance in range(1, FAR):
            new = (adjacency @ reached.astype(np.float32) > 0) & ~reached
            if not new.any():
                break
            hops[new] = distance
            reached |= new
        bins = np.log2(np.diff(adjacency.indptr) + 1).astype(np.int32).clip(max=DEGREES - 1)
        return cls(torch.from_numpy(hops).to(device), torch.from_numpy(bins).to(device))


class Graphormer(nn.Module):
    """A linear map, then attention over all genes with a bias by distance, and a perceptron.

    Both are residual and normalise before. As in the port of Rampášek et al. to single graphs
    there is no graph token and no encoding of edges. Unlike there, every layer has a table of
    biases of its own, since layers differ in heads, and degrees are binned by their logarithm.

    References
    ----------
    Ying et al., Do transformers really perform bad for graph representation?, NeurIPS 2021, Eq.
    5-9; Rampášek et al., NeurIPS 2022 (GraphGPS).
    """

    edges = staticmethod(Distances.of)
    first: ClassVar[type[nn.Module]]

    def __init__(self, width_in: int, width: int, heads: int) -> None:
        super().__init__()
        total = heads * width
        self.project = nn.Linear(width_in, total)
        self.bias = nn.Embedding(FAR + 1, heads)
        self.norm = nn.LayerNorm(total)
        self.attention = nn.MultiheadAttention(total, heads, batch_first=True)
        self.perceptron = nn.Sequential(
            nn.LayerNorm(total), nn.Linear(total, total), nn.GELU(), nn.Linear(total, total)
        )
        nn.init.normal_(self.bias.weight, std=0.02)

    def forward(self, x: Tensor, edges: Distances) -> Tensor:
        """Return (n, heads * width) features."""
        return self._attend(self.project(x), edges)

    def _attend(self, h: Tensor, edges: Distances) -> Tensor:
        normed = self.norm(h)[None]
        bias = self.bias(edges.hops).permute(2, 0, 1)
        attended, _ = self.attention(normed, normed, normed, attn_mask=bias, need_weights=False)
        h = h + attended[0]
        out: Tensor = h + self.perceptron(h)
        return out


class FirstGraphormer(Graphormer):
    """L1, which adds a vector for a gene's degree."""

    def __init__(self, width_in: int, width: int, heads: int) -> None:
        super().__init__(width_in, width, heads)
        self.degree = nn.Embedding(DEGREES, heads * width)
        nn.init.normal_(self.degree.weight, std=0.02)

    def forward(self, x: Tensor, edges: Distances) -> Tensor:
        """Return (n, heads * width) features."""
        return self._attend(self.project(x) + self.degree(edges.degrees), edges)


Graphormer.first = FirstGraphormer
