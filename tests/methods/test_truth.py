"""The control that knows the simulated programmes."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from genearena.data.common.errors import DataError
from genearena.data.graphs import GraphCollection
from genearena.methods.registry import METHODS
from genearena.methods.truth import Truth


def with_truth(graphs: GraphCollection, truths: list[np.ndarray]) -> GraphCollection:
    """Return the task under other programme labels."""
    pairs = zip(graphs, truths, strict=True)
    return graphs.with_graphs([replace(graph, truth=truth) for graph, truth in pairs])


def test_programmes_are_told_apart_within_and_across_graphs(graphs):
    """Similarity separates same-programme pairs from others perfectly, whatever the graphs."""
    z = np.vstack(Truth(dim=32).fit(graphs).embed())
    truth = np.concatenate([graph.truth for graph in graphs])
    unit = z / np.linalg.norm(z, axis=1, keepdims=True)
    rows, columns = np.triu_indices(len(z), 1)
    same = truth[rows] == truth[columns]
    assert roc_auc_score(same, (unit @ unit.T)[rows, columns]) == 1.0


def test_shuffled_programmes_earn_chance(graphs):
    """With labels that have nothing to do with the programmes, similarity tells nothing."""
    rng = np.random.default_rng(0)
    shuffled = with_truth(graphs, [rng.permutation(graph.truth) for graph in graphs])
    z = np.vstack(Truth().fit(shuffled).embed())
    truth = np.concatenate([graph.truth for graph in graphs])
    rows, columns = np.triu_indices(len(z), 1)
    auc = roc_auc_score(truth[rows] == truth[columns], (z @ z.T)[rows, columns])
    assert 0.4 < auc < 0.6


def test_a_gene_of_one_programme_has_one_vector_in_all_graphs(graphs):
    """Common genes coincide where their programme does, with or without a programme."""
    zero = with_truth(graphs, [np.zeros(g.n_genes, dtype=np.int64) for g in graphs])
    none = with_truth(graphs, [np.full(g.n_genes, -1) for g in graphs])
    for task in (zero, none):
        vectors = Truth().fit(task).embed()
        for gene in task.common_genes:
            first, *others = (z[graph.index[gene]] for z, graph in zip(vectors, task, strict=True))
            assert all((first == other).all() for other in others)


def test_lengths_and_angles_follow_the_formula(graphs):
    """A programme gene is u_k + spread u_g; without programme it is the unit vector u_g."""
    n = graphs[0].n_genes
    one = graphs.with_graphs(graphs.graphs[:1])
    own = Truth(spread=0.5).fit(with_truth(one, [np.full(n, -1)])).embed()[0]
    full = Truth(spread=0.5).fit(with_truth(one, [np.full(n, 3)])).embed()[0]
    programme = full - 0.5 * own
    np.testing.assert_allclose(np.linalg.norm(own, axis=1), 1.0, rtol=1e-5)
    np.testing.assert_allclose(programme, np.tile(programme[0], (n, 1)), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(programme[0]), 1.0, rtol=1e-5)


def test_same_seed_same_vectors_other_seed_others(graphs):
    """The seed alone decides the vectors; the global random state neither helps nor suffers."""
    np.random.seed(1)  # noqa: NPY002 - the global state is what is tested
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    first = Truth(seed=4).fit(graphs).embed()
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002
    assert all(
        (a == b).all() for a, b in zip(first, Truth(seed=4).fit(graphs).embed(), strict=True)
    )
    assert not (first[0] == Truth(seed=5).fit(graphs).embed()[0]).any()


def test_real_data_are_skipped_and_refused(graphs):
    """Without truth in every graph there is a reason to skip, and fit refuses."""
    real = with_truth(graphs, [graphs[0].truth, None, graphs[2].truth])
    assert Truth().skip(graphs) is None
    assert "donor_b" in Truth().skip(real)
    with pytest.raises(DataError, match="donor_b"):
        Truth().fit(real)


def test_registered_as_control():
    """The registry's 'truth' is this class, marked as a control."""
    assert METHODS.load("truth") is Truth
    assert Truth.control
    assert Truth.needs == {"truth"}
