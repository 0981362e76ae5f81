"""From counts to a graph: the parts agree with what they were made from."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from genearena.data.build import build_graph
from genearena.data.common.errors import UsageError
from genearena.data.graph_digest import graph_digest
from genearena.data.notes import DataWarning
from genearena.data.options import BuildOptions
from genearena.data.preprocessing.cscore import cscore
from genearena.data.preprocessing.sctransform import sctransform


def test_graph_has_the_variable_genes_and_their_tested_pairs(make_counts):
    """Genes, counts, profiles and edges belong together, with depth over all genes."""
    counts = make_counts(cells=200)
    options = BuildOptions(n_genes=12, alpha=0.05, residuals="analytic", protocol="paper")
    graph = build_graph(counts, options)
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
    graph = build_graph(counts, BuildOptions(n_genes=12, protocol="paper"))
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


def test_half_of_the_cells_makes_the_graph_and_the_other_its_replicate(make_counts):
    """The graph is that of its cells alone, and the replicate CS-CORE's of all others."""
    counts = make_counts(cells=241)
    options = BuildOptions(n_genes=12, alpha=0.05)
    graph = build_graph(counts, options)
    rows = [counts.genes.index(gene) for gene in graph.genes]
    table, shown = counts.counts.toarray(), graph.counts.toarray().T
    # cells are told by their counts, which no two share
    cells = [np.flatnonzero((table[:, rows] == cell).all(axis=1)) for cell in shown]
    first = np.array([cell for (cell,) in cells])
    assert len(first) == 121
    alone = build_graph(counts.select(cells=first), replace(options, protocol="paper"))
    assert (alone.digest, alone.replicate) == (replace(graph, replicate=None).digest, None)
    others = np.setdiff1d(np.arange(241), first)
    depth = table[others].sum(axis=1)
    want = cscore(table[np.ix_(others, rows)], depth=depth).p_value < 0.05
    np.testing.assert_array_equal(graph.replicate.toarray(), want)


def test_nothing_a_method_sees_depends_on_the_cells_kept_back(make_counts):
    """Other counts in the kept-back half leave the graph as it is, bit for bit."""
    counts = make_counts(cells=240)
    graph = build_graph(counts, BuildOptions(n_genes=30))
    shown = {tuple(cell) for cell in graph.counts.toarray().T}
    table = counts.counts.toarray()
    kept_back = [row for row, cell in enumerate(table) if tuple(cell) not in shown]
    assert len(kept_back) == 120
    table[kept_back] = table[kept_back][:, ::-1]
    changed = build_graph(replace(counts, counts=sparse.csr_array(table)), BuildOptions(n_genes=30))
    assert changed.digest != graph.digest
    alone = [graph_digest(replace(g, replicate=None), exact=True) for g in (changed, graph)]
    assert alone[0] == alone[1]


def test_halves_are_the_seed_s(make_counts):
    """Another seed draws others; the same one draws the same."""
    counts = make_counts(cells=220)
    graphs = [build_graph(counts, BuildOptions(n_genes=12, split_seed=s)) for s in (0, 0, 1)]
    assert graphs[0].digest == graphs[1].digest != graphs[2].digest


def test_too_few_cells_are_not_split_and_said(make_counts):
    """A donor below the limit keeps all its cells."""
    with pytest.warns(DataWarning, match="199 cells are too few to keep half of them back"):
        graph = build_graph(make_counts(cells=199), BuildOptions(n_genes=12))
    assert (graph.n_cells, graph.replicate) == (199, None)
