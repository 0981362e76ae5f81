"""GPS."""

from torch import Tensor, nn
from torch_geometric.nn import GCNConv, GPSConv


class GPS(nn.Module):
    """A linear map, then a graph convolution beside attention over all genes, and a perceptron.

    There are no positional encodings, which are features rather than layers.

    References
    ----------
    Rampášek et al., Recipe for a general, powerful, scalable graph transformer, NeurIPS 2022; batch
    normalisation and sizes as torch_geometric has them.
    """

    def __init__(self, width_in: int, width: int, heads: int) -> None:
        super().__init__()
        total = heads * width
        self.project = nn.Linear(width_in, total)
        self.layer = GPSConv(total, GCNConv(total, total, add_self_loops=False), heads)

    def forward(self, x: Tensor, edges: Tensor) -> Tensor:
        """Return (n, heads * width) features."""
        out: Tensor = self.layer(self.project(x), edges)
        return out


class ReleasedGPS(GPS):
    """GPS as a class in the scripts of MuSe-GNN: without convolution, so that no edge is seen.

    It has one attention head of full width.
    """

    uses_edges = False

    def __init__(self, width_in: int, width: int, heads: int) -> None:
        nn.Module.__init__(self)
        self.project = nn.Linear(width_in, heads * width)
        self.layer = GPSConv(heads * width, None)
