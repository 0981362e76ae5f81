"""``bench merge``: runs of another folder are taken over whole, or refused with a reason."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import h5py
import numpy as np
import pytest
from click.testing import CliRunner, Result
from pydantic import ValidationError

from genearena.benchmark.commands.merge import command
from genearena.benchmark.records.identity import id_of, run_id
from genearena.benchmark.records.record import Origin, RunRecord
from genearena.benchmark.records.record_files import alteration
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.records.seal import sealed
from genearena.data.common.errors import DataError, UsageError

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def other(results: ResultStore, tmp_path: Path) -> Path:
    """Return a copy of the results folder, as if from elsewhere."""
    return shutil.copytree(results.folder, tmp_path / "their-cluster")


@pytest.fixture
def merge(data_dir: Path, tmp_path: Path) -> Callable[..., Result]:
    """Return ``bench merge`` into a folder ``out``."""

    def run(folder: Path, *more: object) -> Result:
        arguments = (folder, "--out", tmp_path / "out", "--data-dir", data_dir, *more)
        return CliRunner().invoke(command, [str(a) for a in arguments])

    return run


def edit(folder: Path, record: RunRecord, change: Change) -> None:
    """Change the stored text of a record."""
    path = ResultStore(folder).record_path(record.run_id)
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(sealed_again(content)))


def sealed_again(content: dict[str, Any]) -> dict[str, Any]:
    """Return a record with the seal that whoever changed it gives it."""
    try:
        return content | {"seal": sealed(RunRecord.model_validate(content)).seal}
    except ValidationError:
        return content


def store_changed(folder: Path, record: RunRecord, **changes: Any) -> str:
    """Store a changed record as the run that it then is; return its file's name."""
    changed = RunRecord.model_validate(record.model_dump() | changes)
    name = id_of(changed)
    embedding = f"{name}.h5ad" if changed.status == "ok" else None
    store = ResultStore(folder)
    vectors = store.embedding_path(record)
    if embedding:
        shutil.copy(vectors, store.embeddings_folder / embedding)
    store.write(changed.model_copy(update={"run_id": name, "embedding": embedding}))
    return f"{name}.json"


def files(folder: Path) -> set[str]:
    """Return the names of all files below a folder."""
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_runs_are_taken_over_with_their_origin(
    merge: Callable, other: Path, results: ResultStore, tmp_path: Path
):
    """Records and vectors arrive unchanged but for the mark."""
    done = merge(other)
    assert done.exit_code == 0, done.output
    assert "2 runs merged" in done.stdout
    store = ResultStore(tmp_path / "out")
    for ours, theirs in zip(store.records(), results.records(), strict=True):
        assert ours.origin is not None
        assert ours.origin.text == "merged from their-cluster"
        changed = ("origin", "run_id", "embedding", "embedding_sha256", "seal")
        assert ours.model_copy(update={name: getattr(theirs, name) for name in changed}) == theirs
        assert ours.run_id != theirs.run_id
        assert alteration(ours) == ""
        paths = store.embedding_path(ours), results.embedding_path(theirs)
        tables = [anndata.read_h5ad(path) for path in paths]
        np.testing.assert_array_equal(tables[0].X, tables[1].X)
        np.testing.assert_array_equal(tables[0].obsm["new_donor"], tables[1].obsm["new_donor"])
        assert tables[0].obs.equals(tables[1].obs)


def test_second_merge_does_nothing(merge: Callable, other: Path, tmp_path: Path):
    """Runs that are there are left alone."""
    merge(other, "--no-rescore")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    done = merge(other)
    assert done.exit_code == 0
    assert "0 runs merged" in done.stdout
    assert "2 were there, 0 refused" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == before


def test_conflict_is_refused(merge: Callable, other: Path, pca: RunRecord, tmp_path: Path):
    """A run that is here with other numbers is refused, and stays as it is."""
    merge(other, "--no-rescore")
    edit(other, pca, lambda r: r["metrics"]["asw"].update(value=0.123))
    done = merge(other)
    assert isinstance(done.exception, DataError)
    assert f"refused {pca.run_id}.json: it is stored here with asw" in done.stderr
    assert "0 runs merged" in done.stdout
    kept = {r.method.name: r for r in ResultStore(tmp_path / "out").records()}
    assert kept["pca"].metrics == pca.metrics


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda r: r["metrics"]["asw"].update(value=0.99), "it states asw 0.99, its vectors give"),
        (lambda r: r["metrics"]["asw"].update(value=1.5), "outside 0 to 1"),
        (lambda r: r["metrics"]["asw"].update(value=float("nan")), "want a finite number"),
        (lambda r: r["metrics"]["asw"].update(value=None), "is ok with value None"),
        (lambda r: r.update(gene_coverage=0.5), "states gene coverage 0.5"),
        (lambda r: r.update(gene_coverage=None), "without a gene coverage"),
        (lambda r: r.update(seed=4), "data, method or settings were altered"),
        (lambda r: r["method"]["params"].update(dim=99), "data, method or settings were altered"),
        (lambda r: r["task"].update(fingerprint="f" * 64), "were altered"),
        (lambda r: r["task"].update(simulated=False), "it misstates its data"),
        (lambda r: r["task"].update(n_rows=1), "it misstates its data"),
        (lambda r: r["task"].update(source="../../etc"), "is not usable"),
        (lambda r: r["task"].update(source="nowhere"), "unknown lung data set"),
        (lambda r: r.update(run_id="another"), "unlike its file"),
        (lambda r: r.update(embedding="another.h5ad"), "it names vectors"),
        (lambda r: r.update(run_id="../../../up"), "run_id: String should match"),
        (lambda r: r.update(embedding="../../../up.h5ad"), "embedding: String should match"),
        (lambda r: r.update(status="failed"), "unlike a run that ended failed"),
        (lambda r: r.update(created="yesterday"), "want an ISO date"),
        (lambda r: r.update(schema_version=9), "made by a newer GeneArena: schema 9"),
        (lambda r: r.update(created="2999-01-01T00:00:00+00:00"), "created in the future"),
        (lambda r: r["cost"].update(fit_seconds=-5), "its fit_seconds is -5, outside 0 to"),
        (lambda r: r["cost"].update(fit_seconds=1e30), "its fit_seconds is 1e+30, outside 0 to"),
        (lambda r: r["cost"].update(peak_rss_bytes=10**30), "its peak_rss_bytes is 1e+30"),
        (lambda r: r["cost"].update(energy_joules=-1), "its energy_joules is -1"),
        (lambda r: r["metrics"]["asw"].update(value=1e30), "outside 0 to 1"),
        (lambda r: r["metrics"].update(mine=r["metrics"]["asw"]), "'mine' is not installed here"),
        (lambda r: r["method"].update(control=True), "it says control = True of 'pca'"),
        (lambda r: r["method"].update(variant="released"), "it says variant = released of 'pca'"),
        (lambda r: r["method"].update(needs=["truth"]), "it says needs = ['truth'] of 'pca'"),
        (lambda r: r["method"].update(name="x" * 200), "the name of its method has 200 characters"),
        (lambda r: r["method"].update(params={"a": "x" * 10**5}), "its parameters take"),
        (lambda r: r.update(preset="x" * 200), "the name of its preset has 200 characters"),
        (lambda r: r.update(attempts=-1), "its attempts is -1"),
        (lambda r: r.update(seed=-1), "its seed is -1"),
        (lambda r: r.update(extra=1), "no record of this suite .extra"),
        (lambda r: r.pop("task"), "no record of this suite .task"),
    ],
)
def test_changed_records_are_refused(
    merge: Callable, other: Path, pca: RunRecord, tmp_path: Path, change: Change, reason: str
):
    """Whatever is wrong with a record is told, and nothing of the run is written."""
    for path in (other / "records").iterdir():
        if path.stem != pca.run_id:
            path.unlink()
    edit(other, pca, change)
    done = merge(other)
    assert isinstance(done.exception, DataError), done.exception
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"refused {pca.run_id}.json: ")
    assert reason.replace(".", "") in line.replace("(", "").replace(".", "")
    assert not files(tmp_path / "out")
    assert files(tmp_path) >= files(other)


def test_other_data_are_refused(
    merge: Callable, other: Path, pca: RunRecord, tmp_path: Path, data_dir: Path
):
    """A run rightly named but made from other data than those here is refused."""
    task = pca.task.model_copy(update={"fingerprint": "f" * 64})
    name = run_id(task, pca.method, pca.seed, pca.preset)
    moved = pca.model_copy(update={"task": task, "run_id": name, "embedding": f"{name}.h5ad"})
    ResultStore(other).write(moved)
    done = merge(other, "--no-rescore")
    assert f"refused {name}.json: it was made from data 'ffffffffffffffff'" in done.stderr
    assert "2 runs merged" in done.stdout
    assert "1 refused" in done.stdout


def lose(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2000])


def rename(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        names = file["obs/gene"][:]
        names[0] = b"BRCA1"
        file["obs/gene"][:] = names


def poison(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        file["X"][3, 2] = np.inf


def swap(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        file["X"][:] = file["X"][:][::-1]


def link_out(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file["X"]
        file["X"] = h5py.ExternalLink("/nonexistent/other.h5", "/X")


def swell(path: Path) -> None:
    with h5py.File(path, "r+") as file:
        del file["X"]
        file.create_dataset("X", shape=(2**20, 2**20), chunks=(64, 64), dtype="f4")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lose, "its vectors are missing"),
        (cut, "it is no embedding file"),
        (rename, "holds other genes than the task's"),
        (poison, "that are not finite for gene"),
        (swap, "its vectors give"),
        (link_out, "'X' is a link"),
        (swell, "it declares 4 TiB of data in"),
    ],
)
def test_damaged_vectors_are_refused(
    merge: Callable, other: Path, pca: RunRecord, tmp_path: Path, damage: Callable, reason: str
):
    """A run whose vectors are not the task's, or not those that were scored, is refused."""
    for path in (other / "records").iterdir():
        if path.stem != pca.run_id:
            path.unlink()
    damage(ResultStore(other).embedding_path(pca))
    done = merge(other)
    assert isinstance(done.exception, DataError), done.exception
    (line,) = done.stderr.splitlines()
    assert reason in line
    assert not files(tmp_path / "out")


def test_vectors_of_the_second_training_are_checked_too(
    merge: Callable, other: Path, pca: RunRecord, tmp_path: Path
):
    """Also where scores are taken as stated, and nothing else would look at them."""
    for path in (other / "records").iterdir():
        if path.stem != pca.run_id:
            path.unlink()
    with h5py.File(ResultStore(other).embedding_path(pca), "r+") as file:
        file["obsm/new_donor"][3, 2] = np.inf
    done = merge(other, "--no-rescore")
    assert isinstance(done.exception, DataError), done.exception
    assert "that are not finite for gene" in done.stderr
    assert not files(tmp_path / "out")


def test_failed_runs_are_taken_over(merge: Callable, other: Path, pca: RunRecord, tmp_path: Path):
    """A run that ended badly has no vectors and is merged all the same: failures count too."""
    update = {"status": "oom", "reason": "x", "embedding": None, "metrics": {}}
    ResultStore(other).write(pca.model_copy(update=update))
    assert merge(other, "--no-rescore").exit_code == 0
    assert {r.status for r in ResultStore(tmp_path / "out").records()} == {"ok", "oom"}


def test_a_changed_record_is_told_from_its_seal(merge: Callable, other: Path, pca: RunRecord):
    """What nothing else contradicts, such as a shorter time, the seal does."""
    path = ResultStore(other).record_path(pca.run_id)
    content = json.loads(path.read_text())
    content["cost"]["fit_seconds"] = 0.001
    path.write_text(json.dumps(content))
    assert "its content was changed after it was written" in merge(other, "--no-rescore").stderr


def test_what_a_metric_means_is_not_taken_from_the_record(
    merge: Callable, other: Path, pca: RunRecord, tmp_path: Path
):
    """Label, direction and whether it is scored are those of the registry, scored again or not."""
    lie = {"label": "XXX", "higher_is_better": False, "scored": False}
    edit(other, pca, lambda r: r["metrics"]["asw"].update(lie))
    for more in ("--no-rescore", "--rescore"):
        assert merge(other, more, "--origin", more).exit_code == 0
    for record in ResultStore(tmp_path / "out").records():
        asw = record.metrics["asw"]
        assert (asw.label, asw.higher_is_better, asw.scored) == ("ASW", True, True)


def test_remarks_are_those_of_the_vectors(
    merge: Callable, other: Path, pca: RunRecord, tmp_path: Path
):
    """A forger cannot remove what makes a value degenerate, nor add it."""
    edit(other, pca, lambda r: r["metrics"]["asw"].update(flag="all is well"))
    merge(other)
    kept = {r.method.name: r for r in ResultStore(tmp_path / "out").records()}
    assert kept["pca"].metrics == pca.metrics


def test_runs_made_here_stay_beside_merged_ones(
    merge: Callable, other: Path, pca: RunRecord, results: ResultStore, tmp_path: Path
):
    """A merged run never lies where one made here would, so that neither stops the other."""
    merge(other, "--no-rescore")
    store = ResultStore(tmp_path / "out")
    assert store.record(pca.run_id) is None
    before = store.records()
    store.write(pca)
    assert [r for r in store.records() if r.run_id != pca.run_id] == before
    again = merge(other, "--origin", "yet another")
    assert "1 runs merged" in again.stdout
    assert "1 were there" in again.stdout


def test_failures_of_methods_that_ran_here_are_refused(
    merge: Callable, other: Path, pca: RunRecord, tmp_path: Path
):
    """Another machine's timeouts say nothing of what a method does here."""
    ResultStore(tmp_path / "out").write(pca)
    file = store_changed(other, pca, seed=9, status="timeout", metrics={}, gene_coverage=None)
    done = merge(other, "--no-rescore")
    assert f"refused {file}: it ended timeout there; 'pca' has runs here" in done.stderr


def test_a_control_that_is_not_installed_is_refused(merge: Callable, other: Path, pca: RunRecord):
    """Only what is known here to be a control is one to beat."""
    method = pca.method.model_dump() | {"name": "sibyl", "control": True}
    file = store_changed(other, pca, method=method)
    done = merge(other, "--no-rescore")
    assert f"refused {file}: it calls 'sibyl' a control" in done.stderr


def test_origins_are_chained(merge: Callable, other: Path, pca: RunRecord, tmp_path: Path):
    """A record cannot say that it comes from elsewhere than the folder it is merged from."""
    ana = Origin(kind="submitted", by="Ana", data_stated=False)
    edit(other, pca, lambda r: r.update(origin=ana.model_dump()))
    assert merge(other, "--no-rescore").exit_code == 0
    kept = {r.method.name: r for r in ResultStore(tmp_path / "out").records()}
    text = "merged from their-cluster, submitted by Ana, data not stated"
    assert kept["pca"].origin.text == text
    assert not kept["pca"].origin.data_stated


def test_folders_that_cannot_be_merged(merge: Callable, other: Path, tmp_path: Path):
    """A folder without records, and the target itself, are refused."""
    assert isinstance(merge(tmp_path / "nothing").exception, UsageError)
    (tmp_path / "out").symlink_to(other)
    done = merge(other)
    assert isinstance(done.exception, UsageError)
    assert "is the results folder itself" in str(done.exception)


def test_records_of_before_origins_are_readable(pca: RunRecord):
    """A record written without the field is one of a run made here."""
    content = json.loads(pca.model_dump_json())
    del content["origin"]
    assert RunRecord.model_validate(content).origin is None
