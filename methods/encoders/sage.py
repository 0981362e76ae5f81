"""GraphSAGE."""

from torch import Tensor, nn
from torch_geometric.nn import SimpleConv


class SAGE(nn.Module):
    """W times the mean of the neighbours, plus a map of the gene itself.

    Features are projected before the mean is taken, as mean(x) W = mean(x W): torch_geometric's
    SAGEConv takes the mean first, and its messages have edges × cells entries.

    References
    ----------
    Hamilton et al., Inductive representation learning on large graphs, NeurIPS 2017, Algorithm 1
    with the mean; not sampled and not normalised.
    """

    def __init__(self, width_in: int, width: int, heads: int) -> None:
        super().__init__()
        self.near = nn.Linear(width_in, heads * width)
        self.root = nn.Linear(width_in, heads * width, bias=False)
        self.mean = SimpleConv("mean")

    def forward(self, x: Tensor, edges: Tensor) -> Tensor:
        """Return (n, heads * width) features."""
        out: Tensor = self.mean(self.near(x), edges) + self.root(x)
        return out
