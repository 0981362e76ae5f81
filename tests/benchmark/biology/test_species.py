"""Orthologs of two species: against a loop, at their extremes, by chance, and by the command."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from frames import frame_of, same
from scipy.stats import binom, spearmanr
from simulated import simulated_counts
from tiny_task import bench
from vector_tasks import gene_graph, task_of

import genearena as ga
from genearena.benchmark.biology.baselines import DEGREE, EXPRESSION, levels
from genearena.benchmark.biology.orthology.orthologs import compared
from genearena.benchmark.biology.orthology.species import (
    BOTH,
    CHANCE,
    ORTHOLOGS,
    TOP,
    found_pairs,
    species_table,
)
from genearena.benchmark.biology.resampling import mean_of
from genearena.data.common.errors import DataError, UsageError

N = 90
HUMAN = [f"GENE{i:02d}" for i in range(N)]
MOUSE = [f"mouse:Gene{i:02d}" for i in range(N)]


@pytest.fixture(scope="module")
def graphs():
    """Two graphs of either species that have most orthologs, in other orders."""
    rng = np.random.default_rng(0)

    def graph(name, genes, species):
        return gene_graph(name, rng.permutation(genes), rng, species)

    return [
        graph("h1", HUMAN[:80], "human"),
        graph("m1", MOUSE[5:85], "mouse"),
        graph("h2", HUMAN[10:], "human"),
        graph("m2", MOUSE, "mouse"),
    ]


def number(gene):
    """Return the number by which a gene and its ortholog are told here."""
    return int(gene[-2:])


def by_number(graphs, made):
    """Return vectors of every graph that a function makes of the numbers of its genes."""
    return [made(np.array([number(gene) for gene in graph.genes])) for graph in graphs]


def row_of(graphs, vectors, clusters=None, **options):
    table = species_table(task_of(graphs, ("mine", vectors, clusters)), **options)
    return table.rows[0], table


def test_numbers_are_those_of_a_loop(graphs):
    """Ranks among the genes with an ortholog there, and clusters, both ways, of each pair once."""
    rng = np.random.default_rng(1)
    vectors = [rng.normal(size=(graph.n_genes, 4)) for graph in graphs]
    clusters = rng.integers(3, size=sum(graph.n_genes for graph in graphs))
    row, table = row_of(graphs, vectors, clusters)
    of = np.split(clusters, np.cumsum([graph.n_genes for graph in graphs])[:-1])
    unit = [z / np.linalg.norm(z, axis=1, keepdims=True) for z in vectors]
    found = {}
    for i, j in ((0, 1), (0, 3), (2, 1), (2, 3), (1, 0), (3, 0), (1, 2), (3, 2)):
        own, other = ([number(gene) for gene in graphs[p].genes] for p in (i, j))
        both = set(own) & set(other)
        for n in both:
            cosines = {q: unit[i][own.index(n)] @ unit[j][other.index(q)] for q in both}
            rank = 1 + sum(value > cosines[n] for value in cosines.values())
            here, there = of[i][own.index(n)], {q: of[j][other.index(q)] for q in both}
            values = (
                1 / rank, rank <= TOP, (len(both) - rank) / (len(both) - 1),
                here == there[n], np.mean([here == c for c in there.values()]),
            )  # fmt: skip
            found.setdefault(n, []).append(values)
    means = np.mean([np.mean(each, axis=0) for each in found.values()], axis=0)
    for name, want in zip(("reciprocal", "top", "area", "same", "same_random"), means, strict=True):
        assert row.mean(name).value == pytest.approx(want), name
    assert table.asked.species == ("human", "mouse")
    assert (table.asked.n_pairs, table.asked.n_graphs, table.asked.n_shown) == (N, (2, 2), 0)


def test_genes_alike_are_so_in_degree_and_expression(graphs):
    """Much more than others, and never the ortholog itself."""
    asked = compared(task_of(graphs).graphs, None, (), levels(task_of(graphs).graphs))
    for each in asked.each:
        graph = graphs[each.second]
        degrees = np.asarray(graph.adjacency.sum(axis=0))[each.other]
        mean = [w @ degrees[q] if q.size else np.nan for q, w in each.like]
        known = ~np.isnan(mean)
        assert spearmanr(degrees[known], np.array(mean)[known]).statistic > 0.7
        assert all(p not in q for p, (q, _) in enumerate(each.like))


def test_who_puts_orthologs_together_has_one(graphs):
    """Who puts them opposite to each other has 0, and one point for all genes is chance exactly."""
    eye = np.eye(N)
    same = np.concatenate(by_number(graphs, lambda n: n))
    best, table = row_of(graphs, by_number(graphs, lambda n: eye[n]), same)
    for name in ("reciprocal", "top", "area", "area_like", "same"):
        assert best.mean(name).value == 1, name
    assert best.mean("same_like").value == 0
    assert table.better == {"cosine": ("mine",), "clusters": ("mine",)}
    turned = [z * (-1) ** i for i, z in enumerate(by_number(graphs, lambda n: eye[n]))]
    worst, _ = row_of(graphs, turned, np.arange(len(same)))
    assert worst.mean("area").value == worst.mean("area_like").value == 0
    assert worst.mean("same").value == 0
    one, table = row_of(graphs, [np.ones((graph.n_genes, 2)) for graph in graphs])
    chance = next(row for row in table.rows if row.label == CHANCE)
    for name in ("reciprocal", "top", "area", "area_like"):
        assert one.mean(name) == chance.mean(name)
    assert one.mean("area").value == 0.5
    assert table.better == {"cosine": (), "clusters": ()}


def test_chance_is_the_mean_over_permuted_names(graphs):
    """By its closed form: a mean of the harmonic numbers, and of shares."""
    pair = graphs[:2]
    rng = np.random.default_rng(2)
    drawn = []
    for _ in range(40):
        vectors = [rng.normal(size=(graph.n_genes, 3)) for graph in pair]
        row, table = row_of(pair, vectors)
        drawn.append([row.mean(name).value for name in ("reciprocal", "top", "area")])
    chance = next(row for row in table.rows if row.label == CHANCE)
    m = table.asked.n_pairs
    assert chance.mean("reciprocal").value == pytest.approx((1 / np.arange(1, m + 1)).mean())
    assert chance.mean("top").value == pytest.approx(TOP / m)
    want = [chance.mean(name).value for name in ("reciprocal", "top", "area")]
    np.testing.assert_allclose(np.mean(drawn, axis=0), want, rtol=0.15)


def test_intervals_of_permuted_names_leave_chance_out_seldom():
    """Whatever structure vectors and clusters have: areas, and the lead on genes alike."""
    rng = np.random.default_rng(3)
    pair = [gene_graph("h", HUMAN, rng), gene_graph("m", MOUSE, rng, "mouse")]
    near = rng.normal(size=(N, 3)) + np.array([1.5, 0, 0])
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    of = rng.choice(5, N, p=[0.4, 0.3, 0.1, 0.1, 0.1])
    graphs = task_of(pair).graphs
    asked = compared(graphs, None, (), levels(graphs))
    n_times, wrong = 200, np.zeros(3)
    for _ in range(n_times):
        order = [rng.permutation(N), rng.permutation(N)]

        def cosines(each, order=order):
            first, second = (near[order[p]] for p in (each.first, each.second))
            return first[each.own] @ second[each.other].T

        found = found_pairs(asked, cosines, [of[each] for each in order])
        means = ((found.area, 0.5), (found.area_like, 0.5), (found.same - found.same_like, 0))
        for place, (values, chance) in enumerate(means):
            mean = mean_of(values[~np.isnan(values)])
            wrong[place] += not mean.low <= chance <= mean.high
    assert wrong.max() <= binom.ppf(0.999, n_times, 0.06)


def test_what_joins_by_names_is_told_apart_from_what_does_not(graphs):
    """No direction in common: chance, and named; a gene without a vector is a guess too."""
    blocks = [
        np.pad(
            np.eye(graph.n_genes, 100), ((0, 0), (0, 100) if graph.species == "human" else (100, 0))
        )
        for graph in graphs
    ]
    row, _ = row_of(graphs, blocks)
    assert row.apart
    assert row.mean("area").low == row.mean("area").high == 0.5
    eye = by_number(graphs, lambda n: np.eye(N)[n])
    assert not row_of(graphs, eye)[0].apart
    half = [np.where(np.arange(len(z))[:, None] % 2, z, 0) for z in eye]
    assert 0.5 < row_of(graphs, half)[0].mean("area").value < 0.9


def test_conserved_neighbourhoods_are_found_by_who_knows_the_orthologs():
    """The same graph twice: the baseline that is told finds all, degree most."""
    rng = np.random.default_rng(4)
    human = gene_graph("h", HUMAN, rng, density=0.2)
    mouse = replace(human, name="m", species="mouse", genes=tuple(MOUSE))
    noise = [rng.normal(size=(N, 3)) for _ in range(2)]
    _, table = row_of([human, mouse], noise)
    rows = {row.label: row for row in table.rows}
    assert rows[ORTHOLOGS].mean("area").value > 0.99
    assert rows[DEGREE].mean("area").value > 0.9
    assert rows[EXPRESSION].mean("area").value > 0.9
    assert rows[BOTH].mean("area").value > rows[DEGREE].mean("area").value
    assert table.above(rows[BOTH]) is None
    assert table.above(rows[DEGREE]).value < 0


def test_what_cannot_be_asked_is_said(graphs, tmp_path):
    """Names that were shown, one species, three, a table of others, too few pairs."""
    rng = np.random.default_rng(5)
    shown = [gene_graph("h", HUMAN, rng), gene_graph("m", HUMAN, rng, "mouse")]
    noise = [rng.normal(size=(N, 3)) for _ in range(3)]
    with pytest.raises(DataError, match=r"all 90 pairs of orthologs of lung .*--names-apart"):
        row_of(shown, noise[:2])
    with pytest.raises(UsageError, match=r"has 1 species \(human\), want two"):
        row_of(shown[:1], noise[:1])
    three = [*shown, gene_graph("l", [f"L{i}" for i in range(N)], rng, "lemur")]
    with pytest.raises(UsageError, match=r"has 3 species .*--between"):
        row_of(three, noise)
    with pytest.raises(UsageError, match="names no two species of lung"):
        row_of(three, noise, between=("human", "rat"))
    with pytest.raises(DataError, match=r"no gene of .* alike in human and lemur; give a table"):
        row_of(three, noise, between=("human", "lemur"))
    (tmp_path / "o.tsv").write_text("A\tB\nC\tD\n")
    with pytest.raises(DataError, match="has no pair of genes such as"):
        row_of(graphs, [np.ones((g.n_genes, 2)) for g in graphs], table=tmp_path / "o.tsv")
    few = [gene_graph("h", HUMAN, rng), gene_graph("m", [*MOUSE[:9], *"abcdefghijk"], rng, "mouse")]
    with pytest.raises(DataError, match="have 10 pairs of the 9 orthologs"):
        row_of(few, [np.ones((g.n_genes, 2)) for g in few])


def test_a_user_adds_species_apart_and_asks(tmp_path):
    """A file of two species with common symbols: one command hides them, the next asks."""
    import anndata
    import pandas as pd
    from scipy import sparse

    donors = simulated_counts("lung", donors=2, modalities=("scrna",), seed=3, genes=80, cells=90)
    species = np.repeat(["human", "mouse"], [donor.n_cells for donor in donors])
    obs = pd.DataFrame({"species": species}, index=[f"c{i}" for i in range(len(species))])
    counts = sparse.csr_matrix(sparse.vstack([donor.counts for donor in donors]))
    var = pd.DataFrame(index=list(donors[0].genes))
    anndata.AnnData(counts, obs=obs, var=var).write_h5ad(tmp_path / "two.h5ad")
    data = ("--data-dir", tmp_path / "data")
    keys = ("--species-key", "species", "--donor-key", "species", "--min-genes", 1)
    add = ("data", "add", "two.h5ad", "--tissue", "lung", *keys, *data)
    bench(*add, "--name", "apart", "--names-apart", cwd=tmp_path)
    run = ("run", "--tissue", "lung", "--seeds", 1, "--dim", 8, *data)
    done = bench(*run, "--methods", "pca,stacked,expression_mean", cwd=tmp_path)
    assert "0 genes are in every data set" in done.stderr
    asked = ("species", *data)
    done = bench(*asked, "--figure", "orthologs.svg", cwd=tmp_path)
    assert "Orthologs of human and mouse in lung" in done.stdout
    assert "Not defined for stacked" in done.stdout
    assert "share of pairs in one cluster" in (tmp_path / "orthologs.svg").read_text()
    given = bench(*asked, "--format", "csv", cwd=tmp_path).stdout
    results = ga.Results(tmp_path / "results", data_dir=tmp_path / "data")
    keys = ["X_expression_mean", "X_pca", "X_stacked"]
    same(ga.tl.species(results.embedding(), results.graphs(), use_rep=keys), frame_of(given))
    rows = list(csv.DictReader(io.StringIO(given)))
    assert {"mrr", "auroc_like", "same_cluster"} <= {row["quantity"] for row in rows}
    bench(*add, "--name", "shared", cwd=tmp_path)
    bench(*run, "--source", "shared", "--methods", "pca", "--out", "shown", cwd=tmp_path)
    told = bench(*asked, "--out", "shown", cwd=tmp_path, check=False)
    assert told.returncode == 1
    assert "--names-apart" in told.stderr
