"""Vectors made in this process are those of ``bench run``, and answer the same."""

import random

import numpy as np
import pandas as pd
import pytest
from frames import frame_of, same
from tiny_task import SOURCE, bench

import genearena as ga
from genearena.benchmark.records.results import ResultStore
from genearena.data.common.errors import DataError, MethodError, UsageError

EPOCHS = {"gae": {"epochs": 4}, "musegnn": {"epochs": 4}}


@pytest.fixture(scope="module")
def results(command_results, data_dir):
    """Return the command's results."""
    return ga.Results(command_results, data_dir=data_dir)


@pytest.mark.parametrize("method", ["pca", "stacked", "gae", "musegnn", "random"])
def test_vectors_are_those_that_a_run_stores(results, graphs, method):
    """To the bit, rows and clusters too, for a seed other than 0."""
    mine = ga.tl.embed(graphs, method, seed=1, progress=False, **EPOCHS.get(method, {}))
    stored = results.embedding(method, 1)
    assert list(mine.obsm) == [f"X_{method}"]
    assert mine.obs_names.equals(stored.obs_names)
    np.testing.assert_array_equal(mine.obsm[f"X_{method}"], stored.obsm[f"X_{method}"])
    pd.testing.assert_frame_equal(mine.obs, stored.obs)
    told, about = (a.uns["genearena"]["runs"][f"X_{method}"] for a in (mine, stored))
    np.testing.assert_array_equal(told.pop("losses"), about.pop("losses"))
    del about["new_donor"]
    assert told == about
    assert told["parameters"]["dim"] == 32


def test_scores_are_those_of_the_run(results, graphs):
    """Every metric's value and flag, that of a new donor too where one was left out."""
    (record,) = (r for r in results.records if (r.method.name, r.seed) == ("gae", 1))
    stored = ga.tl.evaluate(results.embedding("gae", 1), graphs)
    assert {*stored.index} == {*record.metrics}
    for name, result in record.metrics.items():
        row = stored.loc[name]
        assert row["status"] == result.status
        assert row["flag"] == result.flag
        assert result.value is None or row["value"] == result.value
    mine = ga.tl.embed(graphs, "gae", seed=1, new_donor=True, progress=False, **EPOCHS["gae"])
    again = ga.tl.evaluate(mine, graphs)
    pd.testing.assert_frame_equal(again, stored)
    without = ga.tl.evaluate(ga.tl.embed(graphs, "pca", progress=False), graphs, ["new_donor"])
    assert without.loc["new_donor", "status"] == "not_defined"


def test_training_here_leaves_the_caller_s_state(graphs):
    """Global generators go on where they were, threads and graphs are as they were."""
    import torch

    random.seed(5)
    np.random.seed(5)  # noqa: NPY002
    torch.manual_seed(5)
    want = random.random(), np.random.random(), torch.rand(1)  # noqa: NPY002
    random.seed(5)
    np.random.seed(5)  # noqa: NPY002
    torch.manual_seed(5)
    threads = torch.get_num_threads()
    ga.tl.embed(graphs, "gae", progress=False, epochs=2)
    assert (random.random(), np.random.random(), torch.rand(1)) == want  # noqa: NPY002
    assert torch.get_num_threads() == threads


def table_of(*words, data_dir, folder):
    """Return what a command prints as csv."""
    known = ("--out", folder, "--data-dir", data_dir, "--format", "csv")
    text = bench(*words, *known, cwd=folder).stdout
    return frame_of(text)


def test_neighbours_are_those_of_the_command(results, graphs, data_dir, command_results):
    """All columns; by vectors alone those that want no graphs."""
    gene = graphs.common_genes[0]
    want = table_of(
        "embeddings", "neighbors", gene, "--methods", "gae", "--neighbours", 4,
        data_dir=data_dir, folder=command_results,
    )  # fmt: skip
    stored = results.embedding("gae")
    mine = ga.tl.neighbors(stored, gene, k=4, graphs=graphs).reset_index()
    shared = [column for column in want if column in mine]
    assert len(shared) == 9
    same(mine[shared], want[shared])
    bare = ga.tl.neighbors(stored, gene, k=4)
    assert "edges" not in bare
    pd.testing.assert_frame_equal(bare, mine.set_index("neighbour")[list(bare)])
    assert 0 < bare.attrs["by_chance"] < len(graphs)
    one = ga.tl.neighbors(stored, gene, k=4, use_rep="X_gae_1")
    assert one.equals(ga.tl.neighbors(results.embedding("gae", 1), gene, k=4))


def test_functions_and_clusters_are_those_of_the_command(
    results, graphs, data_dir, command_results, tmp_path
):
    """The same sets in memory, in a file, and stored: simulated programmes, which clusters have."""
    programme = {
        g: int(p) for graph in graphs for g, p in zip(graph.genes, graph.truth, strict=True)
    }
    sets = {f"P{n}": [g for g, p in programme.items() if p == n] for n in {*programme.values()}}
    file = tmp_path / "own.gmt"
    lines = (f"{key}\t\t{chr(9).join(genes)}\n" for key, genes in sets.items())
    file.write_text("".join(lines))
    known = ("own", file, "--species", "human", "--data-dir", data_dir)
    bench("genesets", "add", *known, cwd=tmp_path)
    bench("genesets", "add", "others", *known[1:], "--force", cwd=tmp_path)  # for study bias
    stored = results.embedding("stacked")
    asked = {"data_dir": data_dir, "folder": command_results}
    want = table_of(
        "function", "--genesets", "own", "--ways", "knn", "--repeats", 1, "--methods", "stacked",
        "--min-size", 5, **asked,
    )  # fmt: skip
    mine = ga.tl.function(
        stored, graphs, "own", by=["knn"], repeats=1, min_size=5, data_dir=data_dir
    )
    same(mine, want)
    for other in (sets, file):
        again = ga.tl.function(stored, graphs, other, by=["knn"], repeats=1, min_size=5)
        of_both = mine[mine["method"].isin(again["method"])]
        assert again["auroc"].tolist() == of_both["auroc"].tolist()
        assert {*mine["method"]} - {*again["method"]} == {"study bias"}
    want = table_of(
        "clusters", "--genesets", "own", "--methods", "stacked", "--min-size", 5, **asked
    )
    mine = ga.tl.clusters(stored, "own", min_size=5, data_dir=data_dir)
    same(mine, want)
    assert mine["set"].notna().any()
    assert mine.attrs["share"] > mine.attrs["by_chance"]


def test_one_s_own_vectors_are_asked_alike(graphs):
    """Of any AnnData with genes and data sets, in any order, some rows left out."""
    mine = ga.tl.embed(graphs, "stacked", progress=False)
    theirs = mine[np.random.default_rng(0).permutation(mine.n_obs)].copy()
    del theirs.uns["genearena"], theirs.obs["cluster"]
    names = ["replicated_edges", "edge_auc"]
    want = ga.tl.evaluate(mine, graphs, names)
    assert ga.tl.evaluate(theirs, graphs, names, use_rep="X_stacked").equals(want)
    some = ga.tl.evaluate(theirs[:-20], graphs, names, use_rep="X_stacked")
    assert (some["value"] != want["value"]).all()
    with pytest.raises(UsageError, match="use_rep is one of 'X_stacked'"):
        ga.tl.evaluate(theirs, graphs)
    with pytest.raises(DataError, match="no column 'cluster'"):
        ga.tl.clusters(theirs, {"a": graphs.all_genes[:20]}, use_rep="X_stacked")
    del theirs.obs["gene"]
    with pytest.raises(DataError, match=r"adata\.obs has no column 'gene'"):
        ga.tl.neighbors(theirs, graphs.common_genes[0], use_rep="X_stacked")


def test_an_embedding_can_be_stored_and_read(graphs, tmp_path):
    """With every parameter that is set."""
    import anndata

    mine = ga.tl.embed(graphs, "musegnn", progress=False, epochs=1)
    mine.write_h5ad(tmp_path / "a.h5ad")
    again = anndata.read_h5ad(tmp_path / "a.h5ad")
    told = again.uns["genearena"]["runs"]["X_musegnn"]["parameters"]
    want = mine.uns["genearena"]["runs"]["X_musegnn"]["parameters"]
    assert told.keys() == want.keys()
    assert told["epochs"] == 1
    gene = graphs.common_genes[0]
    assert ga.tl.neighbors(again, gene).equals(ga.tl.neighbors(mine, gene))


def test_what_cannot_be_trained_is_said(graphs):
    """Names, settings and graphs, before anything runs."""
    with pytest.raises(UsageError, match="did you mean 'musegnn'"):
        ga.tl.embed(graphs, "musegn")
    with pytest.raises(UsageError, match="epoch"):
        ga.tl.embed(graphs, "gae", epoch=3)
    with pytest.raises(DataError, match="has one graph"):
        ga.tl.embed(graphs.with_graphs(graphs.graphs[:1]), "pca")
    with pytest.raises(MethodError, match="cannot run on these graphs: "):
        ga.tl.embed(graphs, "wsmae:released")
    with pytest.raises(UsageError, match=r"no graph of .* has a gene 'NOPE'"):
        ga.tl.neighbors(ga.tl.embed(graphs, "pca", progress=False), "NOPE")


def test_the_store_s_own_vectors_are_untouched(results, command_results):
    """Reading them as scanpy has them changes no file."""
    store = ResultStore(command_results)
    before = {r.run_id: store.intact_vectors(r).sha256 for r in results.records}
    table = results.embedding(["pca", "gae"])
    assert list(table.obsm) == [
        "X_gae_0", "new_donor_gae_0", "X_gae_1", "new_donor_gae_1",
        "X_pca_0", "new_donor_pca_0", "X_pca_1", "new_donor_pca_1",
    ]  # fmt: skip
    assert SOURCE in table.uns["genearena"]["source"]
    assert before == {r.run_id: store.intact_vectors(r).sha256 for r in results.records}
