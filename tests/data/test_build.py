"""From counts to a graph: the parts agree with what they were made from."""

import numpy as np
import pytest

from genearena.data.build import build_graph
from genearena.data.errors import UsageError
from genearena.data.preprocessing.cscore import cscore
from genearena.data.quality import DataWarning


def test_graph_has_the_variable_genes_and_their_tested_pairs(make_counts):
    """Genes, counts, profiles and edges belong together, with depth over all genes."""
    counts = make_counts(cells=200)
    graph = build_graph(counts, n_genes=12, alpha=0.05)
    rows = [counts.genes.index(gene) for gene in graph.genes]
    assert graph.n_genes == 12
    assert rows == sorted(rows)
    np.testing.assert_array_equal(graph.counts.toarray(), counts.counts.toarray().T[rows])
    dense = counts.counts.toarray()
    depth = dense.sum(axis=1)
    want = cscore(dense[:, rows], depth=depth).p_value < 0.05
    np.testing.assert_array_equal(graph.adjacency.toarray(), want)
    mu = np.outer(dense.sum(axis=0) / dense.sum(), depth)
    residuals = (dense.T - mu) / np.sqrt(mu + mu**2 / 100)
    np.testing.assert_allclose(graph.x, residuals[rows], rtol=1e-4, atol=1e-4)
    assert set(np.argsort(-residuals.var(axis=1))[:12]) == set(rows)


def test_truth_and_origin_are_carried(make_counts):
    """Programmes of the kept genes and the mark of the simulator arrive in the graph."""
    counts = make_counts(simulated=True)
    graph = build_graph(counts, n_genes=10)
    assert graph.simulated
    assert [counts.truth[counts.genes.index(gene)] for gene in graph.genes] == list(graph.truth)


def test_fewer_genes_than_asked_for_are_all_used_with_a_warning(make_counts):
    """A panel smaller than the number of variable genes is used whole."""
    with pytest.warns(DataWarning, match="all 30 genes are used, 1000 asked for"):
        assert build_graph(make_counts()).n_genes == 30


def test_smaller_alpha_and_adjustment_leave_fewer_edges(make_counts):
    """Edges at a smaller level, or adjusted, are among the others."""
    counts = make_counts()
    loose, tight, adjusted = (
        build_graph(counts, n_genes=30, **options).adjacency.toarray()
        for options in ({"alpha": 0.05}, {"alpha": 0.001}, {"alpha": 0.05, "fdr": True})
    )
    assert (tight <= loose).all()
    assert (adjusted <= loose).all()
    assert 0 < tight.sum() < loose.sum()


def test_unknown_residuals_are_refused(make_counts):
    """A null model nobody registered is a usage error."""
    with pytest.raises(UsageError, match="unknown residuals 'none'"):
        build_graph(make_counts(), n_genes=30, residuals="none")
