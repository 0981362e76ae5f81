"""The consensus network: an average by name, and nothing of any one graph."""

import numpy as np

from genearena.methods.consensus import Consensus, average_network


def test_weights_are_shares_of_the_graphs_with_both_genes(graphs):
    """Counted pair by pair."""
    names = sorted({gene for graph in graphs for gene in graph.genes})
    got = average_network(graphs)
    rng = np.random.default_rng(0)
    for a, b in rng.integers(len(names), size=(400, 2)):
        both = [g for g in graphs if names[a] in g.index and names[b] in g.index]
        joined = [g.adjacency[g.index[names[a]], g.index[names[b]]] for g in both]
        assert got[a, b] == (np.mean(joined) if both else 0)


def test_a_gene_has_one_vector_in_all_graphs(graphs):
    """The same in every graph, and cosines of rows are those of the average's neighbourhoods."""
    vectors = Consensus(dim=200).fit(graphs).embed()
    network = average_network(graphs) + np.eye(len(average_network(graphs)))
    scale = 1 / np.sqrt(network.sum(axis=1))
    rows = network * scale[:, None] * scale
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    names = sorted({gene for graph in graphs for gene in graph.genes})
    for graph, z in zip(graphs, vectors, strict=True):
        place = [names.index(gene) for gene in graph.genes]
        np.testing.assert_allclose(z @ z.T, rows[place] @ rows[place].T, atol=1e-5)
