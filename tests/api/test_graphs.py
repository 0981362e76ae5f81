"""Graphs made of tables in memory are those that ``bench data add`` makes of their files."""

import warnings

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from simulated import simulated_counts
from tiny_task import bench

import genearena as ga
from genearena.data.common.errors import DataError, UsageError
from genearena.data.notes import DataWarning
from genearena.data.tasks import load_task


@pytest.fixture(scope="module")
def table():
    """Return the counts of two simulated donors."""
    donors = simulated_counts("lung", donors=2, modalities=("scrna",), genes=60, cells=230, seed=3)
    names = np.repeat([d.name for d in donors], [d.n_cells for d in donors])
    obs = pd.DataFrame({"donor": names}, index=[f"c{i}" for i in range(len(names))])
    counts = sparse.csr_matrix(sparse.vstack([d.counts for d in donors]))
    return anndata.AnnData(counts, obs=obs, var=pd.DataFrame(index=list(donors[0].genes)))


@pytest.fixture(scope="module")
def made(table):
    """Return its graphs."""
    return ga.pp.graphs(
        table, "lung", name="mine", donor_key="donor", n_genes=60, min_genes=1, split_seed=1
    )


def test_graphs_of_a_table_are_those_of_its_file(table, made, tmp_path):
    """To the bit, edges that are kept back and the card's story too; so are those of a path."""
    path = tmp_path / "t.h5ad"
    table.write_h5ad(path)
    bench(
        "data", "add", path, "--tissue", "lung", "--name", "mine", "--donor-key", "donor",
        "--genes", 60, "--min-genes", 1, "--split-seed", 1, "--data-dir", tmp_path / "d",
        cwd=tmp_path,
    )  # fmt: skip
    stored = load_task("lung", source="mine", folder=tmp_path / "d")
    assert made.fingerprint == stored.fingerprint
    assert made.names == stored.names
    assert made[0].replicate is not None
    from genearena.data.store import Store

    origin = Store(tmp_path / "d").card("lung", "mine").origin
    assert made.origin.parameters == origin.parameters
    assert made.origin.donors == origin.donors
    again = ga.pp.graphs(
        str(path), "lung", name="mine", donor_key="donor", n_genes=60, min_genes=1, split_seed=1
    )
    assert again.fingerprint == stored.fingerprint
    assert again.origin.sha256 == origin.sha256


def test_the_table_is_left_as_it_is(table):
    """No column, count or dtype of it changes."""
    before = table.copy()
    ga.pp.graphs(table, "lung", donor_key="donor", n_genes=60, min_genes=1, protocol="paper")
    assert (before.X != table.X).nnz == 0
    assert before.X.dtype == table.X.dtype
    pd.testing.assert_frame_equal(before.obs, table.obs)
    pd.testing.assert_frame_equal(before.var, table.var)


def test_several_tables_are_one_task(table, made):
    """Each is a sample of the name it has, or donors of their own, told apart where alike."""
    parts = [table[table.obs["donor"] == name].copy() for name in made.names]
    options = {"n_genes": 60, "min_genes": 1, "split_seed": 1}
    assert ga.pp.graphs(parts, "lung", **options).names == ("1", "2")
    named = ga.pp.graphs(dict(zip("ab", parts, strict=True)), "lung", **options)
    assert named.names == ("a", "b")
    both = ga.pp.graphs({"x": parts[0], "y": table}, "lung", donor_key="donor", **options)
    first, second = made.names
    assert both.names == (f"x/{first}", f"y/{first}", f"y/{second}")
    # halves are drawn by the donor's own name
    assert [graph.digest for graph in both] == [made[0].digest, made[0].digest, made[1].digest]


def test_what_looks_wrong_is_a_warning_of_the_caller_s_line(table):
    """As Python warns, once."""
    small = table[table.obs["donor"] == table.obs["donor"].iloc[0]][:120]
    with pytest.warns(DataWarning, match="too few to keep half of them back") as caught:
        ga.pp.graphs(small, "lung", name="few", n_genes=60, min_genes=1)
    assert {warning.filename for warning in caught} == {__file__}


def test_what_cannot_be_used_is_said_in_a_line(table):
    """Columns, values and things that are no tables."""
    with pytest.raises(DataError, match=r"'mine' has no column 'donr' of cells; it has 'donor'"):
        ga.pp.graphs(table, "lung", donor_key="donr")
    normalised = table.copy()
    normalised.X = normalised.X * 0.5
    with pytest.raises(DataError, match="want non-negative integers"):
        ga.pp.graphs(normalised, "lung")
    with pytest.raises(UsageError, match="'mine' is a int, want an AnnData or a file"):
        ga.pp.graphs(3, "lung")
    with pytest.raises(UsageError, match="there is no table"):
        ga.pp.graphs([], "lung")
    with pytest.raises(DataError, match=r"'nothing\.h5ad' does not exist"):
        ga.pp.graphs("nothing.h5ad", "lung")


def test_networkx_and_anndata_hold_the_graph(made):
    """Names, edges, profiles and counts in their order."""
    graph = made[0]
    other = graph.to_networkx()
    assert tuple(other.nodes) == graph.genes
    want = {frozenset((graph.genes[i], graph.genes[j])) for i, j in graph.edges.T}
    assert {frozenset(edge) for edge in other.edges} == want
    assert other.graph["name"] == graph.name
    table = graph.to_anndata()
    assert table.shape == (graph.n_cells, graph.n_genes)
    assert tuple(table.var_names) == graph.genes
    np.testing.assert_array_equal(table.X, graph.x.T)
    np.testing.assert_array_equal(table.layers["counts"].toarray(), graph.counts.toarray().T)
    assert (table.varp["coexpression"] != graph.adjacency).nnz == 0
    degrees = dict(other.degree)
    assert table.var["degree"].tolist() == [degrees[gene] for gene in graph.genes]
    table.X[:] = 0  # its own copy
    assert graph.x.any()


def test_a_method_s_view_gives_nothing_away(made):
    """Neither as text, nor in another form."""
    from genearena.data.common.errors import MethodError
    from genearena.data.graph_views import view

    seen = view(made, {"graph"}, "pca")[0]
    assert "as pca may read it" in repr(seen)
    assert seen.to_networkx().number_of_edges() == made[0].n_edges
    with pytest.raises(MethodError, match="declares needs"):
        seen.to_anndata()


def test_collections_show_themselves(made):
    """A row for each graph; names of files cannot write HTML."""
    assert made.to_pandas().loc[made[0].name, "n_edges"] == made[0].n_edges
    assert repr(made).splitlines()[1].strip() == repr(made[0])
    from dataclasses import replace

    evil = made.with_graphs([replace(made[0], name="<script>"), made[1]])
    assert "<script>" not in evil._repr_html_()
    assert "&lt;script&gt;" in evil._repr_html_()


def test_simulated_graphs_are_the_embedded_task():
    """As they are; sizes of one's own are those of ``bench data simulate``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert ga.datasets.simulated("pbmc").fingerprint == (
            ga.datasets.load("pbmc", "simulated").fingerprint
        )


def test_simulated_sizes_are_those_of_the_command(graphs):
    """The tiny task again, but for its name."""
    mine = ga.datasets.simulated("lung", name="tiny", donors=2, genes=90, cells=120)
    assert mine.fingerprint == graphs.fingerprint


def test_every_word_of_the_simulator_means_what_the_command_s_does(tmp_path):
    """Seed, other species, halves of the cells, and donors of two conditions."""
    words = {"donors": 4, "genes": 60, "cells": 90, "rewired": 0.5, "seed": 3, "split_seed": 1}
    options = [f"--{name.replace('_', '-')}={value}" for name, value in words.items()]
    options += ["--tissue=heart", "--modality=scrna", "--second-species", "--name=own"]
    bench("data", "simulate", *options, "--data-dir", tmp_path, cwd=tmp_path)
    want = ga.datasets.load("heart", "own", data_dir=tmp_path)
    mine = ga.datasets.simulated(
        "heart", name="own", modalities=["scrna"], second_species=True, **words
    )
    assert mine.fingerprint == want.fingerprint
    assert {graph.condition for graph in mine if graph.species == "human"} == {"control", "rewired"}


def test_conditions_and_names_apart_are_the_command_s(table, tmp_path):
    """A graph for each condition of a donor, and names that tell nobody's ortholog."""
    table = table.copy()
    table.obs["state"] = np.where(np.arange(table.n_obs) % 2, "ill", "well")
    table.write_h5ad(tmp_path / "own.h5ad")
    add = ("data", "add", "own.h5ad", "--tissue", "lung", "--name", "own", "--donor-key", "donor")
    more = ("--condition-key", "state", "--names-apart", "--genes", 60, "--min-genes", 1)
    bench(*add, *more, "--data-dir", tmp_path, cwd=tmp_path)
    mine = ga.pp.graphs(
        table, "lung", name="own", donor_key="donor", condition_key="state", names_apart=True,
        n_genes=60, min_genes=1,
    )  # fmt: skip
    assert mine.fingerprint == ga.datasets.load("lung", "own", data_dir=tmp_path).fingerprint
    assert {graph.condition for graph in mine} == {"ill", "well"}
    assert all(gene.startswith("human:") for gene in mine.all_genes)
