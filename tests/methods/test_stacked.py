"""Stacked neighbourhoods against a plain singular value decomposition."""

import numpy as np
import pytest
from scipy import sparse

from genearena.methods.consensus import Consensus
from genearena.methods.stacked import Stacked


def stacked_rows(graphs):
    """Return every graph's normalised adjacency over all names, row by row, of length 1."""
    names = sorted({gene for graph in graphs for gene in graph.genes})
    rows = []
    for graph in graphs:
        joined = graph.adjacency.toarray() + np.eye(graph.n_genes)
        degree = joined.sum(axis=0)
        for g in range(graph.n_genes):
            row = np.zeros(len(names))
            for h, gene in enumerate(graph.genes):
                row[names.index(gene)] = joined[g, h] / np.sqrt(degree[g] * degree[h])
            rows.append(row / np.linalg.norm(row))
    return np.array(rows)


def test_products_are_those_of_the_best_approximation_of_the_stacked_rows(graphs):
    """Inner products within and between graphs equal those of the truncated decomposition."""
    rows = stacked_rows(graphs)
    u, s, _ = np.linalg.svd(rows, full_matrices=False)
    want = (u[:, :8] * s[:8]) @ (u[:, :8] * s[:8]).T
    z = np.vstack(Stacked(dim=8).fit(graphs).embed()).astype(float)
    np.testing.assert_allclose(z @ z.T, want, atol=1e-5)


def test_more_dimensions_than_names_are_zeros(graphs):
    """What there is not is not made up."""
    names = {gene for graph in graphs for gene in graph.genes}
    vectors = Stacked(dim=len(names) + 5).fit(graphs).embed()
    assert all(not z[:, len(names) :].any() for z in vectors)


@pytest.mark.parametrize("method", [Stacked, Consensus])
def test_a_gene_without_edges_has_no_vector(graphs, method):
    """Its row is at right angles to what the others share, and rounding errors are no direction."""
    apart = set(graphs[0].genes[:2])
    cut = []
    for graph in graphs:
        edges = graph.adjacency.toarray()
        rows = [row for row, gene in enumerate(graph.genes) if gene in apart]
        edges[rows] = edges[:, rows] = 0
        cut.append(graph.with_adjacency(sparse.csr_array(edges)))
    vectors = method(dim=4).fit(graphs.with_graphs(cut)).embed()
    for graph, z in zip(cut, vectors, strict=True):
        isolated = np.isin(graph.genes, list(apart))
        assert not z[isolated].any()
        joined = graph.adjacency.toarray().any(axis=0)
        assert (np.linalg.norm(z[joined], axis=1) > 1e-3).all()
