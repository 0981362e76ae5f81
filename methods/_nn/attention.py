"""Transformer attention along the edges of a graph."""

from torch import Tensor, nn

from genearena.methods._nn.affine import Affine
from genearena.methods._nn.edges import Edges


class GraphAttention(nn.Module):
    """Multi-head attention of every gene over its neighbours, plus a linear root term.

    The heads are concatenated. Query, key, value and root maps are one linear layer whose output
    columns are ordered so, each with the heads one after the other.

    Parameters
    ----------
    width_in
        Number of input features.
    width
        Number of features per head.
    heads
        Number of heads.

    References
    ----------
    Shi et al., Masked label prediction: unified message passing model for semi-supervised
    classification, IJCAI 2021, Eq. 3-4, without edge features, gating and dropout.
    """

    def __init__(self, width_in: int, width: int, heads: int = 1) -> None:
        super().__init__()
        self.width = width
        self.heads = heads
        self.maps = Affine(width_in, 4 * heads * width)

    def forward(self, x: Tensor, edges: Edges) -> Tensor:
        """Return (seeds, n, heads * width) features for (seeds or 1, n, width_in) ones."""
        return edges.attend(self.maps(x), self.heads)
