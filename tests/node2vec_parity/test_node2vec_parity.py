"""Our walks and vectors agree with the node2vec package's.

The package pins numpy < 2, so this folder runs in an environment of its own, the one of
constraints-node2vec.txt; elsewhere it is skipped.
"""

import random
from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest
from scipy import sparse, stats
from sklearn.metrics import roc_auc_score
from sklearn.metrics.pairwise import cosine_similarity

from genearena.data.graphs import GeneGraph, GraphCollection

pytest.importorskip("node2vec", reason="needs the environment of constraints-node2vec.txt")

from genearena.methods._walks.package import walk_by_package
from genearena.methods._walks.second_order import second_order_walks
from genearena.methods.node2vec import Node2vec

GENES, MODULES = 60, 4


@pytest.fixture(scope="module")
def graphs() -> GraphCollection:
    """One graph of four dense modules and a gene without an edge."""
    rng = np.random.default_rng(3)
    module = np.arange(GENES) % MODULES
    edges = np.triu(rng.random((GENES, GENES)) < np.where(module[:, None] == module, 0.5, 0.05), 1)
    edges[:, -1] = False
    graph = GeneGraph(
        name="donor",
        tissue="example",
        modality="scrna",
        species="human",
        genes=tuple(f"GENE{gene:02d}" for gene in range(GENES)),
        x=rng.normal(size=(GENES, 10)).astype(np.float32),
        adjacency=sparse.csr_array((edges | edges.T).astype(np.int8)),
    )
    return GraphCollection("example", "simulated", (graph,))


def kinds_of_step(walks: Iterable[Iterable[int]], dense: np.ndarray) -> Counter:
    """Count steps back, steps to a common neighbour and steps further away."""
    kinds: Counter = Counter()
    for walk in walks:
        row = [int(gene) for gene in walk]
        for before, _, there in zip(row, row[1:], row[2:], strict=False):
            near = "near" if dense[before, there] else "far"
            kinds["back" if there == before else near] += 1
    return kinds


@pytest.mark.parametrize(("p", "q"), [(1.0, 0.5), (0.2, 5.0), (4.0, 0.25)])
def test_walks_step_alike(graphs: GraphCollection, p: float, q: float) -> None:
    """Kinds of step and visits of genes are distributed alike in both engines."""
    adjacency = graphs[0].adjacency
    settings = {"walks_per_gene": 60, "length": 20, "p": p, "q": q, "seed": 1}
    ours = second_order_walks(adjacency, **settings).tolist()
    theirs = walk_by_package(adjacency, dim=8, **settings).walks
    assert len(ours) == len(theirs)
    dense = adjacency.toarray()
    counted = [kinds_of_step(walks, dense) for walks in (ours, theirs)]
    table = [[kinds[kind] for kind in ("back", "near", "far")] for kinds in counted]
    # consecutive steps are not independent, so shares are compared, not tested
    shares = np.array(table) / np.sum(table, axis=1, keepdims=True)
    np.testing.assert_allclose(shares[0], shares[1], atol=0.01)
    ends = [
        np.bincount([int(walk[-1]) for walk in w], minlength=GENES)[:-1] for w in (ours, theirs)
    ]
    assert stats.chi2_contingency(ends).pvalue > 0.001


def test_transitions_are_alike(graphs: GraphCollection) -> None:
    """Second steps of many two-step walks are drawn from one distribution."""
    adjacency = graphs[0].adjacency
    settings = {"walks_per_gene": 600, "length": 3, "p": 0.25, "q": 4.0, "seed": 2}
    ours = Counter(map(tuple, second_order_walks(adjacency, **settings).tolist()))
    theirs = Counter(
        tuple(int(gene) for gene in walk)
        for walk in walk_by_package(adjacency, dim=8, **settings).walks
    )
    paths = [path for path in ours.keys() | theirs.keys() if ours[path] + theirs[path] >= 10]
    assert len(paths) > 1000
    table = [[walks[path] for path in paths] for walks in (ours, theirs)]
    assert stats.chi2_contingency(table).pvalue > 0.001


def test_vectors_are_as_good(graphs: GraphCollection) -> None:
    """Edges are told from other pairs equally well by both engines' vectors."""
    upper = np.triu_indices(GENES - 1, k=1)
    edge = graphs[0].adjacency.toarray()[upper]
    params = {"dim": 16, "walk_length": 40, "window": 5, "epochs": 2, "seed": 1}
    scores = {}
    for engine in ("compiled", "package"):
        (z,) = Node2vec(engine=engine, **params).fit(graphs).embed()
        assert not z[-1].any()
        assert z[:-1].any(axis=1).all()
        scores[engine] = roc_auc_score(edge, cosine_similarity(z)[upper])
    assert scores["compiled"] == pytest.approx(scores["package"], abs=0.02)
    assert min(scores.values()) > 0.7


def test_the_package_leaves_the_global_generators_alone(graphs: GraphCollection) -> None:
    """The package seeds Python's and numpy's generators; the engine puts them back."""
    python, numpy = random.getstate(), np.random.get_state()[1].copy()  # noqa: NPY002
    Node2vec(dim=4, engine="package", walk_length=5).fit(graphs)
    assert random.getstate() == python
    np.testing.assert_array_equal(np.random.get_state()[1], numpy)  # noqa: NPY002


def test_the_package_is_reproducible(graphs: GraphCollection) -> None:
    """One seed, one result; another seed, another."""
    first, again, other = (
        Node2vec(dim=4, engine="package", walk_length=5, seed=seed).fit(graphs).embed()[0]
        for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
