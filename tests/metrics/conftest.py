"""Graphs, spaces and clusterings the metric tests are about."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from scipy import sparse

from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.metrics.embedding_space import EmbeddingSpace


def make_graph(name, genes, adjacency, truth=None, replicate=None):
    """Make a graph from gene names and a dense 0/1 matrix, and another of the other half."""
    other = None if replicate is None else sparse.csr_array(np.asarray(replicate, np.float32))
    return GeneGraph(
        name=name,
        tissue="lung",
        modality="scrna",
        species="human",
        genes=tuple(genes),
        x=np.ones((len(genes), 2), dtype=np.float32),
        adjacency=sparse.csr_array(np.asarray(adjacency, dtype=np.float32)),
        truth=None if truth is None else np.asarray(truth, dtype=np.int64),
        simulated=truth is not None,
        replicate=other,
    )


def random_adjacency(rng, n, density):
    """Draw a symmetric 0/1 matrix with an empty diagonal."""
    upper = np.triu(rng.random((n, n)) < density, k=1)
    return upper | upper.T


def make_space(graphs, vectors, clusters=None, seed=0):
    """Make a space, with given clusters instead of Leiden's where a test fixes them."""
    space = EmbeddingSpace(
        GraphCollection("lung", "test", tuple(graphs)),
        tuple(np.asarray(z, dtype=np.float32) for z in vectors),
        seed=seed,
    )
    if clusters is not None:
        vars(space)["clusters"] = np.asarray(clusters, dtype=np.int64)
    return space


def random_task(seed, sizes=(40, 35, 45), n_common=20, density=0.15, dim=5):
    """Draw graphs that share some genes, and vectors for them."""
    rng = np.random.default_rng(seed)
    graphs, vectors = [], []
    for position, n in enumerate(sizes):
        genes = [f"C{g}" if g < n_common else f"P{position}_{g}" for g in range(n)]
        order = rng.permutation(n)
        graphs.append(
            make_graph(
                f"donor{position}", [genes[g] for g in order], random_adjacency(rng, n, density)
            )
        )
        vectors.append(rng.normal(size=(n, dim)).astype(np.float32))
    return graphs, vectors


@pytest.fixture
def graph() -> Callable[..., GeneGraph]:
    """Give the maker of a graph from names and a dense matrix."""
    return make_graph


@pytest.fixture
def space() -> Callable[..., EmbeddingSpace]:
    """Give the maker of a space, optionally with fixed clusters."""
    return make_space


@pytest.fixture
def task() -> Callable[..., tuple[Sequence[GeneGraph], Sequence[np.ndarray]]]:
    """Give the maker of random graphs with vectors."""
    return random_task


def make_labelled_space(vectors, labels, seed=0):
    """Make a space of data sets without common genes from one array and labels for each."""
    graphs = []
    for b, label in enumerate(labels):
        n = len(label)
        genes = [f"G{b}_{g:04d}" for g in range(n)]
        graphs.append(make_graph(f"d{b}", genes, np.zeros((n, n)), label))
    return make_space(graphs, vectors, seed=seed)


@pytest.fixture
def labelled_space() -> Callable[..., EmbeddingSpace]:
    """Give the maker of a space from vectors and labels."""
    return make_labelled_space


@pytest.fixture
def adjacency() -> Callable[..., np.ndarray]:
    """Give the maker of random adjacency matrices."""
    return random_adjacency
