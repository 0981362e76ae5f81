"""Graphs as torch_geometric has them."""

import numpy as np
from random_graphs import random_graph


def test_data_hold_profiles_edges_and_gene_names():
    """Edges are there in both directions and without self-loops; x is a copy."""
    graph = random_graph(30, 0.2, isolated=(3,))
    data = graph.to_pyg()
    assert data.num_nodes == 30
    assert data.genes == graph.genes
    assert data.name == graph.name
    assert data.is_undirected()
    assert not data.has_self_loops()
    assert data.edge_index.shape == (2, 2 * graph.n_edges)
    dense = np.zeros((30, 30), dtype=int)
    dense[tuple(data.edge_index.numpy())] = 1
    np.testing.assert_array_equal(dense, graph.adjacency.toarray())
    np.testing.assert_array_equal(data.x.numpy(), graph.x)
    data.x[0] = 7.0
    assert not (graph.x[0] == 7.0).all()
