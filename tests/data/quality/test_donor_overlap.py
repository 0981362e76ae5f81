"""What two graphs share, against loops over genes and pairs."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from genearena.data.graphs import GeneGraph
from genearena.data.quality.donor_overlap import (
    GraphOverlap,
    graph_overlap,
    graph_overlaps,
    overlap_warnings,
)


def random_graph(name, genes, density, seed):
    rng = np.random.default_rng(seed)
    n = len(genes)
    half = np.triu(rng.random((n, n)) < density, k=1)
    adjacency = sparse.csr_array((half | half.T).astype(np.int8))
    order = rng.permutation(n)
    shuffled = tuple(np.array(genes)[order])
    x = rng.normal(size=(n, 4))
    return GeneGraph(name, "lung", "scrna", "human", shuffled, x, adjacency)


def edge_set(graph, common):
    return {
        frozenset((graph.genes[i], graph.genes[j]))
        for i, j in zip(*graph.edges, strict=True)
        if graph.genes[i] in common and graph.genes[j] in common
    }


def test_equals_sets_of_genes_and_pairs():
    """Jaccard indices equal those of Python sets, whatever the order of the genes."""
    names = [f"g{i}" for i in range(60)]
    one, two = random_graph("a", names[:45], 0.3, 1), random_graph("b", names[15:], 0.2, 2)
    got = graph_overlap(one, two)
    common = set(one.genes) & set(two.genes)
    first, second = edge_set(one, common), edge_set(two, common)
    assert got.n_common == 30
    assert got.gene_jaccard == pytest.approx(30 / 60)
    assert got.edge_jaccard == pytest.approx(len(first & second) / len(first | second))
    both = len(first) * len(second) / len(list(combinations(common, 2)))
    assert got.edge_expected == pytest.approx(both / (len(first) + len(second) - both))
    assert got.lift == pytest.approx(got.edge_jaccard / got.edge_expected)


def test_random_graphs_are_as_alike_as_by_chance():
    """Over many pairs of random graphs the index is on average what chance says."""
    names = [f"g{i}" for i in range(50)]
    pairs = [
        graph_overlap(
            random_graph("a", names, 0.2, 2 * s), random_graph("b", names, 0.4, 2 * s + 1)
        )
        for s in range(40)
    ]
    assert np.mean([pair.lift for pair in pairs]) == pytest.approx(1, abs=0.03)


def test_graph_is_wholly_like_itself():
    """All genes and edges are shared; by chance only a share as large as the density would be."""
    one = random_graph("a", [f"g{i}" for i in range(40)], 0.1, 0)
    got = graph_overlap(one, replace(one, name="b"))
    assert (got.gene_jaccard, got.edge_jaccard) == (1, 1)
    assert got.edge_expected == pytest.approx(one.density / (2 - one.density))


def test_graphs_without_common_genes_or_edges_have_no_index():
    """There is nothing to compare, so the index is NaN and not 0."""
    one = random_graph("a", ["x", "y", "z"], 0.9, 0)
    other = random_graph("b", ["p", "q", "x"], 0.9, 1)
    apart = graph_overlap(one, random_graph("c", ["p", "q"], 0.9, 1))
    assert (apart.n_common, apart.gene_jaccard) == (0, 0)
    assert np.isnan([apart.edge_jaccard, apart.lift, graph_overlap(one, other).lift]).all()


def test_each_two_graphs_are_compared_once():
    """Three graphs give three pairs, in order."""
    graphs = [random_graph(name, ["x", "y", "z"], 0.9, 0) for name in "abc"]
    got = [(pair.first, pair.second) for pair in graph_overlaps(graphs)]
    assert got == [("a", "b"), ("a", "c"), ("b", "c")]


def test_warnings_name_the_worst_pair():
    """Pairs that share few genes, or edges hardly beyond chance, are counted and one named."""
    good = GraphOverlap("a", "b", 50, 0.3, 0.3, 0.1)
    few = replace(good, second="c", gene_jaccard=0.09, n_common=9)
    fewer = replace(good, second="d", gene_jaccard=0.01, n_common=1)
    chance = replace(good, second="e", edge_jaccard=0.14)
    none = replace(good, second="f", edge_jaccard=float("nan"), edge_expected=float("nan"))
    dense = replace(good, second="g", edge_jaccard=0.85, edge_expected=0.82)
    assert not overlap_warnings([good, none, dense])
    (line,) = overlap_warnings([good, few, fewer])
    assert "2 of 3 pairs" in line
    assert "'a' and 'd' 1;" in line
    (line,) = overlap_warnings([good, chance])
    assert "1 of 2 pairs" in line
    assert "'a' and 'e' 1.40 times" in line
