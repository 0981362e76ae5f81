"""What would only be found when methods run is said when data are added."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from genearena.data.add import add_file
from genearena.data.cards.stored_card import SourceCard, describe
from genearena.data.notes import DataWarning
from genearena.data.options import BuildOptions, QualityControl
from genearena.data.quality.graph_quality import warn_of_graphs
from genearena.data.reading.ingest import ReadOptions
from genearena.data.store import Store


@pytest.fixture
def said():
    """Return a function that gives the warnings about new graphs."""

    def run(graphs, others=()):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            warn_of_graphs(graphs, others)
        assert all(issubclass(w.category, DataWarning) for w in caught)
        return [str(w.message) for w in caught]

    return run


@pytest.fixture
def sparse_graph(make_graph):
    """A graph of twenty genes with few edges."""
    return with_edges(make_graph(), 0.1)


def with_edges(graph, density):
    """Return a graph with another number of edges."""
    pairs = np.argwhere(np.triu(np.ones((20, 20)), 1))[: round(190 * density)]
    upper = sparse.coo_array((np.ones(len(pairs)), pairs.T), shape=(20, 20))
    return replace(graph, adjacency=sparse.csr_array(upper + upper.T))


def card_of(*graphs, source="other"):
    return SourceCard(
        tissue="lung",
        source=source,
        fingerprint="",
        folder="",
        graphs=tuple(map(describe, graphs)),
    )


@pytest.mark.parametrize(("density", "n"), [(0.1, 0), (0.3, 0), (0.32, 1)])
def test_density_over_thirty_percent_is_warned_of(density, n, sparse_graph, said):
    """Past the threshold, not at it, a line says how many pairs are edges and what to do."""
    lines = said([with_edges(sparse_graph, density)])
    assert len(lines) == n
    assert all("32% of pairs are edges (over 30%)" in line for line in lines)
    assert all("--fdr or a smaller --alpha" in line for line in lines)


def test_many_dense_graphs_are_one_line(sparse_graph, said):
    """The densest is named, the others are counted."""
    graphs = [replace(with_edges(sparse_graph, 0.1 * n), name=f"d{n}") for n in (1, 4, 5, 6)]
    (line,) = said(graphs)
    assert "graph 'd6' and 2 more: 60%" in line


def test_genes_called_otherwise_elsewhere_are_warned_of(sparse_graph, said):
    """Ids beside symbols are shown with an example of each; shared names say nothing."""
    ids = replace(sparse_graph, genes=tuple(f"ENSG{i:011d}" for i in range(20)))
    assert not said([ids], [card_of(ids)])
    others = [card_of(ids), card_of(sparse_graph, source="mine")]
    (line,) = said([ids], others)
    assert "0 of 20 genes are those of 'mine': that has genes such as 'G" in line
    assert "this 'ENSG00000000000'" in line
    (line,) = said([ids], [*others, card_of(sparse_graph, source="third")])
    assert "'mine' and few of 1 more data sets:" in line
    assert "--gene-names" in line


def test_genes_of_species_that_were_named_apart_are_called_alike(sparse_graph, said):
    """Their names differ since they were asked to."""
    apart = tuple(f"mouse:{gene}" for gene in sparse_graph.genes)
    mouse = replace(sparse_graph, species="mouse", genes=apart)
    assert not said([mouse], [card_of(sparse_graph)])


def test_two_genes_in_twenty_are_enough(sparse_graph, said):
    """A tenth of the smaller data set in common is no fault."""
    genes = sparse_graph.genes
    for shared, n in ((1, 1), (2, 0)):
        names = (*genes[:shared], *(f"X{i}" for i in range(20 - shared)))
        assert len(said([replace(sparse_graph, genes=names)], [card_of(sparse_graph)])) == n


def test_both_are_said_when_data_are_added(table, tmp_path):
    """The card of a file keeps the warnings; damaged cards of others do not keep it from coming."""
    store = Store(tmp_path / "store")
    options = {
        "quality": QualityControl(min_genes=1),
        "build": BuildOptions(n_genes=20, alpha=0.9, protocol="paper"),
    }

    def add(name, *, replace=False):
        table.write_h5ad(tmp_path / "t.h5ad")
        return add_file(
            store, tmp_path / "t.h5ad", name, ReadOptions("lung"), replace=replace, **options
        ).origin.warnings

    (dense,) = add("one")
    assert "pairs are edges" in dense
    assert add("one", replace=True) == (dense,)
    table.var_names = [f"ENSG{i:011d}" for i in range(30)]
    few, other = add("two")
    assert "pairs are edges" in few
    assert "are those of 'one'" in other
    next((tmp_path / "store").rglob("card.json")).write_text("{")
    assert len(add("three")) == 1
