"""Seeds that fail, in workers and in records."""

import json

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


def test_one_bad_seed_does_not_take_the_others_with_it(run):
    """The bad ones fail, the others are kept."""
    found = run(
        "out", "--seeds", 6, "--methods", "odd_methods:OneSeedFails",
        "--metrics", "asw",
    )  # fmt: skip
    statuses = {record["status"] for record in found.values()}
    assert statuses == {"ok", "failed"}
    failed = [record for record in found.values() if record["status"] == "failed"]
    assert {record["reason"] for record in failed} == {"ValueError: this seed diverges"}


def test_a_full_gpu_is_a_row_and_the_next_method_still_runs(run):
    """Out of memory gives 'oom', and what follows is untouched."""
    methods = "odd_methods:AlwaysTooBig,random"
    found = run("out", "--seeds", 2, "--methods", methods, "--metrics", "asw")
    statuses = {key[0]: record["status"] for key, record in found.items()}
    assert statuses == {"AlwaysTooBig": "oom", "random": "ok"}
    reasons = {r["reason"] for key, r in found.items() if key[0] == "AlwaysTooBig"}
    assert all("CUDA out of memory" in reason for reason in reasons)
