"""Skeleton: a map of the gene itself and one of the sum of its neighbours."""

from torch import Tensor, nn
from torch_geometric.nn import SimpleConv


class Skeleton(nn.Module):
    """A layer that adds up what a gene's neighbours and the gene itself are mapped to.

    Parameters
    ----------
    width_in
        Features of each gene: in a first layer one per cell.
    width, heads
        Features out are `heads` times `width`.
    """

    def __init__(self, width_in: int, width: int, heads: int) -> None:
        super().__init__()
        self.near = nn.Linear(width_in, heads * width)
        self.own = nn.Linear(width_in, heads * width)
        self.sum = SimpleConv("sum")

    def forward(self, x: Tensor, edges: Tensor) -> Tensor:
        """Return (n, heads * width) features of n genes, from (n, width_in) ones.

        `edges` is (2, number of edges), each in both directions.
        """
        # projected first: messages as wide as a graph has cells would not fit
        out: Tensor = self.sum(self.near(x), edges) + self.own(x)
        return out
