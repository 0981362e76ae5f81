"""``--joint``: several tissues are one task, from the plan to the tables."""

import json
from dataclasses import replace

import pytest
from tiny_task import bench

from genearena.benchmark.records.declared import declared_method
from genearena.benchmark.run.cluster.payload import pack_data
from genearena.benchmark.run.evaluation.job import Job
from genearena.data.cards.stored_card import Origin
from genearena.data.store import Store
from genearena.data.tasks import find_task
from genearena.methods.example import example_graphs


@pytest.fixture
def folder(tmp_path):
    """Two tissues whose data share genes."""
    store = Store(tmp_path / "data")
    for tissue, at in (("gut", 0), ("skin", 1)):
        graphs = [replace(g, tissue=tissue, simulated=False, truth=None) for g in example_graphs()]
        store.add(tissue, "mine", [replace(graphs[at], name=f"{tissue} 1"), graphs[2]], Origin())
    return store.folder


def test_tissues_are_run_as_one(folder, tmp_path):
    """Their graphs together; tables and data commands know the task by both names."""
    known = ("--data-dir", folder)
    words = ("--methods", "pca,random", "--seeds", 1, "--dim", 4, "--metrics", "edge_auc")
    bench("run", "--tissue", "skin,gut", "--joint", *words, *known, cwd=tmp_path)
    records = [json.loads(p.read_text()) for p in (tmp_path / "results/records").glob("*.json")]
    assert {record["status"] for record in records} == {"ok"}
    task = records[0]["task"]
    assert (task["tissue"], task["source"], task["n_graphs"]) == ("gut+skin", "mine", 4)
    out = bench("leaderboard", "--tissue", "gut+skin", cwd=tmp_path).stdout
    assert out.startswith("gut+skin (mine)\n4 graphs")
    again = bench("run", "--tissue", "gut+skin", *words, *known, cwd=tmp_path)
    assert "all 2 runs are stored" in again.stdout
    done = bench("embeddings", "neighbors", "COMMON03", "--methods", "pca", *known, cwd=tmp_path)
    assert "COMMON03 in gut+skin (mine) by pca" in done.stdout
    told = bench("data", "check", "--tissue", "gut+skin", *known, cwd=tmp_path, check=False)
    assert task["fingerprint"] in told.stdout


def test_what_travels_are_the_data_of_all(folder):
    """A cluster's worker is given the files of every tissue."""
    task = find_task("gut+skin", folder=folder)
    job = Job(task, declared_method("pca"), 0, "fast", ())
    assert {path.split("/")[0] for path in pack_data(job).files} == {"gut", "skin"}


def test_tissues_without_a_gene_in_common_are_refused(tmp_path):
    """As simulated ones are, which name genes apart."""
    words = ("--tissue", "lung,pbmc", "--joint", "--source", "simulated", "--methods", "pca")
    done = bench("run", *words, "--seeds", 1, "--dry-run", cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert "task 'lung+pbmc (simulated)': no gene of graph" in done.stderr
