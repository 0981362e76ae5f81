"""Gene sets of clusters: exact tests, calibration, planted sets, and as the command shows them."""

import csv
import io
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tiny_task import SOURCE, bench

from genearena.benchmark.biology.clusters import LEVEL, adjusted, clusters, enrichment
from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.benchmark.show.plots.biology.alluvial import GAPS, alluvial_figure
from genearena.benchmark.show.plots.biology.cluster_umap import cluster_umap
from genearena.benchmark.show.plots.style import figure_style
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


def drawn():
    """Return a task whose clusters are three groups of genes, and what they have in common."""
    graphs = example_graphs()
    rows = [gene for graph in graphs for gene in graph.genes]
    numbers = [0 if gene < "COMMON08" else 1 + (gene > "DONOR_A") for gene in rows]
    rng = np.random.default_rng(0)
    vectors = tuple(rng.normal(size=(graph.n_genes, 4)) for graph in graphs)
    own = RunVectors("mine", False, 0, vectors, np.asarray(numbers))
    task = TaskRuns(graphs, (own,))
    known = sets({"first": graphs.all_genes[:8], "rest": graphs.all_genes[8:]})
    (found,) = clusters(task, known, fewest=5)
    return task, found, numbers


def test_ribbons_are_as_wide_as_there_are_rows():
    """Between data sets, or modalities, and clusters; the smaller clusters are one."""
    task, found, numbers = drawn()
    for most, by, n_kinds in ((3, "dataset", 3), (1, None, 2)):
        with figure_style():
            (axes,) = alluvial_figure(found, found.runs[0], most, by).axes
        (ribbons,) = (c for c in axes.collections if c.get_alpha() is not None)
        widths = [path.vertices[-2, 1] - path.vertices[0, 1] for path in ribbons.get_paths()]
        assert sum(widths) == pytest.approx(1 - GAPS)
        texts = [text.get_text() for text in axes.texts]
        wanted = {g.name if by else g.modality for g in task.graphs}
        assert set(texts[:n_kinds]) == wanted
        assert ("2 smaller clusters" if most == 1 else "0  first") in texts[n_kinds:]
        share = max(widths) / sum(widths)
        kinds = [g.name if by else g.modality for g in task.graphs for _ in g.genes]
        places = numbers if most == 3 else [number == 2 for number in numbers]
        pairs = Counter(zip(kinds, places, strict=True))
        assert share == pytest.approx(max(pairs.values()) / len(numbers))


def test_the_plane_names_genes_and_clusters():
    """Every copy of a gene in the first panel, every cluster in the second, its set below."""
    task, found, _ = drawn()
    said = []
    about = (found, found.runs[0], task.graphs, task.runs[0])
    with figure_style():
        figure = cluster_umap(*about, ("COMMON01", "DONOR_A03"), said.append)
    left, right = figure.axes
    assert Counter(text.get_text() for text in left.texts) == {"COMMON01": 3, "DONOR_A03": 1}
    assert {text.get_text() for text in right.texts} == {"0", "1", "2"}
    (legend,) = figure.legends
    assert "0  first" in [text.get_text() for text in legend.get_texts()]
    assert said == ["laying out 98 vectors of mine, seed 0, in the plane"]
    hidden = replace(task.runs[0], directions=tuple(0 * z for z in task.runs[0].directions))
    with pytest.raises(DataError, match="no vector of it"):
        cluster_umap(*about[:3], hidden, ("COMMON01",))


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
    gene = table["gene"].iloc[0]
    drawing = (*asked, "--show", "pca", "--figure", "drawn.svg", "--kind")
    plane = bench(*drawing, "umap", "--mark", gene, cwd=tmp_path)
    assert "vectors of pca, seed 0, in the plane" in plane.stderr
    assert "clusters without a set" in (tmp_path / "drawn.svg").read_text()
    bench(*drawing, "alluvial", "--across", "modality", cwd=tmp_path)
    assert "scatac" in (tmp_path / "drawn.svg").read_text()
    refused = {
        ("umap", "--mark", "NOBODY"): "has no gene 'NOBODY'",
        ("bubbles", "--mark", gene): "--mark is of --figure FILE --kind umap",
        ("umap", "--across", "species"): "--across is of --figure FILE --kind alluvial",
    }
    for options, message in refused.items():
        failed = bench(*drawing, *options, cwd=tmp_path, check=False)
        assert failed.returncode == 2
        assert message in failed.stderr
    rows = list(csv.DictReader(io.StringIO(bench(*asked, "--format", "csv", cwd=tmp_path).stdout)))
    assert {row["method"] for row in rows} == {"pca", "random"}
    best = [row for row in rows if row["set"]]
    assert best
    assert all(float(row["q"]) < LEVEL for row in best)
    assert all(int(row["found"]) <= int(row["members"]) for row in best)
