"""``bench embeddings``: what it writes is read back."""

import json
import shutil

import anndata
import numpy as np
import pytest
from tiny_task import SOURCE, bench

from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.submission.gene_vectors import per_graph
from genearena.data.reading.vector_files import read_fixed_vectors, read_vectors
from genearena.data.tasks import load_task
from genearena.metrics.embedding_space import unit_length


@pytest.fixture(scope="module")
def folder(data_dir, tmp_path_factory):
    """Return a folder with results of two methods and two seeds."""
    folder = tmp_path_factory.mktemp("stored")
    task = ("--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir, "--seeds", 2)
    bench("run", *task, "--methods", "pca,stacked,random", "--metrics", "edge_auc", cwd=folder)
    return folder


def stored(folder, method, seed=0):
    """Return the file of a run."""
    (path,) = (folder / "results" / "embeddings").glob(f"lung.{method}.s{seed}.*")
    return anndata.read_h5ad(path)


def test_what_is_stored_is_listed(folder):
    """A file a line, with its place."""
    rows = json.loads(bench("embeddings", "list", "--format", "json", cwd=folder).stdout)
    assert {(row["method"], row["seed"]) for row in rows} == {
        (method, seed) for method in ("pca", "stacked", "random") for seed in (0, 1)
    }
    assert all((folder / row["file"]).is_file() for row in rows)
    assert {row["rows"] for row in rows} == {stored(folder, "pca").n_obs}
    out = bench("embeddings", "list", "--methods", "pca", cwd=folder)
    assert "random" not in out.stdout
    assert out.stderr == "2 files\n"


def test_the_joint_file_has_every_run(folder):
    """Rows once, an array for each run, all as stored."""
    bench("embeddings", "export", "--methods", "pca,stacked", "--output", "a.h5ad", cwd=folder)
    joint = anndata.read_h5ad(folder / "a.h5ad")
    assert set(joint.obsm) == {"X_pca_0", "X_pca_1", "X_stacked_0", "X_stacked_1"}
    for key in joint.obsm:
        own = stored(folder, *key.removeprefix("X_").split("_"))
        np.testing.assert_array_equal(joint.obsm[key], own.X)
        assert list(joint.obs_names) == list(own.obs_names)
        clusters = joint.obs[f"cluster_{key.removeprefix('X_')}"]
        assert list(clusters.astype(str)) == list(own.obs["cluster"].astype(str))
        told = joint.uns["genearena"]["runs"][key]
        assert (told["method"], told["parameters"]["dim"]) == (key.split("_")[1], 32)


@pytest.mark.parametrize("suffix", ["txt", "vec", "w2v", "npz", "parquet", "csv", "tsv"])
@pytest.mark.parametrize("how", ["mean", "concatenated"])
def test_one_vector_a_gene_is_read_back(folder, suffix, how):
    """As the readers of ``vectors:FILE`` have it, to the bit, against a loop over data sets."""
    file = folder / f"{how}.{suffix}"
    words = ("--methods", "stacked", "--seed", 1, "--vectors", how, "--output", file)
    bench("embeddings", "export", *words, cwd=folder)
    got = read_fixed_vectors(file)
    table = stored(folder, "stacked", 1)
    each = {}
    for name in table.obs["dataset"].unique():
        rows = table[table.obs["dataset"] == name]
        (unit,) = unit_length([rows.X])
        each[name] = {g: z for g, z in zip(rows.obs["gene"], unit, strict=True) if z.any()}
    genes = sorted({gene for own in each.values() for gene in own})
    assert list(got.gene) == genes
    nothing = np.zeros(table.n_vars)
    for gene, vector in zip(got.gene, got.vectors, strict=True):
        if how == "mean":
            want = np.mean([own[gene] for own in each.values() if gene in own], axis=0)
        else:
            want = np.concatenate([own.get(gene, nothing) for own in each.values()])
        np.testing.assert_array_equal(vector, want.astype(np.float32))


@pytest.mark.parametrize("suffix", ["npz", "parquet", "csv", "tsv"])
def test_vectors_of_data_sets_are_read_back(folder, data_dir, suffix):
    """As ``bench submit`` has them, to the bit."""
    file = folder / f"each.{suffix}"
    words = ("--methods", "stacked", "--vectors", "per-graph", "--output", file)
    bench("embeddings", "export", *words, cwd=folder)
    graphs = load_task("lung", source=SOURCE, folder=data_dir)
    vectors, _ = per_graph(read_vectors(file), graphs)
    np.testing.assert_array_equal(np.concatenate(vectors), stored(folder, "stacked").X)


def test_exported_vectors_run_as_a_method(folder, data_dir, tmp_path):
    """A row of their own, whose vectors are those of the file."""
    file = tmp_path / "mine.txt"
    words = ("--methods", "stacked", "--output", file, "--out", folder / "results")
    bench("embeddings", "export", *words, cwd=tmp_path)
    task = ("--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir, "--seeds", 1)
    bench("run", *task, "--methods", f"vectors:{file}", "--metrics", "edge_auc", cwd=tmp_path)
    table = stored(tmp_path, "vectors")
    got = read_fixed_vectors(file)
    known = dict(zip(got.gene, got.vectors, strict=True))
    nothing = np.zeros(table.n_vars)
    for gene, vector in zip(table.obs["gene"], table.X, strict=True):
        np.testing.assert_array_equal(vector, known.get(gene, nothing))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--output a.docx", "end its name in .txt, .vec, .w2v, .npz"),
        ("--output a.npz --methods pca,stacked", "one method, and there are pca, stacked"),
        ("--output a.npz --methods pca --seed 0 --seed 1", "give one --seed"),
        ("--output a.h5ad --methods gae", "there are runs of pca, random, stacked"),
        ("--output a.h5ad --seed 7", "no run that ended well is so"),
        ("--output a.vec --methods pca --vectors per-graph", "has one vector per gene"),
    ],
)
def test_what_cannot_be_written_is_said(folder, words, told):
    """In a line, and no file is left."""
    before = {*folder.iterdir()}
    done = bench("embeddings", "export", *words.split(), cwd=folder, check=False)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert {*folder.iterdir()} == before


def test_genes_are_drawn_by_name(folder):
    """With a line for each method; what is no gene is said."""
    gene = stored(folder, "pca").obs["gene"].iloc[0]
    words = ("embeddings", "umap", gene, "--methods", "pca,stacked", "--output", "m.png")
    done = bench(*words, cwd=folder)
    assert done.stderr.splitlines() == [
        f"[1/2] UMAP of lung ({SOURCE}): pca",
        f"[2/2] UMAP of lung ({SOURCE}): stacked",
        "Wrote m.png",
    ]
    first = (folder / "m.png").read_bytes()
    bench(*words, cwd=folder)
    assert (folder / "m.png").read_bytes() == first
    done = bench("embeddings", "umap", "NOPE", "--output", "n.png", cwd=folder, check=False)
    assert f"lung ({SOURCE}) has no gene 'NOPE'" in done.stderr
    assert not (folder / "n.png").exists()


def test_the_former_name_of_neighbors_works(folder, data_dir):
    """It is the same command, and only no longer listed."""
    gene = stored(folder, "pca").obs["gene"].iloc[0]
    words = (gene, "--methods", "pca", "--data-dir", data_dir)
    present = bench("embeddings", "neighbors", *words, cwd=folder)
    assert bench("neighbors", *words, cwd=folder).stdout == present.stdout
    assert "neighbors" not in bench("--help", cwd=folder).stdout


def test_runs_on_former_data_are_left_out_with_a_word(folder, tmp_path):
    """The newest run says which data are meant; nothing is left out without a word."""
    results = tmp_path / "results"
    shutil.copytree(folder / "results", results)
    store = ResultStore(results)
    old = next(r for r in store.scan().records if (r.method.name, r.seed) == ("pca", 0))
    task = old.task.model_copy(update={"fingerprint": "former"})
    former = {"task": task, "run_id": f"{old.run_id}x", "created": "2020-01-01T00:00:00+00:00"}
    store.write(old.model_copy(update=former))
    words = ("--methods", "pca", "--output", "a.h5ad")
    told = bench("embeddings", "export", *words, cwd=tmp_path).stderr
    assert "1 of 3 runs were on other data of lung" in told
    assert set(anndata.read_h5ad(tmp_path / "a.h5ad").obsm) == {"X_pca_0", "X_pca_1"}
