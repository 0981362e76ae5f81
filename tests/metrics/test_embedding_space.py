"""The layout of an embedding space, and what it refuses."""

import numpy as np
import pytest
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.metrics.embedding_space import EmbeddingSpace, NewDonor


@pytest.fixture
def small(graph, space):
    """Two graphs that share the genes B and C, in different order."""
    graphs = [graph("one", "ABC", np.zeros((3, 3))), graph("two", "CDB", np.zeros((3, 3)))]
    vectors = [[[1, 0], [0, 2], [3, 4]], [[0, 0], [0, -1], [5, 0]]]
    return space(graphs, vectors)


def test_rows_follow_the_graphs_then_the_genes(small):
    """Rows, data sets, genes and common rows describe the same order."""
    np.testing.assert_array_equal(small.rows[[0, 5]], [[1, 0], [5, 0]])
    np.testing.assert_array_equal(small.dataset, [0, 0, 0, 1, 1, 1])
    np.testing.assert_array_equal(small.offsets, [0, 3, 6])
    assert small.vocabulary == {"A": 0, "B": 1, "C": 2, "D": 3}
    np.testing.assert_array_equal(small.gene, [0, 1, 2, 2, 3, 1])
    np.testing.assert_array_equal(small.common, [1, 2, 3, 5])


def test_cosine_of_a_zero_vector_is_zero(small):
    """Cosines between graphs are right and a zero row has 0 with everything."""
    expected = [[0, 0, 1], [0, -1, 0], [0, -0.8, 0.6]]
    np.testing.assert_allclose(small.cosine(0, 1), expected, atol=1e-12)
    assert small.cosine(1, 1)[0, 0] == 0


def test_cosine_of_parallel_vectors_is_tied():
    """Multiples of one direction have cosine exactly 1, whatever float32 did to them."""
    rng = np.random.default_rng(0)
    direction = rng.normal(size=32)
    z = np.outer(rng.gamma(1, 1, size=50), direction).astype(np.float32)
    spread = EmbeddingSpace(_one_graph(50), (z,)).cosine(0, 0)
    assert set(np.unique(spread)) == {1.0}


def test_cosine_survives_extreme_lengths():
    """Vectors near float32's limits keep their direction."""
    z = np.array([[3e38, 3e38], [1e-38, 1e-38], [1e-45, 0]], dtype=np.float32)
    similarity = EmbeddingSpace(_one_graph(3), (z,)).cosine(0, 0)
    assert similarity[0, 1] == 1
    assert similarity[0, 2] == pytest.approx(np.sqrt(0.5))


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        ([np.eye(3)], r"has 1 arrays, want one per graph \(2\)"),
        ([np.eye(3), np.eye(2)], r"has shape \(2, 2\), want \(3, 3\), for graph 'two'"),
        ([np.eye(3), np.ones(3)], r"has shape \(3,\), want \(3, 3\), for graph 'two'"),
        ([np.ones(3), np.ones(3)], r"has shape \(3,\), want \(3, dim\), for graph 'one'"),
        ([np.ones((3, 0)), np.ones((3, 0))], r"shape \(3, 0\), want \(3, dim\)"),
        ([np.eye(3), np.diag([1, np.nan, 1])], "not finite for gene 'D' of graph 'two'"),
        ([np.diag([np.inf, 1, 1]), np.eye(3)], "not finite for gene 'A' of graph 'one'"),
        ([np.ones((3, 2)), np.ones((3, 2))], "the same vector for every gene"),
    ],
)
def test_unusable_vectors_are_refused_by_name(small, vectors, message):
    """Wrong shapes, non-finite and constant vectors raise before anything is scored."""
    with pytest.raises(DataError, match=message):
        EmbeddingSpace(small.graphs, tuple(vectors))


def test_vectors_of_the_second_training_are_checked_too(small):
    """They get the same checks, but for those of the donor left out, which are not looked at."""
    first, second = small.vectors
    broken = np.full_like(second, np.nan)
    EmbeddingSpace(small.graphs, small.vectors, NewDonor(1, (first, broken)))
    with pytest.raises(DataError, match="embedding of a new donor has values that are not finite"):
        EmbeddingSpace(small.graphs, small.vectors, NewDonor(0, (first, broken)))
    with pytest.raises(DataError, match="no graph 2 to be left out of 2"):
        EmbeddingSpace(small.graphs, small.vectors, NewDonor(2, small.vectors))


def test_two_rows_are_enough_to_cluster():
    """The smallest space that is not constant has a graph and clusters."""
    space = EmbeddingSpace(_one_graph(2), (np.eye(2, dtype=np.float32),))
    assert space.connectivities.shape == (2, 2)
    assert len(space.clusters) == 2


def _one_graph(n):
    genes = tuple(f"G{g}" for g in range(n))
    graph = GeneGraph(
        "one", "lung", "scrna", "human", genes, np.ones((n, 1)), sparse.csr_array((n, n))
    )
    return GraphCollection("lung", "test", (graph,))
