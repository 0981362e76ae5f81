"""The controls carry exactly the information they are meant to."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from genearena.data.graphs import GraphCollection
from genearena.methods.correlation import Correlation
from genearena.methods.degree import Degree
from genearena.methods.expression_mean import ExpressionMean
from genearena.methods.gene_name import GeneName
from genearena.methods.neighbourhood import Neighbourhood
from genearena.methods.oracle import Oracle
from genearena.methods.random import Random
from genearena.methods.registry import CONTROLS, METHODS, UNREDUCED
from genearena.methods.spots import Spots


@pytest.mark.parametrize("name", CONTROLS)
def test_controls_say_that_they_are(name: str) -> None:
    """Reports tell controls from competitors."""
    assert METHODS.load(name).control


def test_random_rows_are_independent_normals(graphs: GraphCollection) -> None:
    """All entries are standard normal and no two rows are related."""
    z = np.vstack(Random(dim=64, seed=1).fit(graphs).embed())
    assert stats.kstest(z.ravel(), "norm").pvalue > 0.01
    correlation = np.corrcoef(z)[np.triu_indices(len(z), k=1)]
    assert abs(correlation.mean()) < 0.01
    assert abs(correlation.std() - 1 / 8) < 0.01


def test_a_gene_name_has_one_vector_everywhere(graphs: GraphCollection) -> None:
    """A gene's vector is the same in every graph, whatever graphs there are."""
    first, _, third = GeneName(dim=8, seed=1).fit(graphs).embed()
    rows = [(graphs[0].index[gene], graphs[2].index[gene]) for gene in graphs.common_genes]
    for row, other in rows:
        np.testing.assert_array_equal(first[row], third[other])
    (alone,) = GeneName(dim=8, seed=1).fit(graphs.with_graphs(graphs.graphs[2:])).embed()
    np.testing.assert_array_equal(alone, third)


def test_vectors_of_gene_names_are_independent_normals(graphs: GraphCollection) -> None:
    """Hashing the names leaves no pattern."""
    (z,) = GeneName(dim=500).fit(graphs.with_graphs(graphs.graphs[:1])).embed()
    assert stats.kstest(z.ravel(), "norm").pvalue > 0.01
    off_diagonal = np.corrcoef(z)[np.triu_indices(len(z), k=1)]
    assert np.abs(off_diagonal).max() < 0.25


def test_expression_mean_holds_the_level_and_nothing_else(graphs: GraphCollection) -> None:
    """The first column orders genes by mean log count; the others are empty."""
    for graph, z in zip(graphs, ExpressionMean(dim=5).fit(graphs).embed(), strict=True):
        level = np.log1p(graph.counts.toarray()).mean(axis=1)
        np.testing.assert_allclose(z[:, 0], stats.zscore(level), rtol=1e-4, atol=1e-5)
        assert not z[:, 1:].any()


def test_without_counts_the_spread_of_the_residuals_serves(graphs: GraphCollection) -> None:
    """Graphs without counts are ordered by the standard deviation of the profiles."""
    bare = replace(graphs[0], counts=None)
    (z,) = ExpressionMean(dim=5).fit(graphs.with_graphs([bare])).embed()
    np.testing.assert_allclose(z[:, 0], stats.zscore(bare.x.std(axis=1)), rtol=1e-3, atol=1e-4)


def test_degree_s_cosines_follow_the_products_of_degrees(graphs: GraphCollection) -> None:
    """In many dimensions the directions of names are nearly at right angles, and drop out."""
    for graph, z in zip(graphs, Degree(dim=4000).fit(graphs).embed(), strict=True):
        degree = graph.adjacency.sum(axis=0)
        np.testing.assert_allclose(np.linalg.norm(z, axis=1), 1, rtol=1e-5)
        np.testing.assert_allclose(z[:, 0], degree / (degree.max() + 1), rtol=1e-5)
        above = np.triu_indices(graph.n_genes, k=1)
        product = np.outer(degree, degree)[above] / (degree.max() + 1) ** 2
        assert np.abs((z @ z.T)[above] - product).max() < 0.1


def test_spots_are_few_and_the_same_everywhere(graphs: GraphCollection) -> None:
    """Rows lie at a hair's breadth of one of so many places, one per gene name."""
    moved = Spots(dim=8, seed=1, n_spots=5).fit(graphs).embed()
    still = Spots(dim=8, seed=1, n_spots=5, noise=0.0).fit(graphs).embed()
    assert len(np.unique(np.vstack(still), axis=0)) == 5
    hair = np.vstack(moved) - np.vstack(still)
    assert hair.std() == pytest.approx(1e-3, rel=0.1)
    for gene in graphs.common_genes:
        rows = [z[graph.index[gene]] for graph, z in zip(graphs, still, strict=True)]
        assert all((row == rows[0]).all() for row in rows)


def test_correlation_holds_the_correlations_of_the_profiles(graphs: GraphCollection) -> None:
    """With all dimensions, products of vectors are those of the rows of |r|."""
    n = max(graph.n_genes for graph in graphs)
    for graph, z in zip(graphs, Correlation(dim=n).fit(graphs).embed(), strict=True):
        r = np.abs(np.corrcoef(graph.x.astype(float)))
        np.testing.assert_allclose(z.astype(float) @ z.T, r @ r.T, atol=1e-3)


def test_neighbourhood_reduces_nothing(graphs: GraphCollection) -> None:
    """A column per name: what is joined to a gene, and itself, whatever dim says."""
    names = sorted({gene for graph in graphs for gene in graph.genes})
    for graph, z in zip(graphs, Neighbourhood(dim=3).fit(graphs).embed(), strict=True):
        assert z.shape == (graph.n_genes, len(names))
        place = [names.index(gene) for gene in graph.genes]
        joined = graph.adjacency.toarray() + np.eye(graph.n_genes)
        np.testing.assert_array_equal(z[:, place] > 0, joined > 0)
        np.testing.assert_allclose(np.linalg.norm(z, axis=1), 1, rtol=1e-5)


def test_controls_that_reduce_nothing_are_named() -> None:
    """Tables ask the registry for them, which imports no method."""
    controls = (METHODS.load(name) for name in CONTROLS)
    known = {c.name for c in controls if not (c.reduces or "truth" in c.needs)}
    assert known == set(UNREDUCED)


def test_oracle_has_the_true_correlations_for_its_products(graphs: GraphCollection) -> None:
    """And a share of its own for two genes of one programme; nothing without the truth."""
    rng = np.random.default_rng(0)
    known = []
    for graph in graphs:
        latent = np.corrcoef(rng.normal(size=(graph.n_genes, 500)))
        known.append(replace(graph, latent=latent.astype(np.float32)))
    task = graphs.with_graphs(known)
    for graph, z in zip(task, Oracle(weight=0.5).fit(task).embed(), strict=True):
        same = (graph.truth[:, None] == graph.truth) & (graph.truth >= 0)
        want = np.abs(graph.latent) + 0.5 * same
        # the nearest matrix that has a root differs by little from one of small correlations
        assert np.abs(z @ z.T - want).max() < 0.1
    bare = [replace(graph, latent=None) for graph in graphs]
    assert "not known" in Oracle().skip(graphs.with_graphs(bare))
