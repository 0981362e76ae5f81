"""node2vec learns from walks, reproducibly, with either engine named properly."""

import importlib.util

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.metrics.pairwise import cosine_similarity

from genearena.data.common.errors import UsageError
from genearena.data.graphs import GraphCollection
from genearena.methods.node2vec import Node2vec


@pytest.mark.parametrize("preset", ["fast", "paper"])
def test_genes_of_one_module_come_close(modules: GraphCollection, preset: str) -> None:
    """Both presets find modules of dense edges."""
    vectors = Node2vec(dim=8, **Node2vec.preset(preset) | {"epochs": 3}).fit(modules).embed()
    for graph, z in zip(modules, vectors, strict=True):
        upper = np.triu_indices(graph.n_genes, k=1)
        same = (graph.truth[:, None] == graph.truth)[upper]
        assert roc_auc_score(same, cosine_similarity(z)[upper]) > 0.9


def test_genes_without_an_edge_are_zero(graphs: GraphCollection) -> None:
    """Zero vectors mark exactly the isolated genes, and graphs without any edge."""
    bare = graphs[2].with_adjacency(graphs[2].adjacency * 0)
    task = graphs.with_graphs([graphs[0], graphs[1], bare])
    method = Node2vec(dim=8, **Node2vec.fast).fit(task)
    for graph, z in zip(task, method.embed(), strict=True):
        np.testing.assert_array_equal(~z.any(axis=1), graph.adjacency.sum(axis=1) == 0)
    assert len(method.losses_) == method.epochs


def test_an_unknown_engine_is_refused(graphs: GraphCollection) -> None:
    """A wrong engine is answered with the right ones."""
    with pytest.raises(UsageError, match="engine is 'fast', want 'compiled' or 'package'"):
        Node2vec(engine="fast").fit(graphs)


@pytest.mark.skipif(importlib.util.find_spec("node2vec") is not None, reason="it is installed")
def test_a_missing_package_is_a_reason_to_skip(graphs: GraphCollection) -> None:
    """Without the node2vec package its engine is declined with the way to get it."""
    assert "pip install genearena[node2vec]" in (Node2vec(engine="package").skip(graphs) or "")
    assert Node2vec().skip(graphs) is None
