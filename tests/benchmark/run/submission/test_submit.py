"""``bench submit``: vectors made elsewhere get the scores that local ones get."""

import json
from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pytest
from click.testing import CliRunner
from tiny_task import SOURCE

from genearena.benchmark.commands.leaderboard import command as leaderboard
from genearena.benchmark.commands.submit import command
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.evaluate import evaluate
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.show.tables.numbers import NOTHING
from genearena.benchmark.show.tables.task_sheet import task_sheet
from genearena.data.common.errors import DataError, MethodError, UsageError
from genearena.data.graphs import GraphCollection
from genearena.data.tasks import TaskCard
from genearena.methods.pca import PCA

BY = ("--origin", "A. Nother")


@pytest.fixture
def submit(data_dir: Path, tmp_path: Path) -> Callable[..., RunRecord]:
    """Return ``bench submit`` with the tiny task; it gives the stored record."""

    def run(path: Path, *more: object, method: str = "theirs", seed: int = 3) -> RunRecord:
        where = ("--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir)
        arguments = (path, *where, "--out", tmp_path / "out", "--method", method, "--seed", seed)
        result = CliRunner().invoke(
            command, [str(a) for a in (*arguments, *BY, *more)], catch_exceptions=False
        )
        assert result.exit_code == 0, result.output
        records = ResultStore(tmp_path / "out").records()
        return max(records, key=lambda r: (r.created, r.run_id in result.output))

    return run


@pytest.mark.parametrize("kind", ["h5ad", "npz", "csv"])
def test_round_trip_gives_the_same_scores(
    submit: Callable,
    write_vectors: Callable,
    exported: anndata.AnnData,
    pca: RunRecord,
    tmp_path: Path,
    kind: str,
):
    """Vectors of a local run, shuffled and handed in under another name, score the same."""
    order = np.random.default_rng(0).permutation(exported.n_obs)
    path = write_vectors(tmp_path / f"vectors.{kind}", exported[order].copy())
    stated = ("--fingerprint", pca.task.fingerprint) if kind == "csv" else ()
    record = submit(path, *stated)
    ours = dict(pca.metrics)
    # csv has no second vectors; those of pca, which learns from each graph, are its vectors
    lost = record.metrics["new_donor"]
    assert (lost.status, lost.value) == ("not_defined", None)
    assert ("vectors without the donor are those with it" in lost.flag) == (kind != "csv")
    ours.pop("new_donor")
    assert {name: record.metrics[name] for name in ours} == ours
    assert record.gene_coverage == pca.gene_coverage
    assert record.origin is not None
    assert record.origin.text == "submitted by A. Nother"
    assert not record.measured
    kept = anndata.read_h5ad(ResultStore(tmp_path / "out").embedding_path(record))
    np.testing.assert_array_equal(kept.X, exported.X)


def test_file_of_a_training_without_a_donor(
    submit: Callable, write_vectors: Callable, exported: anndata.AnnData, pca: RunRecord,
    tmp_path: Path,
):  # fmt: skip
    """A second file, which need not name the donor left out, gives the score on a new donor."""
    path = write_vectors(tmp_path / "all.csv", exported)
    other = exported.copy()
    other.X = exported.X + np.random.default_rng(0).normal(size=exported.shape).astype("f4")
    names = other.obs["dataset"].unique()
    left_out = names[pca.seed % len(names)]
    second = write_vectors(tmp_path / "second.csv", other[other.obs["dataset"] != left_out].copy())
    record = submit(
        path, "--fingerprint", pca.task.fingerprint, "--new-donor", second, "--metrics", "new_donor"
    )
    result = record.metrics["new_donor"]
    assert (result.status, result.flag) == ("ok", "")
    assert result.value != pca.metrics["new_donor"].value


@pytest.mark.parametrize("factor", [1.0, -1.0, 1e-30, 3.0])
def test_second_vectors_that_are_the_first_give_no_score(
    submit: Callable, write_vectors: Callable, exported: anndata.AnnData, pca: RunRecord,
    tmp_path: Path, factor: float,
):  # fmt: skip
    """Whatever their length: they come from no second training, or need not."""
    again = exported.copy()
    again.X = exported.X * np.float32(factor)
    paths = [write_vectors(tmp_path / f"{n}.csv", t) for n, t in enumerate((exported, again))]
    record = submit(
        paths[0], "--fingerprint", pca.task.fingerprint, "--new-donor", paths[1],
        "--metrics", "new_donor,asw",
    )  # fmt: skip
    refused = record.metrics["new_donor"]
    assert (refused.status, refused.value) == ("not_defined", None)
    assert "they saw its edges" in refused.flag
    assert record.metrics["asw"] == pca.metrics["asw"]
    (board,) = build_leaderboards([record, pca.model_copy(update={"seed": 9})])
    assert any("they saw its edges" in note for note in task_sheet(board).notes)


@pytest.mark.parametrize("given", [True, False])
def test_a_method_of_single_graphs_needs_no_second_training(
    submit: Callable, write_vectors: Callable, exported: anndata.AnnData, pca: RunRecord,
    tmp_path: Path, given: bool,
):  # fmt: skip
    """Its vectors are also those without the donor; as nobody can check it, the score says so."""
    path = write_vectors(tmp_path / "all.csv", exported)
    record = submit(
        path, "--fingerprint", pca.task.fingerprint, *(("--new-donor", path) if given else ()),
        "--each-graph", "--metrics", "new_donor",
    )  # fmt: skip
    result = record.metrics["new_donor"]
    assert result.value == pca.metrics["new_donor"].value
    assert "said to learn from each graph by itself" in result.flag


def test_the_second_training_goes_without_the_donor_outsiders_leave_out(
    task: TaskCard, graphs: GraphCollection
):
    """Methods see all graphs, then all but one, the seed's remainder, and never a replicate."""
    seen: list[GraphCollection] = []

    class Spy(PCA):
        needs = frozenset({"expression", "graph", "counts", "truth"})

        def fit(self, graphs: GraphCollection) -> "Spy":
            seen.append(graphs)
            super().fit(graphs)
            return self

    from genearena.benchmark.records.declared import describe
    from genearena.benchmark.run.evaluation import training as module

    info = describe("pca", Spy, {"dim": 8})
    job = Job(task, info, 5, "fast", ("new_donor",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.METHODS, "load", lambda _: Spy)
        patch.setattr(module, "check_declared", lambda *_: None)
        assert evaluate(job, graphs, lambda *_: None).status == "ok"
    full, others = seen
    left_out = 5 % len(graphs)
    assert full.names == graphs.names
    assert others.names == tuple(n for i, n in enumerate(graphs.names) if i != left_out)
    assert all(graph.replicate is not None for graph in graphs)
    for graph in (*full, *others):
        with pytest.raises(MethodError, match="which no method may see"):
            _ = graph.replicate


def test_missing_genes_lower_the_coverage(
    submit: Callable, write_vectors: Callable, exported: anndata.AnnData, tmp_path: Path
):
    """Genes without a row count as having no vector."""
    half = exported[::2].copy()
    record = submit(write_vectors(tmp_path / "half.npz", half), "--metrics", "edge_auc")
    assert record.gene_coverage == pytest.approx(half.n_obs / exported.n_obs)


def test_settings_are_recorded(
    submit: Callable, write_vectors: Callable, exported: anndata.AnnData, tmp_path: Path
):
    """Version, parameters, outside data and the width of the vectors are in the record."""
    path = write_vectors(tmp_path / "v.npz", exported)
    record = submit(
        path, "--version", "2.1", "--set", "layers=3", "--set", "loss=NaN",
        "--set", 'act="relu"', "--trained-on", "33 M cells", "--metrics", "asw",
    )  # fmt: skip
    assert record.method.params == {"layers": 3, "loss": "NaN", "act": "relu", "dim": 8}
    assert (record.method.version, record.method.trained_on) == ("2.1", "33 M cells")
    json.loads(record.model_dump_json())


def test_tables_mark_submitted_rows(
    submit: Callable, write_vectors: Callable, exported: anndata.AnnData, tmp_path: Path
):
    """The row carries a mark explained below the table, and no time that nobody measured."""
    bare = anndata.AnnData(exported.X, obs=exported.obs)
    submit(write_vectors(tmp_path / "v.csv", bare), "--unstated-data", "--metrics", "asw")
    result = CliRunner().invoke(
        leaderboard, ["--out", str(tmp_path / "out"), "--format", "md"], catch_exceptions=False
    )
    (row,) = (line for line in result.stdout.splitlines() if line.startswith("| theirs"))
    assert row.startswith("| theirs §")
    assert row.endswith(f"| {NOTHING} | {NOTHING} |")
    assert "- § Not run here: theirs (submitted by A. Nother, data not stated)" in result.stdout


def test_unstated_data_is_refused_unless_allowed(
    submit: Callable, write_vectors: Callable, exported: anndata.AnnData, tmp_path: Path
):
    """Vectors that do not say what they were made from need a word of consent."""
    path = write_vectors(tmp_path / "v.csv", exported)
    with pytest.raises(DataError, match=r"nothing says which data .* --unstated-data"):
        submit(path)
    assert not list((tmp_path / "out").rglob("*.json"))
    assert not submit(path, "--unstated-data", "--metrics", "asw").origin.data_stated


@pytest.mark.parametrize("claim", ["0" * 64, "lung"])
def test_other_data_are_refused(
    submit: Callable, write_vectors: Callable, exported: anndata.AnnData, tmp_path: Path, claim: str
):
    """A fingerprint other than the task's is refused even if consent was given."""
    path = write_vectors(tmp_path / "v.npz", exported)
    with pytest.raises(DataError, match=r"made from data .* make them again"):
        submit(path, "--fingerprint", claim, "--unstated-data")
    table = exported.copy()
    table.uns["fingerprint"] = claim
    with pytest.raises(DataError, match=r"made from data .* make them again"):
        submit(write_vectors(tmp_path / "w.h5ad", table), "--unstated-data")


def test_duplicate_is_refused(
    submit: Callable, write_vectors: Callable, exported: anndata.AnnData, tmp_path: Path
):
    """The same method, version, settings and seed cannot be handed in twice."""
    path = write_vectors(tmp_path / "v.npz", exported)
    submit(path, "--metrics", "asw")
    with pytest.raises(UsageError, match="is stored already; give another --method"):
        submit(path, "--metrics", "asw")
    submit(path, "--metrics", "asw", "--version", "2")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("pca", "is a method of the suite"),
        ("MuSeGNN", "is a method of the suite"),
        ("../up", "is not usable"),
        ("gae:released", "is not usable"),
        ("", "is not usable"),
    ],
)
def test_method_names(submit: Callable, tmp_path: Path, name: str, reason: str):
    """Names of the suite's methods and names that are no file names are refused."""
    with pytest.raises(UsageError, match=reason):
        submit(tmp_path / "any.npz", method=name)


@pytest.mark.parametrize("text", ["", "   ", "x" * 121, "a\x1b[31m"])
def test_texts_of_tables_are_one_plain_line(submit: Callable, tmp_path: Path, text: str):
    """What tables will print must be short and printable."""
    with pytest.raises(UsageError, match=r"--trained-on is .* characters"):
        submit(tmp_path / "any.npz", "--trained-on", text)


def change(table: anndata.AnnData, **columns: object) -> anndata.AnnData:
    """Return the table with columns of text replaced."""
    obs = table.obs[["dataset", "gene"]].astype(str)
    return anndata.AnnData(table.X.copy(), obs=obs.assign(**columns), uns=dict(table.uns))


def test_foreign_rows_are_refused(
    submit: Callable, write_vectors: Callable, exported: anndata.AnnData, tmp_path: Path
):
    """Unknown data sets and genes, repeated rows and absent data sets are named."""
    genes = exported.obs["gene"].astype(str).to_numpy(dtype=object)
    datasets = exported.obs["dataset"].astype(str).to_numpy(dtype=object)
    first = datasets[0]
    other = np.where(datasets == first, first + "x", datasets)
    wrong = np.where(np.arange(len(genes)) == 4, "BRCA1", genes)
    twice = np.concatenate([genes[:1], genes[:1], genes[2:]])
    cases = [
        (change(exported, dataset=other), f"data set '{first}x' is not in the task; did you mean"),
        (change(exported, gene=wrong), f"1 genes are not in .*: 'BRCA1 in {first}'"),
        (change(exported, gene=twice), f"gene '{genes[0]}' .* has 2 rows, want one"),
        (exported[datasets != first].copy(), f"no vectors for data set '{first}'"),
    ]
    for i, (table, message) in enumerate(cases):
        with pytest.raises(DataError, match=message):
            submit(write_vectors(tmp_path / f"{i}.npz", table))
    assert not list((tmp_path / "out").rglob("*.json"))


@pytest.mark.parametrize(
    ("value", "message"),
    [(np.nan, "not finite in row 3"), (1e39, "not finite in row 3"), (None, "same vector")],
)
def test_unusable_vectors_are_refused(
    submit: Callable, write_vectors: Callable, exported: anndata.AnnData, tmp_path: Path,
    value: float | None, message: str,
):  # fmt: skip
    """Vectors that are not finite in float32, or all alike, cannot be scored."""
    vectors = exported.X.astype(np.float64)
    if value is None:
        vectors[:] = 1.0
    else:
        vectors[2, 1] = value
    path = write_vectors(tmp_path / "v.npz", exported, vectors=vectors)
    with pytest.raises(DataError, match=message):
        submit(path)
