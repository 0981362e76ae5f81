"""Gene2vec learns from edges alone, reproducibly."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.metrics.pairwise import cosine_similarity

from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.methods.gene2vec import Gene2vec
from genearena.methods.progress import listening


def programme_auc(graph: GeneGraph, z: np.ndarray) -> float:
    """Say how well cosine similarity tells pairs of one programme from other pairs."""
    upper = np.triu_indices(graph.n_genes, k=1)
    same = graph.truth[:, None] == graph.truth
    return float(roc_auc_score(same[upper], cosine_similarity(z)[upper]))


@pytest.mark.parametrize("preset", ["fast", "paper"])
def test_genes_of_one_module_come_close(modules: GraphCollection, preset: str) -> None:
    """Modules of dense edges are found with either preset's settings and enough passes."""
    params = Gene2vec.preset(preset) | {"epochs": 40, "learning_rate": 0.1}
    vectors = Gene2vec(dim=8, **params).fit(modules).embed()
    scores = [programme_auc(graph, z) for graph, z in zip(modules, vectors, strict=True)]
    assert min(scores) > 0.9


def test_genes_without_an_edge_are_zero(graphs: GraphCollection) -> None:
    """Zero vectors mark exactly the isolated genes."""
    for graph, z in zip(graphs, Gene2vec(dim=8).fit(graphs).embed(), strict=True):
        isolated = graph.adjacency.sum(axis=1) == 0
        np.testing.assert_array_equal(~z.any(axis=1), isolated)


def test_a_graph_without_edges_is_all_zero(graphs: GraphCollection) -> None:
    """A graph with nothing to learn from does not stop the others."""
    bare = graphs[0].with_adjacency(graphs[0].adjacency * 0)
    vectors = Gene2vec(dim=8).fit(graphs.with_graphs([bare, graphs[1]])).embed()
    assert not vectors[0].any()
    assert vectors[1].any()


def test_progress_and_losses_are_reported(graphs: GraphCollection) -> None:
    """Each pass over each graph is told; the losses of a pass are averaged over graphs."""
    told: list[tuple[int, int, float]] = []
    with listening(lambda *now: told.append(now)):
        method = Gene2vec(dim=8, epochs=4).fit(graphs)
    assert [done for done, _, _ in told] == list(range(1, 13))
    assert {total for _, total, _ in told} == {12}
    want = np.reshape([loss for _, _, loss in told], (3, 4)).mean(axis=0)
    np.testing.assert_allclose(method.losses_, want)
    connected = sum(int((graph.adjacency.sum(axis=1) > 0).sum()) for graph in graphs)
    assert method.n_parameters_ == 2 * 8 * connected
