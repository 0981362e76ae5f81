"""What tries to win the headline without knowledge does not: names, degrees, memory, gaps."""

from dataclasses import replace

import numpy as np
import pytest
from simulated import simulated

from genearena.data.build import BuildOptions, build_graph
from genearena.data.graphs import GraphCollection
from genearena.methods.registry import METHODS
from genearena.metrics.embedding_space import EmbeddingSpace, NewDonor
from genearena.metrics.registry import METRICS

HEADLINE = [name for name in METRICS.builtin if METRICS.load(name).headline]


@pytest.fixture(scope="module")
def task():
    """Four simulated donors, a half of the cells of each kept back."""
    samples = simulated("lung", donors=4, modalities=("scrna",), genes=150, cells=500, seed=3)
    graphs = [build_graph(sample.counts, BuildOptions(n_genes=150)) for sample in samples]
    whole = [
        replace(graph, latent=sample.latent_correlation(graph.genes))
        for graph, sample in zip(graphs, samples, strict=True)
    ]
    return GraphCollection("lung", "made-up", tuple(whole))


def embedded(name, task, **settings):
    """Return the vectors of a method, and those of one trained without the first donor."""
    method = METHODS.load(name)
    first = method(**settings).fit(task).embed()
    others = task.with_graphs(task.graphs[1:])
    second = method(**settings).fit(others).embed()
    return first, [np.zeros((task[0].n_genes, second[0].shape[1]), dtype=np.float32), *second]


def headline(task, first, second):
    """Return the mean of the four questions."""
    space = EmbeddingSpace(task, tuple(first), NewDonor(0, tuple(second)))
    return float(np.mean([METRICS.load(name)(space).value for name in HEADLINE]))


@pytest.fixture(scope="module")
def of(task):
    """Return the headline of a registered method."""
    return lambda name, **settings: headline(task, *embedded(name, task, **settings))


@pytest.fixture(scope="module")
def consensus(of):
    """Return the headline of the average network."""
    return of("consensus")


def test_four_questions():
    """The headline is made of these and no others."""
    assert set(HEADLINE) == {
        "replicated_edges",
        "new_donor",
        "shared_function",
        "specific_function",
    }


@pytest.mark.parametrize("name", ["random", "gene_name", "expression_mean"])
def test_what_knows_nothing_is_at_chance(of, name):
    """Within .03 of 0 on average over seeds; a single one strays by the few genes that change."""
    found = [of(name, seed=seed) for seed in range(8)]
    assert abs(np.mean(found)) < 0.03
    assert np.abs(found).max() < 0.1


@pytest.mark.parametrize("name", ["spots", "degree"])
def test_heaps_and_hubs_stay_below_the_average_network(of, consensus, name):
    """They tell something, of the average network or of degrees, and less than it."""
    assert of(name) < consensus


def test_other_genes_vectors_are_worth_nothing(task):
    """One permutation of all names, the same in all donors, takes everything that was learnt."""
    first, second = embedded("stacked", task)
    names = sorted({gene for graph in task for gene in graph.genes})
    given = dict(zip(names, np.random.default_rng(0).permutation(names), strict=True))

    def permuted(vectors):
        moved = []
        for graph, z in zip(task, vectors, strict=True):
            rows = [graph.index.get(given[gene]) for gene in graph.genes]
            rng = np.random.default_rng(len(moved))
            free = rng.permutation(graph.n_genes)
            moved.append(z[[free[i] if r is None else r for i, r in enumerate(rows)]])
        return moved

    assert headline(task, first, second) > 0.4
    assert abs(headline(task, permuted(first), permuted(second))) < 0.06


def test_a_memory_of_the_graph_is_no_knowledge(task, consensus):
    """Its own edges, row by row and by itself, are found again only as far as they replicate."""

    def memory(graphs):
        return [np.asarray(g.adjacency.toarray() + np.eye(g.n_genes), np.float32) for g in graphs]

    width = max(graph.n_genes for graph in task)
    rng = np.random.default_rng(0)
    # each donor's columns in an order of their own: nothing can be compared between donors
    first = [z[:, rng.permutation(width)] for z in memory(task)]
    assert headline(task, first, first) < consensus


@pytest.mark.parametrize("blank", [0.0, 1e-30])
def test_leaving_out_hard_genes_does_not_pay(task, blank):
    """Neither zeros nor tiny vectors for the genes of lowest degree lift the best baseline."""
    first, second = embedded("stacked", task)
    before = headline(task, first, second)
    for vectors in (first, second):
        for graph, z in zip(task, vectors, strict=True):
            degree = np.asarray(graph.adjacency.sum(axis=0)).ravel()
            z[degree <= np.quantile(degree, 0.2)] *= np.float32(blank)
    assert headline(task, first, second) <= before + 1e-6


def test_hashes_of_names_are_at_chance(task):
    """A few spots, by the name alone: what four of the paper's six metrics like best."""
    rng = np.random.default_rng(0)
    names = sorted({gene for graph in task for gene in graph.genes})
    spot = dict(zip(names, rng.integers(12, size=len(names)), strict=True))
    places = rng.normal(size=(12, 8))
    vectors = [
        (places[[spot[gene] for gene in graph.genes]]).astype(np.float32)
        + rng.normal(0, 1e-3, (graph.n_genes, 8)).astype(np.float32)
        for graph in task
    ]
    assert abs(headline(task, vectors, vectors)) < 0.05


def test_the_oracle_is_above_everything(of):
    """What knows the truth is best, and something is left to be known."""
    best = of("oracle")
    assert best > max(of(name) for name in ("stacked", "consensus", "pca", "neighbourhood"))
    assert best > 0.6
