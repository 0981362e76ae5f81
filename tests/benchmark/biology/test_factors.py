"""Factors that data sets share in clusters: against a loop, at its extremes, and by chance."""

from itertools import combinations

import numpy as np
import pytest
from scipy.stats import binom
from vector_tasks import gene_graph, gene_sets, task_of

from genearena.benchmark.biology.regulators.factors import shared_factors
from genearena.data.common.errors import DataError

GENES = [f"G{i:03d}" for i in range(120)]
FACTORS = GENES[::3]


@pytest.fixture
def graphs():
    """Three graphs that share some genes."""
    rng = np.random.default_rng(0)
    parts = (GENES[:90], GENES[20:110], GENES[40:])
    return [gene_graph(name, genes, rng) for name, genes in zip("abc", parts, strict=True)]


def vectors(graphs):
    """Return vectors that do not matter."""
    return [np.ones((graph.n_genes, 2)) for graph in graphs]


def table_of(graphs, numbers, sets, **options):
    return shared_factors(task_of(graphs, ("mine", vectors(graphs), numbers)), sets, **options)


def test_counts_are_those_of_a_loop(graphs):
    """Which data sets a cluster has a factor from, the share that is shared, and other genes'."""
    rng = np.random.default_rng(1)
    rows = [(graph.name, gene) for graph in graphs for gene in graph.genes]
    numbers = rng.choice([2, 5, 7], len(rows))
    table = table_of(graphs, numbers, gene_sets({"tf": FACTORS}))
    (run,) = table.rows[0].runs
    held = {}
    for (name, gene), number in zip(rows, numbers, strict=True):
        held.setdefault((int(number), gene), []).append(name)
    together = {}
    for (number, gene), names in held.items():
        if gene in FACTORS:
            row = run.numbers.tolist().index(number)
            got = run.held[row, :, table.factors.index(gene)]
            assert [n for n, has in zip(table.datasets, got, strict=True) if has] == names
            key = tuple(graph.name in names for graph in graphs)
            together[key] = together.get(key, 0) + 1
    assert run.together == together

    def share(genes):
        found = []
        for gene in genes:
            own = [names for (_, other), names in held.items() if other == gene]
            if sum(gene in graph.genes for graph in graphs) > 1:
                found.append(np.mean([len(names) > 1 for names in own]))
        return np.mean(found), len(found)

    want, n_asked = share(FACTORS)
    assert table.n_asked == n_asked
    assert table.rows[0].share.value == pytest.approx(want)
    assert table.rows[0].others == pytest.approx(share(set(GENES) - set(FACTORS))[0])


def test_factors_through_their_targets(graphs):
    """A cluster has a factor from a data set if a target of it is among its genes there."""
    rng = np.random.default_rng(2)
    members = {f"TF{i}": rng.choice(GENES, 4, replace=False).tolist() for i in range(20)}
    numbers = rng.integers(4, size=sum(graph.n_genes for graph in graphs))
    table = table_of(graphs, numbers, gene_sets(members), through="targets")
    ends = np.cumsum([graph.n_genes for graph in graphs])[:-1]
    (run,) = table.rows[0].runs
    for place, (graph, of) in enumerate(zip(graphs, np.split(numbers, ends), strict=True)):
        for factor, genes in members.items():
            for number in range(4):
                want = any(of[graph.genes.index(g)] == number for g in genes if g in graph.genes)
                assert run.held[number, place, table.factors.index(factor)] == want
    assert np.isnan(table.rows[0].others)


def test_one_vector_a_name_shares_all_and_clusters_of_a_graph_nothing(graphs):
    """Every factor is in one cluster only, or in as many as data sets; chance lies between."""
    number = {gene: i % 5 for i, gene in enumerate(GENES)}
    by_name = [number[gene] for graph in graphs for gene in graph.genes]
    by_graph = np.repeat([0, 1, 2], [graph.n_genes for graph in graphs])
    sets = gene_sets({"tf": FACTORS})
    best, worst = (table_of(graphs, of, sets).rows[0] for of in (by_name, by_graph))
    assert best.share.value == best.others == 1
    assert best.excess.low > 0.3
    assert worst.share.value == worst.excess.value == 0
    (run,) = worst.runs
    assert all(sum(held) == 1 for held in run.together)


def test_swapped_clusters_are_what_random_ones_share(graphs):
    """Two graphs of a gene meet as often as clusters are large."""
    rng = np.random.default_rng(3)
    sizes = [graph.n_genes for graph in graphs]
    numbers = np.concatenate([rng.choice(3, n, p=[0.6, 0.3, 0.1]) for n in sizes])
    sets = gene_sets({"tf": FACTORS})
    found = [table_of(graphs, numbers, sets, seed=seed).rows[0] for seed in range(5)]
    chance = np.mean([np.nanmean(row.runs[0].by_chance) for row in found])
    ends = np.cumsum(sizes)[:-1]
    parts = [np.bincount(of, minlength=3) / len(of) for of in np.split(numbers, ends)]
    want = []
    for gene in FACTORS:
        having = [part for graph, part in zip(graphs, parts, strict=True) if gene in graph.genes]
        if len(having) == 2:
            meet = having[0] @ having[1]
            want.append(meet)  # else each has a cluster of its own
        elif len(having) == 3:
            pair = [a @ b for a, b in combinations(having, 2)]
            three = (having[0] * having[1] * having[2]).sum()
            want.append(three + sum(p - three for p in pair) / 2)
    assert chance == pytest.approx(np.mean(want), abs=0.02)


def test_intervals_of_lists_at_random_hold_the_other_genes_share():
    """As often as 95 % promise: a list of nothing is shared as all genes are."""
    rng = np.random.default_rng(4)
    graphs = [gene_graph(name, GENES, rng) for name in "abc"]
    n_times, wrong = 120, 0
    likes = rng.integers(4, size=len(GENES))
    numbers = np.concatenate(
        [np.where(rng.random(len(GENES)) < 0.5, likes, rng.integers(4, size=len(GENES)))] * 3
    )
    numbers = np.where(rng.random(len(numbers)) < 0.3, rng.integers(4, size=len(numbers)), numbers)
    task = task_of(graphs, ("mine", vectors(graphs), numbers))
    everyone = shared_factors(task, gene_sets({"all": GENES[:119]})).rows[0]
    all_shares = everyone.share.value
    for _ in range(n_times):
        drawn = rng.choice(GENES, 40, replace=False).tolist()
        share = shared_factors(task, gene_sets({"tf": drawn})).rows[0].share
        wrong += not share.low <= all_shares <= share.high
    assert wrong <= binom.ppf(0.999, n_times, 0.05)


def test_what_cannot_be_asked_is_said(graphs):
    """Targets of a list, factors of one data set, another species."""
    numbers = np.zeros(sum(graph.n_genes for graph in graphs), int)
    with pytest.raises(DataError, match="'sets' is a list"):
        table_of(graphs, numbers, gene_sets({"tf": FACTORS}), through="targets")
    with pytest.raises(DataError, match="no two data sets of lung"):
        table_of(graphs, numbers, gene_sets({"tf": GENES[:5]}))
    with pytest.raises(DataError, match="has mouse genes"):
        table_of(graphs, numbers, gene_sets({"tf": FACTORS}, species="mouse"))
