"""``bench run --methods vectors:FILE`` and ``bench match``, from a shell's point of view."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from genearena.benchmark.cli import bench
from genearena.benchmark.records.results import ResultStore
from genearena.data.tasks import find_task

TASK = ("--tissue", "lung", "--source", "tiny")
LEAST = (*TASK, "--seeds", "1", "--metrics", "asw", "--jobs", "1")


@pytest.fixture
def genes(data_dir: Path) -> list[str]:
    """Return the names of the tiny task's genes."""
    task = find_task("lung", source="tiny", folder=data_dir)
    return list(dict.fromkeys(gene for graph in task.graphs for gene in graph.genes))


@pytest.fixture
def run(data_dir, tmp_path, monkeypatch, genes):
    """Return a way to run ``bench`` in a folder with files of vectors.

    They lack the first two genes, and have two that the task lacks.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENEARENA_DATA", str(data_dir))
    monkeypatch.setenv("COLUMNS", "200")
    for number, name in enumerate(("gene2vec.csv", "other/made.csv", "made.csv")):
        names = [*genes[2:], "ELSE1", "ELSE2"]
        vectors = np.random.default_rng(number).normal(size=(len(names), 6))
        Path(name).parent.mkdir(exist_ok=True)
        pd.DataFrame(vectors, names).to_csv(name)
    return lambda *words: CliRunner().invoke(bench, words)


def planned(result: Result) -> list[str]:
    """Return the rows that a dry run announces."""
    assert result.exception is None, result.output
    return [line.split("  ")[2] for line in result.stdout.splitlines() if line.startswith("  ")]


def test_vectors_run_beside_methods(run, genes):
    """Each file is a row of its own name, whose coverage is told before and after."""
    files = "vectors:gene2vec.csv,vectors:other/made.csv,vectors:./made.csv"
    done = run("run", *LEAST, "--methods", f"random,{files}")
    assert done.exception is None, done.output
    n = len(genes)
    for label in ("gene2vec vectors", "made", "made (2)"):
        assert f"{label} on lung (tiny): {n - 2} of {n} genes have a vector" in done.stderr
        assert (
            f"{label} on lung (tiny): 2 have none: not in the file 2 ('{genes[0]}'" in done.stderr
        )
        assert f"{label} on lung (tiny): 2 of the file's {n} are not used: not in" in done.stderr
    records = {record.label: record for record in ResultStore(Path("results")).records()}
    assert records.keys() == {"", "gene2vec vectors", "made", "made (2)"}
    made = records["made"]
    assert (made.status, made.method.name, made.method.control) == ("ok", "vectors", False)
    assert 0.9 < made.gene_coverage < 1
    assert made.method.trained_on == "the data behind its files (file)"
    table = run("leaderboard", "--view", "paper").output
    assert "Trained on more than the task: " in table
    assert "gene2vec vectors (the data behind its files (file))" in table
    assert "Nothing to do" in run("run", *LEAST, "--methods", files).output


def test_an_experiment_has_vectors_too(run):
    """As a variant with a table, and among the methods; claims know their labels."""
    Path("e.toml").write_text(
        'tissues = ["lung"]\nsources = ["tiny"]\nseeds = 1\nmethods = ["vectors:made.csv", "pca"]\n'
        'claims = ["made > pca"]\n[variants.published]\nmethod = "vectors"\nfile = "gene2vec.csv"\n'
    )
    assert planned(run("run", "e.toml", "--dry-run")) == ["published", "made", "pca"]
    Path("bad.toml").write_text('methods = ["vectors:none.csv"]\ntissues = ["lung"]\n')
    refused = run("run", "bad.toml", "--dry-run")
    assert "bad.toml: vectors: file is 'none.csv', want a file that can be read" in refused.output


def test_a_table_is_a_setting(run, genes):
    """It names ids of the file; without it there is nothing to run, and the line says so."""
    ids = [f"ENSG{i:011d}" for i in range(len(genes))]
    pd.DataFrame({"symbol": genes, "ensembl_gene_id": ids}).to_csv("names.csv", index=False)
    pd.DataFrame(np.random.default_rng(0).normal(size=(len(ids), 4)), ids).to_csv("ids.csv")
    refused = run("run", *LEAST, "--methods", "pca,vectors:ids.csv", "--dry-run")
    assert "'ids.csv': none of its" in str(refused.exception)
    table = ("--set", "vectors.table=names.csv")
    done = run("run", *LEAST, "--methods", "vectors:ids.csv", *table, "--dry-run")
    assert f"{len(genes)} of {len(genes)} genes have a vector (100.0%): by the table" in done.stderr


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("vectors:none.csv", "want a file that can be read (No such file or directory)"),
        ("vectors:", "want a file that can be read"),
        ("vectors", "method 'vectors' has no file; give vectors:FILE"),
        ("vectors:made.bin", "'made.bin' is of no known kind"),
        ("vectors:made.csv,vectors:copy.csv", "'made' and 'copy' are vectors with the same set"),
    ],
)
def test_what_cannot_run_is_told_before_anything_does(run, method, said):
    """In one line, and nothing is stored."""
    for copy in ("copy.csv", "made.bin"):
        Path(copy).write_bytes(Path("made.csv").read_bytes())
    refused = run("run", *LEAST, "--methods", f"pca,{method}")
    assert said in str(refused.exception)
    assert "\n" not in str(refused.exception)
    assert not Path("results").exists()


def test_match_lists_every_gene(run, genes):
    """Of the task and of the file, with the reason."""
    done = run("match", "made.csv", *TASK, "--output", "genes.csv")
    assert done.exception is None, done.output
    assert done.stdout.startswith(f"{len(genes) - 2} of {len(genes)} genes have a vector")
    rows = list(csv.DictReader(Path("genes.csv").read_text().splitlines()))
    assert [row["gene"] for row in rows] == [*genes, "ELSE1", "ELSE2"]
    assert [row["vector"] for row in rows] == [
        *["False"] * 2,
        *["True"] * (len(genes) - 2),
        *["False"] * 2,
    ]
    assert {row["why"] for row in rows if row["vector"] == "False"} == {
        "not in the file", "not in the task",
    }  # fmt: skip
    refused = run("match", "none.csv", *TASK)
    assert "cannot read 'none.csv' (No such file or directory)" in str(refused.exception)
