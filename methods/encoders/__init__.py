"""Graph encoders of MuSe-GNN (``MuSeGNN(encoder=NAME)``), one file for each.

The network is the same for all: L1, from cells to 4 dim, is each graph's own; L2 to 2 dim and L3 to
dim, with L4 past both of them, are shared; GraphNorm and Mish follow L1 and L2. What an encoder
brings is the layer, as a class or function that is called with

    layer(width_in, width, heads)

and gives a torch module whose forward takes (n, width_in) features and a graph's edges, and gives
(n, heads * width) features. It may have attributes:

edges(graph, width, device)
    What forward takes as edges, made once per graph; without it (2, 2E + n) rows of genes, both
    directions of every edge and a self-loop on every gene, as in the published graphs.
first
    What makes L1, if that is another.
uses_edges
    False for layers that see no edge.

``bench check NAME`` checks an encoder; those that plugins bring are in the entry-point group
``genearena.encoders``.
"""
