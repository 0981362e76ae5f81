"""Every number about a graph against scipy or a loop, and every warning at its threshold."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse, stats

from genearena.data.graphs import GeneGraph
from genearena.data.quality.graph_quality import (
    MAX_CONFOUNDING,
    MAX_DENSITY,
    MAX_ISOLATED,
    GraphQuality,
    gini,
    graph_quality,
    quality_warnings,
)

GOOD = GraphQuality("g", 100, 80, 900, 0.2, 0.3, 0.1, 18, 40, 0.3, 2, 0.2)


def graph_of(edges, n=6, counts=None):
    adjacency = np.zeros((n, n), dtype=np.int8)
    for i, j in edges:
        adjacency[i, j] = adjacency[j, i] = 1
    x = np.random.default_rng(0).normal(size=(n, 8)).astype(np.float32)
    names = tuple(f"G{i}" for i in range(n))
    return GeneGraph(
        *("g", "lung", "scrna", "human", names, x, sparse.csr_array(adjacency)), counts=counts
    )


def test_numbers_equal_those_of_scipy_and_numpy(make_graph):
    """Degrees from the dense matrix, Spearman from scipy, on a graph of simulated counts."""
    graph = make_graph()
    quality = graph_quality(graph)
    dense = graph.adjacency.toarray()
    degree = dense.sum(axis=1)
    assert quality.n_edges == np.triu(dense).sum()
    assert quality.density == pytest.approx(dense.sum() / (20 * 19))
    assert quality.median_degree == np.median(degree)
    assert quality.max_degree == degree.max()
    assert quality.n_isolated == (degree == 0).sum()
    mean = graph.counts.toarray().mean(axis=1)
    assert quality.depth_confounding == pytest.approx(stats.spearmanr(mean, degree)[0])


def test_star_has_known_degrees():
    """One hub of five leaves and one isolated gene."""
    quality = graph_quality(graph_of([(0, i) for i in range(1, 6)], n=7))
    assert (quality.median_degree, quality.max_degree) == (1, 5)
    assert (quality.n_isolated, quality.isolated) == (1, pytest.approx(1 / 7))


@pytest.mark.parametrize("seed", range(3))
def test_gini_is_half_the_relative_mean_difference(seed):
    """The same as a loop over all pairs; 0 for equal and (n - 1) / n for one owner of all."""
    values = np.random.default_rng(seed).integers(0, 30, 25).astype(float)
    loop = sum(abs(a - b) for a in values for b in values) / (2 * 25**2 * values.mean())
    assert gini(values) == pytest.approx(loop)
    assert gini(np.full(9, 4.0)) == pytest.approx(0)
    assert gini(np.array([0.0, 0, 0, 8])) == pytest.approx(3 / 4)
    assert gini(np.zeros(4)) == 0


def test_degrees_that_rise_with_counts_are_wholly_confounded():
    """A perfect order of degrees by mean counts gives 1, the reverse -1."""
    edges = [(i, j) for i in range(6) for j in range(i) if i + j >= 6]
    degree = graph_quality(graph_of(edges)).max_degree
    assert degree > 1
    graph = graph_of(edges)
    rising = np.diff(graph.adjacency.indptr)[:, None] * np.ones((1, 8), dtype=int)
    up = replace(graph, counts=sparse.csr_array(rising))
    down = replace(graph, counts=sparse.csr_array(9 - rising))
    assert graph_quality(up).depth_confounding == pytest.approx(1)
    assert graph_quality(down).depth_confounding == pytest.approx(-1)


def test_graph_without_counts_or_with_equal_degrees_has_no_confounding():
    """Where there is nothing to rank, the number is NaN and no warning comes of it."""
    ring = [(i, (i + 1) % 6) for i in range(6)]
    counts = sparse.csr_array(np.random.default_rng(0).poisson(3, (6, 8)))
    for graph in (graph_of([(0, 1)]), graph_of(ring, counts=counts)):
        assert np.isnan(graph_quality(graph).depth_confounding)
    assert not quality_warnings(replace(GOOD, depth_confounding=float("nan")))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n_edges": 0, "density": 0, "esnr": 0, "n_isolated": 100}, "no edges"),
        ({"density": MAX_DENSITY + 0.01}, "31% of pairs are edges"),
        ({"n_isolated": int(100 * MAX_ISOLATED) + 1}, "51% of genes have no edge"),
        ({"median_degree": 1.5}, "median gene has 1.5 neighbours"),
        ({"depth_confounding": MAX_CONFOUNDING + 0.01}, "Spearman 0.71"),
        ({"depth_confounding": -MAX_CONFOUNDING - 0.01}, "Spearman -0.71"),
        ({"esnr": 0.1}, "ESNR 0.10, by chance 0.10"),
    ],
)
def test_each_fault_gives_one_line(change, words):
    """A graph just past one threshold has that warning alone, and a good one has none."""
    assert not quality_warnings(GOOD)
    (line,) = quality_warnings(replace(GOOD, **change))
    assert words in line
    assert "graph 'g'" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    "change",
    [
        {"density": MAX_DENSITY},
        {"n_isolated": int(100 * MAX_ISOLATED)},
        {"median_degree": 2.0},
        {"depth_confounding": MAX_CONFOUNDING},
    ],
)
def test_thresholds_themselves_are_no_fault(change):
    """What is exactly at a threshold is not warned of."""
    assert not quality_warnings(replace(GOOD, **change))
