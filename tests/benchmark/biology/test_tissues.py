"""Factors of tissues in their clusters: exact tests, planted ones, and calibration."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from tiny_task import bench
from vector_tasks import gene_graph, gene_sets, task_of

from genearena.benchmark.biology.regulators.tissues import stratified, tissue_factors
from genearena.data.cards.stored_card import Origin
from genearena.data.common.errors import DataError
from genearena.data.store import Store
from genearena.methods.example import example_graphs

GENES = [f"G{i:03d}" for i in range(160)]
LUNG, HEART = GENES[:40], GENES[120:]
SETS = gene_sets(
    {"L": LUNG, "H": HEART, "other": GENES[40:120]}, titles={"L": "Lung", "H": "heart"}
)


@pytest.fixture(scope="module")
def graphs():
    """Two donors of a tissue and one of another, which share half of their genes."""
    rng = np.random.default_rng(0)
    parts = (GENES[:120], GENES[:120], GENES[40:])
    tissues = ("lung", "lung", "heart")
    return [
        gene_graph(name, genes, rng, tissue=tissue)
        for name, genes, tissue in zip("abc", parts, tissues, strict=True)
    ]


def table_of(graphs, numbers, **options):
    vectors = [np.ones((graph.n_genes, 2)) for graph in graphs]
    task = task_of(graphs, ("mine", vectors, numbers))
    return tissue_factors(task, SETS, **options)


def test_of_one_stratum_p_is_fishers():
    """And of several it is what shuffling within them gives."""
    rng = np.random.default_rng(1)
    inside, members = rng.random(60) < 0.4, rng.random(60) < 0.3
    table = [
        [(inside & members).sum(), (inside & ~members).sum()],
        [(~inside & members).sum(), (~inside & ~members).sum()],
    ]
    want = stats.fisher_exact(table, alternative="greater").pvalue
    assert stratified(inside, members, np.zeros(60, int)) == pytest.approx(want, rel=1e-9)
    strata = np.arange(60) // 20
    inside[:20] |= rng.random(20) < 0.5
    found, drawn = (inside & members).sum(), []
    for _ in range(4000):
        moved = members.copy()
        for stratum in range(3):
            own = strata == stratum
            moved[own] = rng.permutation(moved[own])
        drawn.append((inside & moved).sum())
    want = np.mean(np.array(drawn) >= found)
    assert stratified(inside, members, strata) == pytest.approx(want, abs=0.03)


def test_clusters_of_a_tissue_are_those_with_most_of_its_genes(graphs):
    """By share, as the tissues have other numbers of genes; counts are those of a loop."""
    numbers = [0 if gene in GENES[60:100] else 1 for graph in graphs[:2] for gene in graph.genes]
    numbers += [0 if gene in GENES[100:] else 2 for gene in graphs[2].genes]
    lung, heart = table_of(graphs, numbers).runs[0].tissues
    # of heart's 120 rows 60 are in cluster 0, of lung's 240 80: more, and less of it
    assert (lung.tissue, lung.title, heart.tissue) == ("lung", "Lung", "heart")
    own = {gene for graph in graphs[:2] for gene in graph.genes if gene not in GENES[60:100]}
    assert (lung.members, lung.found) == (40, len(own & set(LUNG)))
    assert (lung.others, lung.others_found) == (120, len(own - set(LUNG)))
    assert (heart.members, heart.found) == (40, 40)
    only = table_of(graphs, numbers, factors=gene_sets({"tf": GENES[::2]})).runs[0].tissues
    assert [row.members for row in only] == [20, 20]


def test_genes_of_a_graph_alone_are_no_knowledge(graphs):
    """Clusters that are data sets have all genes of them: Fisher is sure, and is told why."""
    by_data = np.repeat([0, 0, 1], [graph.n_genes for graph in graphs])
    for row in table_of(graphs, by_data).runs[0].tissues:
        assert row.found == row.members
        assert row.p < 1e-5
        assert row.p_given_data == pytest.approx(1)


def test_planted_factors_are_found_and_swapped_names_are_not(graphs):
    """p at most a level no more often than that; clusters with a tissue's factors have low p."""
    rng = np.random.default_rng(2)
    n_times, low = 200, 0
    vectors = [np.ones((graph.n_genes, 2)) for graph in graphs]
    likely = np.linspace(0.6, 0.1, len(GENES))  # more of those that the tissue's data have
    for _ in range(n_times):
        drawn = [gene for gene, p in zip(GENES, likely, strict=True) if rng.random() < p]
        sets = gene_sets({"lung": drawn, "rest": GENES})
        numbers = np.concatenate([rng.integers(6, size=graph.n_genes) for graph in graphs])
        task = task_of(graphs, ("mine", vectors, numbers))
        (row,) = tissue_factors(task, sets).runs[0].tissues
        low += row.p_given_data <= 0.1
    assert stats.binom.ppf(0.001, n_times, 0.04) <= low <= stats.binom.ppf(0.999, n_times, 0.1)
    shared = set(GENES[40:60])
    sets = gene_sets({"lung": [*LUNG, *shared], "rest": GENES[60:]})
    numbers = [0 if g in (*LUNG, *shared) else 1 for graph in graphs for g in graph.genes]
    task = task_of(graphs, ("mine", vectors, numbers))
    (row,) = tissue_factors(task, sets).runs[0].tissues
    assert row.p_given_data < 1e-6


def test_what_cannot_be_asked_is_said(graphs):
    """One tissue, no set called as one, none left of a list."""
    vectors = [np.ones((graph.n_genes, 2)) for graph in graphs]
    task = task_of(graphs, ("mine", vectors, np.zeros(sum(map(len, vectors)), int)))
    with pytest.raises(DataError, match="has one tissue"):
        tissue_factors(task_of(graphs[:2], ("mine", vectors[:2], np.zeros(240, int))), SETS)
    with pytest.raises(DataError, match=r"no set of 'sets' is called as a tissue of lung \(mine\)"):
        tissue_factors(task, gene_sets({"a": GENES[:20], "b": GENES[20:]}))
    with pytest.raises(DataError, match="has some of its 2 factors"):
        tissue_factors(task, SETS, gene_sets({"tf": GENES[50:52]}))


def test_the_command_asks_and_draws(tmp_path):
    """One task of two tissues, and a file with a set for each."""
    data = ("--data-dir", tmp_path / "data")
    store, graphs = Store(tmp_path / "data"), example_graphs().graphs
    for tissue, at in (("lung", 0), ("heart", 1)):
        pair = (replace(graphs[at], name=f"{tissue} 1"), graphs[2])
        own = [replace(g, tissue=tissue, simulated=False, truth=None) for g in pair]
        store.add(tissue, "mine", own, Origin())
    task = ("--tissue", "lung,heart", "--joint", *data)
    bench("run", *task, "--methods", "pca,random", "--seeds", 1, "--dim", 8, cwd=tmp_path)
    genes = list(dict.fromkeys(gene for graph in graphs for gene in graph.genes))
    names = ("lung", "heart", "z")
    lines = ("\t".join([name, "", *genes[i::3]]) for i, name in enumerate(names))
    (tmp_path / "t.gmt").write_text("\n".join(lines))
    bench("genesets", "add", "of", "t.gmt", "--species", "human", *data, cwd=tmp_path)
    asked = ("regulators", "--tissue-sets", "of", *data)
    done = bench(*asked, "--show", "pca", "--tissue-figure", "bars.svg", cwd=tmp_path)
    assert "Factors of tissues" in done.stdout
    assert "p given the data" in bench(*asked, "--format", "md", cwd=tmp_path).stdout
    assert "of other tissues" in (tmp_path / "bars.svg").read_text()
    rows = bench(*asked, "--format", "csv", cwd=tmp_path).stdout.splitlines()
    assert len(rows) == 1 + 2 * 2
