"""From counts to a graph: the parts agree with what they were made from."""

import numpy as np
import pytest

from genearena.data.build import BuildOptions, build_graph
from genearena.data.common.errors import UsageError
from genearena.data.notes import DataWarning
from genearena.data.preprocessing.cscore import cscore
from genearena.data.preprocessing.sctransform import sctransform


def test_graph_has_the_variable_genes_and_their_tested_pairs(make_counts):
    """Genes, counts, profiles and edges belong together, with depth over all genes."""
    counts = make_counts(cells=200)
    graph = build_graph(counts, BuildOptions(n_genes=12, alpha=0.05, residuals="analytic"))
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


def test_profiles_are_those_of_sctransform_by_default(make_counts):
    """Without another wish, genes and profiles are what scTransform finds."""
    counts = make_counts(cells=200)
    graph = build_graph(counts, BuildOptions(n_genes=12))
    want = sctransform(counts.counts, n_genes=12, genes=counts.genes)
    order = np.argsort(want.variable_genes)
    assert graph.genes == tuple(counts.genes[gene] for gene in np.sort(want.variable_genes))
    np.testing.assert_array_equal(graph.x, want.residuals[order])


@pytest.mark.parametrize("genes", [2, 5, 12])
def test_panels_of_few_genes_make_graphs(make_counts, genes):
    """However few genes are measured, all become nodes with finite profiles that vary."""
    graph = build_graph(make_counts(genes=genes), BuildOptions(n_genes=genes))
    assert graph.n_genes == genes
    assert (graph.x.std(axis=1) > 0).all()


def test_truth_and_origin_are_carried(make_counts):
    """Programmes of the kept genes and the mark of the simulator arrive in the graph."""
    counts = make_counts(simulated=True)
    graph = build_graph(counts, BuildOptions(n_genes=10))
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
        build_graph(counts, BuildOptions(n_genes=30, **options)).adjacency.toarray()
        for options in ({"alpha": 0.05}, {"alpha": 0.001}, {"alpha": 0.05, "fdr": True})
    )
    assert (tight <= loose).all()
    assert (adjusted <= loose).all()
    assert 0 < tight.sum() < loose.sum()


def test_unknown_residuals_are_refused(make_counts):
    """A null model nobody registered is a usage error."""
    with pytest.raises(UsageError, match="unknown residuals 'none'"):
        build_graph(make_counts(), BuildOptions(n_genes=30, residuals="none"))
