"""GIANT couples the graphs' vectors along the tissue tree."""

from dataclasses import replace

import numpy as np
from sklearn.metrics import roc_auc_score
from sklearn.metrics.pairwise import cosine_similarity

from genearena.data.graphs import GraphCollection
from genearena.methods.giant import GIANT, parent_vectors

GROUPS = ("rna", "rna", "atac")


def distance_between_graphs(graphs: GraphCollection, pull: float) -> float:
    """Return the mean cosine distance of a common gene's vectors in two graphs."""
    vectors = GIANT(dim=8, pull=pull, **GIANT.fast).fit(graphs).embed()
    first, second = (z / np.linalg.norm(z, axis=1, keepdims=True) for z in vectors[:2])
    return float(1 - (first * second).sum(axis=1).mean())


def test_a_stronger_pull_brings_graphs_together(modules: GraphCollection) -> None:
    """Without pull graphs are unrelated; with it a gene's vectors become alike."""
    none, some, strong = (distance_between_graphs(modules, pull) for pull in (0.0, 0.3, 0.9))
    assert none > 0.6
    assert strong < some < none
    assert strong < 0.2


def test_genes_of_one_module_come_close(modules: GraphCollection) -> None:
    """The coupled vectors still tell the modules apart."""
    vectors = GIANT(dim=8, pull=0.5).fit(modules).embed()
    for graph, z in zip(modules, vectors, strict=True):
        upper = np.triu_indices(graph.n_genes, k=1)
        same = (graph.truth[:, None] == graph.truth)[upper]
        assert roc_auc_score(same, cosine_similarity(z)[upper]) > 0.9


def test_a_single_graph_feels_no_pull(one_graph: GraphCollection) -> None:
    """With one graph every parent is the graph itself."""
    with_pull, without = (
        GIANT(dim=8, epochs=2, pull=pull).fit(one_graph).embed()[0] for pull in (0.9, 0.0)
    )
    np.testing.assert_allclose(with_pull, without, atol=1e-6)


def test_genes_without_an_edge_are_zero(graphs: GraphCollection) -> None:
    """An isolated gene stays zero even where other graphs know it."""
    for graph, z in zip(graphs, GIANT(dim=8).fit(graphs).embed(), strict=True):
        np.testing.assert_array_equal(~z.any(axis=1), graph.adjacency.sum(axis=1) == 0)


def test_a_task_without_edges_is_all_zero(graphs: GraphCollection) -> None:
    """Nothing to walk on gives zeros instead of an error of gensim."""
    bare = graphs.with_graphs([g.with_adjacency(g.adjacency * 0) for g in graphs])
    assert not any(z.any() for z in GIANT(dim=8).fit(bare).embed())


def test_graphs_whose_tokens_could_be_confused_are_kept_apart(graphs: GraphCollection) -> None:
    """Names with the separator in them do not merge two genes into one token."""
    first = replace(graphs[0], name="a", genes=(graphs[0].genes[0], "b|c", *graphs[0].genes[2:]))
    second = replace(graphs[1], name="a|b", genes=(graphs[1].genes[0], "c", *graphs[1].genes[2:]))
    assert first.adjacency[[1]].nnz > 0 < second.adjacency[[1]].nnz
    whole = GIANT(dim=8, pull=0.0).fit(graphs.with_graphs([first, second]))
    connected = sum(int((graph.adjacency.sum(axis=1) > 0).sum()) for graph in (first, second))
    assert whole.n_parameters_ == 2 * 8 * connected


def test_inner_nodes_are_means_of_parent_and_children() -> None:
    """The closed form is where repeated averaging over parent and children ends up."""
    rng = np.random.default_rng(0)
    present = rng.random((3, 12)) < 0.6
    present[0, ~present.any(axis=0)] = True
    leaves = rng.normal(size=(3, 12, 4)).astype(np.float32) * present[:, :, None]
    got = parent_vectors(leaves, present, GROUPS)
    for gene in range(12):
        below = {
            group: [leaves[i, gene] for i in range(3) if GROUPS[i] == group and present[i, gene]]
            for group in set(GROUPS)
        }
        root = np.zeros(4)
        for _ in range(200):
            inner = {g: np.mean([*v, root], axis=0) for g, v in below.items() if v}
            root = np.mean(list(inner.values()), axis=0)
        for i in np.flatnonzero(present[:, gene]):
            np.testing.assert_allclose(got[i, gene], inner[GROUPS[i]], rtol=1e-4, atol=1e-5)


def test_one_group_meets_at_its_mean() -> None:
    """Within a single group the parent is the plain mean of the graphs."""
    leaves = np.random.default_rng(1).normal(size=(3, 5, 2)).astype(np.float32)
    got = parent_vectors(leaves, np.ones((3, 5), dtype=bool), ["rna"] * 3)
    np.testing.assert_allclose(got, np.broadcast_to(leaves.mean(axis=0), (3, 5, 2)), rtol=1e-5)
