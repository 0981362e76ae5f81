"""The controls carry exactly the information they are meant to."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from genearena.data.graphs import GraphCollection
from genearena.methods.expression_mean import ExpressionMean
from genearena.methods.gene_name import GeneName
from genearena.methods.random import Random
from genearena.methods.registry import METHODS


@pytest.mark.parametrize("name", ["random", "gene_name", "expression_mean"])
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
