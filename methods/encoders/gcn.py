"""GCN."""

from torch_geometric.nn import GCNConv


def gcn(width_in: int, width: int, heads: int) -> GCNConv:
    """Return a graph convolution; the edges hold the self-loops already.

    References
    ----------
    Kipf & Welling, Semi-supervised classification with graph convolutional networks, ICLR 2017.
    """
    return GCNConv(width_in, heads * width, add_self_loops=False)
