"""GAT."""

from torch_geometric.nn import GATConv


def gat(width_in: int, width: int, heads: int) -> GATConv:
    """Return graph attention whose heads are concatenated; the edges hold the self-loops already.

    References
    ----------
    Veličković et al., Graph attention networks, ICLR 2018; slope 0.2 and no dropout.
    """
    return GATConv(width_in, width, heads, add_self_loops=False)
