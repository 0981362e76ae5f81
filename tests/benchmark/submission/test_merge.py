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

from genearena.benchmark.commands.merge import command
from genearena.benchmark.store.records import RunRecord
from genearena.benchmark.store.results import ResultStore
from genearena.data.errors import DataError, UsageError

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
    path.write_text(json.dumps(content))


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
        assert ours.model_copy(update={"origin": None}) == theirs
        tables = [anndata.read_h5ad(s.embedding_path(ours)) for s in (store, results)]
        np.testing.assert_array_equal(tables[0].X, tables[1].X)
        np.testing.assert_array_equal(tables[0].obsm["heldout"], tables[1].obsm["heldout"])
        assert tables[0].obs.equals(tables[1].obs)


def test_second_merge_does_nothing(merge: Callable, other: Path, tmp_path: Path):
    """Runs that are there are left alone."""
    merge(other, "--no-rescore", "--by", "them")
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
    kept = {r.run_id: r for r in ResultStore(tmp_path / "out").records()}
    assert kept[pca.run_id].metrics == pca.metrics


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda r: r["metrics"]["asw"].update(value=0.99), "it states asw 0.99, its vectors give"),
        (lambda r: r["metrics"]["asw"].update(value=1.5), "outside 0 to 1"),
        (lambda r: r["metrics"]["asw"].update(value=float("nan")), "want a finite number"),
        (lambda r: r["metrics"]["asw"].update(value=None), "is ok with value None"),
        (lambda r: r.update(gene_coverage=0.5), "states gene coverage 0.5"),
        (lambda r: r.update(gene_coverage=None), "without a gene coverage"),
        (lambda r: r.update(seed=4), "data, method or settings were changed"),
        (lambda r: r["method"]["params"].update(dim=99), "data, method or settings were changed"),
        (lambda r: r["task"].update(fingerprint="f" * 64), "were changed"),
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
        (lambda r: r.update(schema_version=3), "made by a newer GeneArena: schema 3"),
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
    from genearena.benchmark.store.identity import run_id

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
        (poison, "is not finite for gene"),
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


def test_failed_runs_are_taken_over(merge: Callable, other: Path, pca: RunRecord, tmp_path: Path):
    """A run that ended badly has no vectors and is merged all the same: failures count too."""
    update = {"status": "oom", "reason": "x", "embedding": None, "metrics": {}}
    ResultStore(other).write(pca.model_copy(update=update))
    assert merge(other, "--no-rescore").exit_code == 0
    assert {r.status for r in ResultStore(tmp_path / "out").records()} == {"ok", "oom"}


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
