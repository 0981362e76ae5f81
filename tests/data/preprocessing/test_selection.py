"""Genes are chosen by place or variance, as the modality or the user says."""

from dataclasses import replace

import numpy as np
import pytest

from genearena.data.build import build_graph
from genearena.data.common.errors import DataError
from genearena.data.notes import DataWarning
from genearena.data.options import BuildOptions
from genearena.data.preprocessing.sparkx import sparkx


@pytest.fixture
def section(make_counts):
    """Counts of eighty spots on a grid, whose genes 3, 12 and 25 follow the columns."""
    counts = make_counts()
    row, column = np.divmod(np.arange(80), 10)
    drawn = counts.counts.toarray()
    drawn[:, [3, 12, 25]] = np.random.default_rng(1).poisson(1 + column[:, None], (80, 3))
    places = np.column_stack([column, row])
    return replace(counts, modality="spatial", counts=drawn, coordinates=places)


def test_spatial_genes_are_those_that_depend_on_place(section):
    """By default the graph of a section has the genes SPARK-X ranks first, in their old order."""
    graph = build_graph(section, BuildOptions(n_genes=3, alpha=0.05))
    assert graph.genes == ("G03", "G12", "G25")
    assert graph.genes_by == "sparkx"
    wider = build_graph(section, BuildOptions(n_genes=10, alpha=0.05))
    best = np.argsort(sparkx(section.counts, section.coordinates).combined_p)[:10]
    assert wider.genes == tuple(section.genes[i] for i in sorted(best))


def test_profiles_and_edges_do_not_depend_on_the_rule(section):
    """With all genes kept both rules give one graph; only the record of the rule differs."""
    by_place, by_variance = (
        build_graph(section, BuildOptions(n_genes=30, alpha=0.05, genes_by=rule))
        for rule in ("sparkx", "variance")
    )
    assert by_place.digest == by_variance.digest
    assert (by_place.genes_by, by_variance.genes_by) == ("sparkx", "variance")


@pytest.mark.parametrize("modality", ["scrna", "scatac"])
def test_other_modalities_take_variable_genes_unless_asked(section, modality):
    """Coordinates alone change nothing; `genes_by` does."""
    cells = replace(section, modality=modality)
    plain = build_graph(replace(cells, coordinates=None), BuildOptions(n_genes=5))
    assert plain.genes_by == "variance"
    assert build_graph(cells, BuildOptions(n_genes=5)).digest == plain.digest
    assert build_graph(cells, BuildOptions(n_genes=5, genes_by="sparkx")).genes_by == "sparkx"


def test_spatial_counts_without_coordinates_are_refused(section):
    """The error names the sample and what to supply; choosing by variance needs none."""
    blind = replace(section, coordinates=None)
    with pytest.raises(DataError, match=r"'d1' has no coordinates.*obsm\['spatial'\]") as caught:
        build_graph(blind, BuildOptions(n_genes=5))
    assert "\n" not in str(caught.value)
    assert build_graph(blind, BuildOptions(n_genes=5, genes_by="variance")).n_genes == 5


def test_section_too_small_to_test_names_the_sample(section):
    """Errors of SPARK-X say whose spots they are about."""
    few = section.select(cells=np.arange(9))
    with pytest.raises(DataError, match="'d1': SPARK-X got 9 spots"):
        build_graph(few, BuildOptions(n_genes=5))


def test_section_without_pattern_is_told(make_counts):
    """Where no gene depends on place the genes are arbitrary, and a warning says so."""
    places = np.random.default_rng(0).uniform(size=(80, 2))
    flat = replace(make_counts(), modality="spatial", coordinates=places)
    with pytest.warns(DataWarning, match="'d1': no gene is seen to depend on place"):
        build_graph(flat, BuildOptions(n_genes=5))
