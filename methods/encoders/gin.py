"""GIN."""

from torch import Tensor, nn
from torch.nn import functional
from torch_geometric.nn import SimpleConv

from genearena.methods._nn.kernels.mish import mish


class GIN(nn.Module):
    """A perceptron, Mish between its two layers, of the gene plus the sum of its neighbours.

    The first layer is linear and comes before the sum: torch_geometric's GINConv sums first, and
    its messages have edges × cells entries.

    References
    ----------
    Xu et al., How powerful are graph neural networks?, ICLR 2019, Eq. 4.1 with ε = 0. How wide the
    perceptron was in Liu et al. is not known: both of its layers are as wide as the output.
    """

    def __init__(self, width_in: int, width: int, heads: int) -> None:
        super().__init__()
        self.first = nn.Linear(width_in, heads * width)
        self.second = nn.Linear(heads * width, heads * width)
        self.sum = SimpleConv("sum", combine_root="sum")

    def forward(self, x: Tensor, edges: Tensor) -> Tensor:
        """Return (n, heads * width) features."""
        summed = self.sum(functional.linear(x, self.first.weight), edges)
        out: Tensor = self.second(mish(summed + self.first.bias))
        return out
