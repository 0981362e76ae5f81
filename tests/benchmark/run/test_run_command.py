"""``bench run`` end to end on a small simulated task."""

import json
import os
import signal
import subprocess
import time

import anndata
import numpy as np
import pytest
from tiny_task import BENCH, SOURCE, bench

LIGHT = "pca,random,gene_name"


@pytest.fixture
def run(data_dir, tmp_path):
    """Run ``bench run`` on the tiny task in an empty folder."""

    def call(*arguments, **options):
        common = ("run", "--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir)
        return bench(*common, *arguments, cwd=tmp_path, **options)

    return call


def records(folder):
    """Read the records of a results folder by (method, seed)."""
    paths = sorted((folder / "results" / "records").glob("*.json"))
    found = [json.loads(path.read_text()) for path in paths]
    return {(r["method"]["name"], r["seed"]): r for r in found}


def vectors(folder):
    """Read all vectors of a results folder by file name."""
    paths = sorted((folder / "embeddings").glob("*.h5ad"))
    return {path.name: anndata.read_h5ad(path).X for path in paths}


def test_runs_are_records_with_vectors_beside_them(run, tmp_path):
    """Every method and seed leaves a complete record and an embedding file."""
    run("--seeds", 2, "--methods", LIGHT)
    found = records(tmp_path)
    assert set(found) == {(m, s) for m in LIGHT.split(",") for s in (0, 1)}
    record = found["pca", 0]
    assert record["status"] == "ok"
    assert record["task"]["simulated"]
    assert record["cost"]["peak_rss_bytes"] > 5e7
    assert record["environment"]["packages"]["numpy"] == np.__version__
    assert all(-1 <= m["value"] <= 1 for m in record["metrics"].values())
    table = anndata.read_h5ad(tmp_path / "results" / "embeddings" / record["embedding"])
    assert table.shape == (record["task"]["n_rows"], 32)
    assert {"dataset", "gene", "cluster", "truth"} <= set(table.obs)


def test_a_second_run_does_nothing(run, tmp_path):
    """What is stored is not computed again, to the byte."""
    run("--seeds", 1, "--methods", LIGHT, "--metrics", "edge_auc")
    before = {p: p.read_bytes() for p in (tmp_path / "results").rglob("*.json")}
    again = run("--seeds", 1, "--methods", LIGHT, "--metrics", "edge_auc")
    assert "Nothing to do: all 3 runs" in again.stdout
    assert before == {p: p.read_bytes() for p in (tmp_path / "results").rglob("*.json")}


def test_a_metric_asked_for_later_is_scored_without_training(run, tmp_path):
    """New metrics join the old ones in the record; the cost of training stays."""
    run("--seeds", 1, "--methods", "gene2vec", "--metrics", "cgr")
    first = records(tmp_path)["gene2vec", 0]
    plan = run("--seeds", 1, "--methods", "gene2vec", "--metrics", "asw,cgr", "--dry-run")
    assert "scored again only" in plan.stdout
    run("--seeds", 1, "--methods", "gene2vec", "--metrics", "asw,cgr")
    second = records(tmp_path)["gene2vec", 0]
    assert set(second["metrics"]) == {"asw", "cgr"}
    assert second["metrics"]["cgr"] == first["metrics"]["cgr"]
    assert second["cost"] == first["cost"]
    assert second["created"] == first["created"]


def test_altered_vectors_are_trained_anew_before_they_are_scored(run, tmp_path):
    """All metrics of a record come from the same vectors, or the run is done again."""
    run("--seeds", 1, "--methods", "pca", "--metrics", "cgr")
    (path,) = (tmp_path / "results" / "embeddings").glob("*.h5ad")
    whole = vectors(tmp_path / "results")[path.name]
    table = anndata.read_h5ad(path)
    table.X = -table.X[::-1]
    table.write_h5ad(path)
    plan = run("--seeds", 1, "--methods", "pca", "--metrics", "asw,cgr", "--dry-run")
    assert "scored again only" not in plan.stdout
    run("--seeds", 1, "--methods", "pca", "--metrics", "asw,cgr")
    assert set(records(tmp_path)["pca", 0]["metrics"]) == {"asw", "cgr"}
    np.testing.assert_array_equal(vectors(tmp_path / "results")[path.name], whole)


def test_methods_that_break_are_rows_and_the_run_goes_on(run, tmp_path, helpers):
    """Exceptions, NaN, wrong shapes, crashes and refusals each have a status with a reason."""
    names = ("Raises", "Nan", "Wrong", "Dies", "Hungry", "Declines", "Chatty")
    methods = ",".join(f"odd_methods:{name}" for name in names)
    done = run("--seeds", 1, "--methods", methods, "--metrics", "cgr", path=helpers)
    assert "hello from a plugin" not in done.stdout
    found = {m.partition(":")[2]: r for (m, _), r in records(tmp_path).items()}
    statuses = {name: found[name]["status"] for name in names}
    assert statuses == {
        "Raises": "failed", "Nan": "failed", "Wrong": "failed", "Dies": "failed",
        "Hungry": "oom", "Declines": "skipped", "Chatty": "ok",
    }  # fmt: skip
    assert found["Raises"]["reason"] == "ValueError: the matrix is singular"
    assert "in fit" in found["Raises"]["traceback"]
    assert "not finite" in found["Nan"]["reason"]
    assert "shape" in found["Wrong"]["reason"]
    assert "SIGSEGV" in found["Dies"]["reason"]
    assert found["Declines"]["reason"] == "needs a checkpoint"


def test_a_folder_deleted_under_a_run_is_told(run, tmp_path, helpers):
    """What was stored before is gone, and not called ok; the same command does it again."""
    asked = ("--seeds", 1, "--methods", "random,odd_methods:Deletes", "--metrics", "cgr")
    done = run(*asked, "--jobs", 1, path=helpers, check=False)
    assert done.returncode == 1
    assert "1 lost" in done.stdout
    last = done.stderr.splitlines()[-1]
    assert last.startswith("Error: 1 of 2 finished runs are gone from results")
    assert "1 runs to do" in run(*asked, "--dry-run", path=helpers).stdout


def test_failed_runs_are_done_again_only_on_request(run, tmp_path, helpers):
    """A failure is a result; ``--rerun failed`` asks for another try."""
    common = ("--seeds", 1, "--methods", "odd_methods:Raises", "--metrics", "cgr")
    run(*common, path=helpers)
    assert "Nothing to do" in run(*common, path=helpers).stdout
    assert "1 runs in" in run(*common, "--rerun", "failed", path=helpers).stdout


def test_dry_run_writes_nothing(run, tmp_path):
    """Looking at the plan leaves an empty folder empty."""
    done = run("--seeds", 3, "--methods", LIGHT, "--dry-run")
    assert "9 runs to do" in done.stdout
    assert not (tmp_path / "results").exists()


def test_a_probe_times_first_epochs_and_writes_nothing(run, tmp_path):
    """A training of an hour is stopped after a few epochs; a short one is known by its end."""
    settings = ("--set", "gae.epochs=100000")
    done = run("--seeds", 2, "--methods", "gae,pca", *settings, "--metrics", "cgr", "--probe")
    assert done.stderr.splitlines() == [f"Timing {m} on lung ({SOURCE}) …" for m in ("gae", "pca")]
    told = done.stdout.splitlines()[-1]
    assert told.startswith("about ")
    assert told.endswith("judging by first epochs")
    assert not (tmp_path / "results").exists()
    started = run("--seeds", 1, "--methods", "pca", "--metrics", "cgr").stderr
    assert "a guess from timings that ship with the suite" in started.splitlines()[0]


def test_a_truncated_record_is_set_aside_and_made_again(run, tmp_path):
    """A crash of the machine in mid-write costs one run."""
    run("--seeds", 2, "--methods", "pca", "--metrics", "cgr")
    path = next((tmp_path / "results" / "records").glob("lung.pca.s0.*"))
    path.write_text(path.read_text()[:200])
    again = run("--seeds", 2, "--methods", "pca", "--metrics", "cgr")
    assert "is damaged" in again.stderr
    assert "1 runs in" in again.stdout
    assert path.with_name(path.name + ".damaged").exists()
    assert set(records(tmp_path)) == {("pca", 0), ("pca", 1)}


@pytest.mark.slow
def test_vectors_do_not_depend_on_the_number_of_workers(run, tmp_path):
    """Every method gives the same bits in another process, at another --jobs, in other company."""
    run("--seeds", 1, "--jobs", 1, "--metrics", "cgr,new_donor", "--out", "one")
    run("--seeds", 1, "--jobs", 2, "--metrics", "cgr,new_donor", "--out", "two")
    one, two = vectors(tmp_path / "one"), vectors(tmp_path / "two")
    assert len(one) >= 13
    assert one.keys() == two.keys()
    for name, z in one.items():
        np.testing.assert_array_equal(z, two[name], err_msg=name)


@pytest.mark.slow
def test_a_killed_run_resumes_to_the_same_leaderboard(run, data_dir, tmp_path):
    """SIGKILL at any moment costs only the runs in flight."""
    table = ("leaderboard", "--format", "csv", "--no-cost")
    methods = (
        "--seeds", 4, "--methods", "pca,gene2vec,node2vec,random,gene_name",
        "--metrics", "edge_auc,retrieval",
    )  # fmt: skip
    run(*methods, "--out", "whole")
    command = [
        *BENCH, "run", "--tissue", "lung", "--source", SOURCE, "--data-dir", str(data_dir),
        *map(str, methods), "--out", "killed",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    kill_after(process, tmp_path / "killed" / "records", count=7)
    stored = len(list((tmp_path / "killed" / "records").glob("[!.]*.json")))
    assert 7 <= stored < 20
    run(*methods, "--out", "killed")
    whole = bench(*table, "--out", "whole", cwd=tmp_path).stdout
    assert bench(*table, "--out", "killed", cwd=tmp_path).stdout == whole
    assert whole.count("\n") > 5


def kill_after(process, folder, count):
    """Kill the process once `folder` holds `count` records."""
    while len(list(folder.glob("[!.]*.json"))) < count:
        assert process.poll() is None, "the run ended before it could be killed"
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
