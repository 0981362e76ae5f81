"""Pairs hidden from a training, and the training that stops by them."""

import numpy as np
import pytest
import torch
from scipy import sparse
from sklearn.metrics import average_precision_score
from sklearn.metrics.pairwise import cosine_similarity
from torch.nn.functional import binary_cross_entropy_with_logits
from untrained import untrained

from genearena.benchmark.records.declared import declared_method
from genearena.data.common.errors import MethodError
from genearena.data.graphs import upper_pairs
from genearena.data.hidden_pairs import draw_pairs, without_pairs
from genearena.methods._nn.held_out import HeldOut
from genearena.methods.musegnn import MuSeGNN
from genearena.methods.registry import METHODS

SETTINGS = {"lr_encoder": 2e-3, "n_private": 5, "seed": 3}
SEED = 2
"""Hides edges of every graph."""


def pairs_of(mask):
    """Return the pairs of a mask, the first gene before the second."""
    return {(i, j) for i, j in np.argwhere(mask).tolist() if i < j}


def test_a_tenth_of_the_pairs_is_hidden_and_nothing_else_changes(graphs):
    """Edges among them go, all others stay; another generator hides others."""
    graph = graphs[0]
    mask = draw_pairs(graph.n_genes, np.random.default_rng(0))
    assert (mask == mask.T).all()
    assert not mask.diagonal().any()
    assert len(pairs_of(mask)) == round(0.1 * 40 * 39 / 2)
    edges = set(map(tuple, graph.edges.T.tolist()))
    left = set(map(tuple, upper_pairs(without_pairs(graph, mask).adjacency).T.tolist()))
    assert left == edges - pairs_of(mask) < edges
    assert pairs_of(mask) != pairs_of(draw_pairs(graph.n_genes, np.random.default_rng(1)))


def test_the_smallest_graph_hides_its_only_pair():
    """A tenth of one is one here."""
    assert pairs_of(draw_pairs(2, np.random.default_rng(0))) == {(0, 1)}


def test_the_loss_does_not_see_hidden_pairs(graphs):
    """It is the mean cross-entropy of the entries that are left, whatever the others hold."""
    held_out = HeldOut(graphs, 0)
    shown = ~held_out._masks[0]
    logits = torch.randn(shown.shape, requires_grad=True)
    labels = (torch.rand(shown.shape) < 0.3).float() * shown
    loss = held_out.edge_loss(0, logits, labels)
    want = binary_cross_entropy_with_logits(logits[shown], labels[shown])
    torch.testing.assert_close(loss, want)
    ours, plain = (torch.autograd.grad(each, logits)[0] for each in (loss, want))
    torch.testing.assert_close(ours, plain)
    assert not ours[~shown].any()


def _flipped(graph, mask):
    """Return a graph where every hidden pair is what it was not."""
    return graph.with_adjacency(sparse.csr_array(np.where(mask, 1, 0) ^ graph.adjacency.toarray()))


def test_neither_loss_nor_encoders_see_hidden_edges(graphs):
    """A step is the same whether or not the hidden pairs are edges."""
    masks = [mask.numpy() for mask in HeldOut(graphs, SEED)._masks]
    others = graphs.with_graphs([_flipped(*both) for both in zip(graphs, masks, strict=True)])
    steps = []
    for task in (graphs, others):
        method = MuSeGNN(**SETTINGS)
        method.held_out = HeldOut(task, SEED)
        steps.append(untrained(method, method.held_out.shown)._loss(0).item())
    assert steps[0] == steps[1]


def naive_scores(graphs, masks, vectors):
    """Return the adjusted average precision of hidden pairs, pair by pair."""
    for graph, mask, z in zip(graphs, masks, vectors, strict=True):
        cosine = cosine_similarity(z)
        pairs = sorted(pairs_of(mask))
        label = [bool(graph.adjacency[i, j]) for i, j in pairs]
        precision = average_precision_score(label, [cosine[i, j] for i, j in pairs])
        share = sum(label) / len(label)
        assert 0 < share < 1
        yield (precision - share) / (1 - share)


def test_an_epoch_is_judged_by_the_pairs_hidden_from_it(graphs):
    """The curve is the mean over graphs of what scikit-learn gives, with a minus."""
    method = MuSeGNN(**SETTINGS)
    method.held_out = held_out = HeldOut(graphs, SEED)
    training = untrained(method, held_out.shown)
    held_out.look(training.encoders, training._encode)
    with torch.no_grad():
        vectors = [training._encode(position).numpy() for position in range(len(graphs))]
    masks = [mask.numpy() for mask in held_out._masks]
    assert held_out.curve == pytest.approx([-np.mean(list(naive_scores(graphs, masks, vectors)))])


def test_the_best_epoch_is_kept_and_patience_waits_for_a_better_one(graphs):
    """Vectors are those of its weights on the whole graphs."""
    method = MuSeGNN(**SETTINGS, epochs=60, patience=5, stop="validation").fit(graphs)
    trained = len(method.losses_)
    again = MuSeGNN(**SETTINGS, epochs=trained)
    again.held_out = held_out = HeldOut(graphs, 3)
    untrained(again, held_out.shown)._train()
    best = int(np.argmin(held_out.curve))
    assert trained == best + 1 + 5 < 60
    whole = untrained(MuSeGNN(**SETTINGS), graphs)
    whole.encoders.load_state_dict(held_out.weights)
    with torch.no_grad():
        want = [whole._encode(position).numpy() for position in range(len(graphs))]
    for got, vectors in zip(method.embed(), want, strict=True):
        np.testing.assert_array_equal(got, vectors)


def test_without_patience_all_epochs_are_trained(graphs):
    """And the best one is kept all the same."""
    method = MuSeGNN(**SETTINGS, epochs=7, stop="validation").fit(graphs)
    assert len(method.losses_) == 7


def test_graphs_without_edges_cannot_be_judged(graphs):
    """One line says what to do."""
    bare = [graph.with_adjacency(graph.adjacency * 0) for graph in graphs]
    with pytest.raises(MethodError, match="no edge is among the hidden pairs; use stop='epochs'"):
        HeldOut(graphs.with_graphs(bare), 0)


@pytest.mark.parametrize("name", ["musegnn", "musegnn:released"])
def test_stored_runs_keep_their_ids(name):
    """A setting at the default that it had before it was one is not part of a preset."""
    assert "stop" not in METHODS.load(name).preset("fast")
    assert declared_method(name, changed={"stop": "validation"}).params["stop"] == "validation"
