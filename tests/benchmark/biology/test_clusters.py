"""Gene sets of clusters: exact tests, calibration, planted sets, and as the command shows them."""

import csv
import io

import numpy as np
import pytest
from scipy import stats
from tiny_task import SOURCE, bench

from genearena.benchmark.biology.clusters import LEVEL, adjusted, clusters, enrichment
from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.data.common.errors import DataError
from genearena.data.genesets.gene_sets import GeneSet, GeneSets
from genearena.methods.example import example_graphs

ABOUT = {"name": "go", "file": "f", "sha256": "0" * 64, "added": "2026-01-01"}


def sets(members, species="human"):
    """Return gene sets of these members by name."""
    each = tuple(GeneSet(key=key, genes=tuple(genes)) for key, genes in members.items())
    return GeneSets(species=species, sets=each, **ABOUT)


def run(graphs, numbers, seed=0):
    """Return a run with these clusters; its vectors do not matter."""
    vectors = tuple(np.ones((graph.n_genes, 2)) for graph in graphs)
    return RunVectors("mine", False, seed, vectors, np.asarray(numbers))


def test_p_values_are_fishers():
    """To 1e-9, by scipy's test of every table and by the hypergeometric tail."""
    rng = np.random.default_rng(0)
    has, members = rng.random((5, 60)) < 0.3, rng.random((60, 9)) < 0.2
    has[4], members[:, 8] = False, False  # nobody, nothing
    found, p = enrichment(has, members)
    for c in range(5):
        for t in range(9):
            inside, of_set = has[c], members[:, t]
            table = [
                [(inside & of_set).sum(), (inside & ~of_set).sum()],
                [(~inside & of_set).sum(), (~inside & ~of_set).sum()],
            ]
            assert found[c, t] == table[0][0]
            want = stats.fisher_exact(table, alternative="greater").pvalue
            assert p[c, t] == pytest.approx(want, rel=1e-9)
    assert p.min() < 0.1


def test_adjustment_is_that_of_all_tests_together():
    """As statsmodels adjusts the flat list."""
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    p = np.random.default_rng(1).random((4, 7)) ** 3
    want = multitest.multipletests(p.ravel(), method="fdr_bh")[1].reshape(p.shape)
    np.testing.assert_allclose(adjusted(p), want, rtol=1e-12)


def test_a_planted_set_comes_out_first():
    """The cluster that is the set has it, all of it, and no other cluster has any."""
    graphs = example_graphs()
    rows = [gene for graph in graphs for gene in graph.genes]
    planted = [f"COMMON{i:02d}" for i in range(10)]
    rng = np.random.default_rng(2)
    names = graphs.all_genes
    others = {f"noise{i}": rng.choice(names, 12, replace=False) for i in range(30)}
    known = sets({"planted": planted, **others})
    numbers = [0 if gene in planted else 1 + int(rng.integers(4)) for gene in rows]
    (found,) = clusters(TaskRuns(graphs, (run(graphs, numbers),)), known)
    (only,) = (cluster for cluster in found.runs[0].clusters if cluster.enriched)
    best = only.enriched[0]
    assert (only.number, best.key, best.found, best.members) == (0, "planted", 10, 10)
    assert best.rich_factor == 1
    assert set(only.genes) == set(planted)
    assert sum(only.rows.values()) == numbers.count(0) == 30
    assert only.modalities == {"scrna": 20, "scatac": 10}
    assert found.share == pytest.approx(1 / 5)
    assert found.runs[0].by_chance.max() < found.share


def test_shuffled_names_find_little():
    """Under permuted names the chance of any set at all is at most the level, as BH promises."""
    rng = np.random.default_rng(3)
    n_times, genes = 400, 200
    members = rng.random((genes, 40)) < rng.uniform(0.05, 0.3, 40)
    has = np.eye(8, dtype=bool)[rng.integers(8, size=genes)].T
    rejected = sum(
        (adjusted(enrichment(has, members[rng.permutation(genes)])[1]) < LEVEL).any()
        for _ in range(n_times)
    )
    assert rejected <= stats.binom.ppf(0.999, n_times, LEVEL)


def test_sets_of_other_genes_or_sizes_are_refused():
    """Of another species, or none large enough."""
    graphs = example_graphs()
    task = TaskRuns(graphs, (run(graphs, np.zeros(sum(g.n_genes for g in graphs), int)),))
    with pytest.raises(DataError, match="'go' has mouse genes"):
        clusters(task, sets({"a": graphs.all_genes[:20]}, species="mouse"))
    few = sets({"a": graphs.all_genes[:3], "b": graphs.all_genes[3:5]})
    with pytest.raises(DataError, match="no set of 'go' has 10 to 500 of the genes"):
        clusters(task, few)


def test_the_command_lists_and_draws(data_dir, tmp_path):
    """All methods in the first table, the clusters of one in the second; csv has every set."""
    pytest.importorskip("anndata")
    import anndata

    task = ("--tissue", "lung", "--source", SOURCE, "--data-dir", data_dir)
    bench("run", *task, "--methods", "pca,random", "--seeds", 1, cwd=tmp_path)
    table = anndata.read_h5ad(next((tmp_path / "results" / "embeddings").glob("lung.pca*"))).obs
    lines = [
        f"programme{n}\t\t" + "\t".join(dict.fromkeys(genes))
        for n, genes in table.groupby("truth")["gene"]
        if n >= 0
    ]
    (tmp_path / "known.gmt").write_text("\n".join(lines))
    folder = ("--data-dir", data_dir)
    added = ("genesets", "add", "programmes", "known.gmt", "--species", "human")
    bench(*added, *folder, "--force", cwd=tmp_path)
    asked = ("clusters", "--genesets", "programmes", "--min-size", 3, *folder)
    done = bench(*asked, "--show", "pca", "--figure", "bubbles.svg", cwd=tmp_path)
    assert "Clusters of lung" in done.stdout
    assert "Clusters of pca, seed 0" in done.stdout
    assert "programme" in (tmp_path / "bubbles.svg").read_text()
    rows = list(csv.DictReader(io.StringIO(bench(*asked, "--format", "csv", cwd=tmp_path).stdout)))
    assert {row["method"] for row in rows} == {"pca", "random"}
    best = [row for row in rows if row["set"]]
    assert best
    assert all(float(row["q"]) < LEVEL for row in best)
    assert all(int(row["found"]) <= int(row["members"]) for row in best)
