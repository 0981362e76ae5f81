"""``bench function`` and the metric ``function:NAME``, from gene sets to tables and records."""

import csv
import hashlib
import io
import json

import pytest
from tiny_task import SOURCE, bench

from genearena.data.tasks import load_task

NAME = "programmes"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def gmt(data_dir, tmp_path_factory):
    """Write the programmes of the tiny task as gene sets, which is what vectors should tell."""
    graphs = load_task("lung", source=SOURCE, folder=data_dir)
    sets = {}
    for graph in graphs:
        for gene, programme in zip(graph.genes, graph.truth, strict=True):
            if programme >= 0:
                sets.setdefault(f"P{programme}", set()).add(gene)
    path = tmp_path_factory.mktemp("sets") / "programmes.gmt"
    path.write_text("".join(f"{k}\tknown\t{chr(9).join(sorted(v))}\n" for k, v in sets.items()))
    return path, graphs[0].species


def add(gmt, data_dir, name=NAME, species=None):
    """Keep the gene sets."""
    path, own = gmt
    bench(
        "genesets", "add", name, path, "--species", species or own, "--licence", "CC0", "--force",
        "--data-dir", data_dir, cwd=data_dir,
    )  # fmt: skip


@pytest.fixture(scope="module")
def results(gmt, data_dir, tmp_path_factory):
    """Run some methods on the tiny task, scored by the gene sets too."""
    add(gmt, data_dir)
    folder = tmp_path_factory.mktemp("function")
    run(folder, data_dir)
    return folder


def run(folder, data_dir, **more):
    """Run the same methods, once more perhaps."""
    return bench(
        "run", "--tissue", "lung", "--source", SOURCE, "--methods", "stacked,random,degree",
        "--seeds", 1, "--dim", 8, "--metrics", f"edge_auc,function:{NAME}", "--jobs", 1,
        "--data-dir", data_dir, "--out", folder, cwd=folder, **more,
    )  # fmt: skip


def records(folder):
    """Return the stored records by method."""
    found = [json.loads(path.read_text()) for path in (folder / "records").glob("*.json")]
    return {record["method"]["name"]: record for record in found}


def test_records_carry_the_value_and_the_checksum(results, gmt):
    """The method that knows programmes is above chance, in every donor; noise is at it."""
    sha256 = hashlib.sha256(gmt[0].read_bytes()).hexdigest()
    stored = {n: r["metrics"][f"function:{NAME}"] for n, r in records(results).items()}
    assert all(sha256 in result["version"] for result in stored.values())
    assert stored["stacked"]["value"] > stored["random"]["value"] + 0.1
    assert len(stored["stacked"]["parts"]) == 3


def test_tables_name_the_gene_sets(results, gmt):
    """By their checksum, where the metric stands."""
    sha256 = hashlib.sha256(gmt[0].read_bytes()).hexdigest()
    table = bench("leaderboard", "--out", results, "--format", "md", cwd=results).stdout
    assert f"Function {NAME}" in table
    assert sha256 in table


def test_other_gene_sets_are_scored_anew_without_training(results, gmt, data_dir):
    """What is stored of the file before is no value of this one."""
    before = records(results)["stacked"]
    path, species = gmt
    changed = path.with_name("changed.gmt")
    changed.write_text(path.read_text().replace("known", "known too"))
    add((changed, species), data_dir)
    run(results, data_dir)
    after = records(results)["stacked"]
    name = f"function:{NAME}"
    assert before["metrics"][name]["version"] != after["metrics"][name]["version"]
    assert before["embedding_sha256"] == after["embedding_sha256"]
    assert before["cost"]["fit_seconds"] == after["cost"]["fit_seconds"]
    add(gmt, data_dir)


def test_the_table_has_methods_and_all_baselines(results, gmt, data_dir):
    """With the checksum, in every way of asking; csv has a line for each method and set."""
    asked = (
        "function", "--genesets", NAME, "--out", results, "--data-dir", data_dir,
        "--min-size", 4, "--folds", 3, "--repeats", 1,
    )  # fmt: skip
    text = bench(*asked, "--format", "md", "--permutations", 3, cwd=results).stdout
    for part in ("stacked", "degree alone", "mean expression", "raw profiles"):
        assert text.count(part) >= 1, part
    assert text.count("sha256") >= 3
    assert "p of permuted names" in text
    assert "study bias is not known" in text  # of twelve sets, and nothing else is stored
    assert "Calling all genes what most are has accuracy" in text
    rows = list(csv.DictReader(io.StringIO(bench(*asked, "--format", "csv", cwd=results).stdout)))
    areas = {}
    for row in rows:
        if row["genes_of"] == "all methods":
            areas.setdefault((row["way"], row["method"]), []).append(float(row["auroc"]))
    for way in ("knn", "logistic", "voting"):
        mean = {method: sum(v) / len(v) for (w, method), v in areas.items() if w == way}
        assert mean["stacked"] > mean["random vectors"] + 0.1
    assert {row["sha256"] for row in rows} != {""}
    # stacked has no vector of a gene without edges, so that the others have more genes
    own = {row["method"] for row in rows if row["genes_of"] == "the method"}
    assert own == {"degree", "random"}
    for how in ("per-graph", "concatenated"):
        bench(*asked, "--ways", "knn", "--vectors", how, cwd=results)


def test_machines_are_asked_by_name_alone(results, data_dir):
    """As the GO benchmark has them; they know programmes too."""
    asked = (
        "function", "--genesets", NAME, "--ways", "svm", "--out", results, "--data-dir", data_dir,
        "--min-size", 4, "--repeats", 1, "--methods", "stacked,random",
    )  # fmt: skip
    text = bench(*asked, "--format", "md", cwd=results).stdout
    assert "costs 0.1 to 1000 by 3 folds" in text
    assert "20% of a set and of 10 times as many others" in text
    rows = list(csv.DictReader(io.StringIO(bench(*asked, "--format", "csv", cwd=results).stdout)))
    mean = {}
    for row in rows:
        mean.setdefault(row["method"], []).append(float(row["auroc"]))
    assert sum(mean["stacked"]) / len(mean["stacked"]) > 0.6


def test_genes_that_joined_later_are_told_from_those_that_did_not(results, gmt, data_dir):
    """Of sets that lack half of their genes at first; tables name both files."""
    path, species = gmt
    early = path.with_name("early.gmt")
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    early.write_text("".join("\t".join(row[: len(row) // 2 + 1]) + "\n" for row in rows))
    add((early, species), data_dir, "early")
    asked = (
        "function", "--genesets", "early", "--added", NAME, "--out", results, "--data-dir",
        data_dir, "--min-size", 2, "--folds", 3, "--repeats", 1,
    )  # fmt: skip
    text = bench(*asked, "--format", "md", cwd=results).stdout
    for file in gmt[0], early:
        assert text.count(hashlib.sha256(file.read_bytes()).hexdigest()) == 3
    assert f"genes added in {NAME}" in text
    rows = list(csv.DictReader(io.StringIO(bench(*asked, "--format", "csv", cwd=results).stdout)))
    assert {row["added_sets"] for row in rows} == {NAME}
    assert min(int(row["members_added"]) for row in rows) >= 5
    for way in ("knn", "logistic", "voting"):
        areas = [float(r["auroc"]) for r in rows if (r["way"], r["method"]) == (way, "stacked")]
        assert sum(areas) / len(areas) > 0.6


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--genesets", "other"], "no gene sets are called 'other'"),
        (["--genesets", NAME, "--ways", "svn"], "--ways svn is no way to ask; did you mean 'svm'"),
        (["--genesets", NAME, "--added", "other"], "no gene sets are called 'other'"),
        (["--genesets", NAME, "--added", NAME], "has got 5 or more of the genes"),
        (["--genesets", NAME, "--min-size", "90"], "no set of 'programmes' has 90 to 200"),
        (["--genesets", NAME, "--min-size", "9", "--max-size", "5"], "--max-size 5 is below"),
        (["--genesets", "lunar"], "--species"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_line(results, gmt, data_dir, options, message):
    """What, and what to do."""
    add(gmt, data_dir, "lunar", "moon mouse")
    done = bench(
        "function", *options, "--out", results, "--data-dir", data_dir, cwd=results, check=False
    )
    assert done.returncode in (1, 2)
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_unknown_metric_of_gene_sets_is_refused_before_anything_runs(data_dir, tmp_path):
    """With the names that there are."""
    done = bench(
        "run", "--tissue", "lung", "--source", SOURCE, "--methods", "pca", "--seeds", 1, "--dim", 8,
        "--metrics", "function:nothing", "--data-dir", data_dir, "--out", tmp_path / "r",
        cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "no gene sets are called 'nothing'" in done.stderr
