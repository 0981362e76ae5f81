"""Seeds of a method as one batch, in workers and in records."""

import json

import anndata
import numpy as np
import pytest
from tiny_task import SOURCE, bench


@pytest.fixture
def run(data_dir, tmp_path, helpers):
    """Run ``bench run`` on the tiny task and return its records by (method, seed)."""

    def call(out, *arguments):
        common = ("run", "--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir)
        bench(*common, *arguments, "--jobs", 1, "--out", out, cwd=tmp_path, path=helpers)
        found = [json.loads(p.read_text()) for p in (tmp_path / out / "records").glob("*.json")]
        return {(r["method"]["label"], r["seed"]): r for r in map(_labelled, found)}

    return call


def _labelled(record):
    record["method"]["label"] = record["method"]["name"].rpartition(":")[2]
    return record


def test_a_batch_leaves_the_records_and_vectors_of_single_runs(run, tmp_path):
    """Trained together, three seeds give three records whose vectors are those of runs alone."""
    wanted = ("--seeds", 3, "--methods", "wsmae,pca", "--metrics", "edge_auc,heldout_auc")
    alone, together = run("alone", *wanted), run("together", *wanted, "--batch-seeds", 3)
    assert {k: r["run_id"] for k, r in alone.items()} == {
        k: r["run_id"] for k, r in together.items()
    }
    assert {r["cost"]["seeds_together"] for r in alone.values()} == {1}
    for key, record in together.items():
        # pca cannot train seeds together, so that its runs stay single
        assert record["cost"]["seeds_together"] == (3 if key[0] == "wsmae" else 1)
        ours, theirs = (
            anndata.read_h5ad(tmp_path / out / "embeddings" / record["embedding"])
            for out in ("alone", "together")
        )
        np.testing.assert_allclose(ours.X, theirs.X, atol=1e-4)
        value = record["metrics"]["edge_auc"]["value"]
        assert value == pytest.approx(alone[key]["metrics"]["edge_auc"]["value"], abs=1e-4)


def test_one_bad_seed_does_not_take_the_others_with_it(run):
    """A batch that fails is done seed by seed: the bad ones fail, the others are kept."""
    found = run(
        "out", "--seeds", 6, "--methods", "odd_methods:OneSeedFails", "--batch-seeds", 6,
        "--metrics", "asw",
    )  # fmt: skip
    statuses = {record["status"] for record in found.values()}
    assert statuses == {"ok", "failed"}
    assert all(r["cost"]["seeds_together"] == 1 for r in found.values() if r["status"] == "ok")
    failed = [record for record in found.values() if record["status"] == "failed"]
    assert {record["reason"] for record in failed} == {"ValueError: this seed diverges"}


def test_too_little_memory_for_a_batch_is_not_too_little_for_its_seeds(run):
    """Seeds that do not fit together are trained one by one."""
    method = ("--methods", "odd_methods:Together", "--metrics", "asw")
    found = run("out", "--seeds", 4, *method, "--batch-seeds", 4)
    assert {record["status"] for record in found.values()} == {"ok"}


def test_a_full_gpu_is_a_row_and_the_next_method_still_runs(run):
    """Out of memory even for one seed gives 'oom', and what follows is untouched."""
    methods = "odd_methods:AlwaysTooBig,random"
    found = run("out", "--seeds", 2, "--methods", methods, "--batch-seeds", 2, "--metrics", "asw")
    statuses = {key[0]: record["status"] for key, record in found.items()}
    assert statuses == {"AlwaysTooBig": "oom", "random": "ok"}
    reasons = {r["reason"] for key, r in found.items() if key[0] == "AlwaysTooBig"}
    assert all("CUDA out of memory for 1 seeds" in reason for reason in reasons)
