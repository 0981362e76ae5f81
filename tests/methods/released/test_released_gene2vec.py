"""Gene2vec as its published script runs it."""

import numpy as np
from gensim.models import Word2Vec

from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.methods._released.gene2vec import ReleasedGene2vec
from genearena.methods._walks.skip_gram import quiet


def test_the_released_vectors_are_those_of_two_plain_gensim_calls(one_graph: GraphCollection):
    """A constructor given sentences and `train` of 10 epochs agree but for rounding."""
    graph = one_graph[0]
    method = ReleasedGene2vec(dim=8, seed=3).fit(one_graph)
    sentences = [[graph.genes[i], graph.genes[j]] for i, j in pairs_with_loops(graph)]
    (seed,) = np.random.SeedSequence(3).spawn(1)
    settings = {"vector_size": 8, "window": 1, "min_count": 1, "sg": 1, "workers": 1}
    with quiet():
        model = Word2Vec(
            sentences, seed=int(np.random.default_rng(seed).integers(2**31)), **settings
        )
        model.train(sentences, total_examples=len(sentences), epochs=10)
    np.testing.assert_allclose(method.embed()[0], model.wv[list(graph.genes)], atol=1e-3)


def pairs_with_loops(graph: GeneGraph) -> list[tuple[int, int]]:
    """List every ordered pair of linked genes, and every gene with itself, row by row."""
    adjacency = graph.adjacency.toarray()
    genes = range(graph.n_genes)
    return [(i, j) for i in genes for j in genes if i == j or adjacency[i, j]]


def test_isolated_genes_get_vectors(graphs: GraphCollection):
    """A self-loop is enough to be in the vocabulary, unlike in the faithful method."""
    method = ReleasedGene2vec(dim=8).fit(graphs)
    assert all(z.any(axis=1).all() for z in method.embed())
    assert method.n_parameters_ == 2 * 8 * sum(graph.n_genes for graph in graphs)


def test_five_passes_are_added_and_none_is_reshuffled(graphs: GraphCollection):
    """The constructor's passes come first and the order is that of the adjacency, each time."""
    method = ReleasedGene2vec(dim=8)
    assert len(method.fit(graphs).losses_) == 5 + 10
    sentences = np.array([[0, 1], [1, 0], [0, 2]])
    rng = np.random.default_rng(0)
    assert all(np.array_equal(method._ordered(sentences, rng), sentences) for _ in range(3))


def test_the_learning_rate_falls_twice(graphs: GraphCollection):
    """It decays linearly over 5 passes, and again from its start over 10."""
    rates = ReleasedGene2vec()._rates()
    starts = [start for start, _ in rates]
    np.testing.assert_allclose(starts[:5], np.linspace(0.025, 1e-4, 6)[:-1])
    np.testing.assert_allclose(starts[5:], np.linspace(0.025, 1e-4, 11)[:-1])
