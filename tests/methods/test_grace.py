"""GRACE."""

import math

import numpy as np
import pytest
import torch
from scipy import stats
from untrained import untrained

from genearena.methods._nn.contrastive import nt_xent
from genearena.methods._nn.seeding import generator
from genearena.methods.grace import GRACE, directed_edges, kept_cells, without_edges


def within_chance(hits, draws, chance):
    """Whether so many hits are within what 1 - 1e-6 of all such draws give."""
    low, high = stats.binom.interval(1 - 1e-6, draws, chance)
    return low <= hits <= high


@pytest.mark.parametrize("sharing", ["dataset", "group", "all"])
def test_parameter_count_is_a_closed_formula(graphs, sharing):
    """64 (ΣC + N) for the first layer; 2,080 for the second and 2,112 for a projector."""
    cells = sum(graph.n_cells for graph in graphs)
    copies = {"dataset": len(graphs), "group": len(graphs.groups), "all": 1}[sharing]
    want = 64 * (cells + len(graphs)) + (2_080 + 2_112) * copies
    assert GRACE(epochs=1, sharing=sharing).fit(graphs).n_parameters_ == want


def naive_loss(first, second, temperature):
    """Compute Eq. 1 and 2 of the paper, pair by pair in plain Python."""

    def similarity(a, b):
        cosine = sum(u * v for u, v in zip(a, b, strict=True)) / math.hypot(*a) / math.hypot(*b)
        return math.exp(cosine / temperature)

    def of(anchor, own, other):
        inter = sum(similarity(own[anchor], v) for v in other)
        intra = sum(similarity(own[anchor], v) for k, v in enumerate(own) if k != anchor)
        return -math.log(similarity(own[anchor], other[anchor]) / (inter + intra))

    u, v = first.tolist(), second.tolist()
    n = len(u)
    return sum(of(i, u, v) + of(i, v, u) for i in range(n)) / (2 * n)


@pytest.mark.parametrize("temperature", [0.4, 0.9])
@pytest.mark.parametrize("n", [1, 2, 11])
def test_loss_equals_a_loop_over_anchors(n, temperature):
    """Positives are in the other view, negatives in both, both directions count alike."""
    first, second = torch.randn(2, n, 5, generator=generator(n, "test")).double()
    unit = (torch.nn.functional.normalize(views, dim=-1) for views in (first, second))
    got = nt_xent(*unit, temperature)
    assert got.item() == pytest.approx(naive_loss(first, second, temperature), abs=1e-9)


def test_edges_are_dropped_one_direction_at_a_time(graphs):
    """The share left out is within chance, of single directions and of pairs; loops stay."""
    share, rounds = 0.3, 200
    adjacency = torch.tensor(graphs[0].adjacency.toarray()).float()
    links = directed_edges(adjacency + torch.eye(len(adjacency)))
    assert links.shape[1] == 2 * graphs[0].n_edges
    source = generator(0, "test")
    views = [without_edges(links, len(adjacency), share, source) for _ in range(rounds)]
    assert all((view.diagonal() == 1).all() for view in views)
    apart = [view - torch.eye(len(adjacency)) for view in views]
    assert all(((view == 0) | (view == 1)).all() and (view <= adjacency).all() for view in apart)
    gone = sum(int(adjacency.sum() - view.sum()) for view in apart)
    assert within_chance(gone, rounds * links.shape[1], share)
    both = sum(int(((view == 0) & (view.T == 0) & (adjacency == 1)).sum()) // 2 for view in apart)
    assert within_chance(both, rounds * graphs[0].n_edges, share**2)
    assert not torch.equal(views[0], views[1])


def test_cells_are_dropped_for_all_genes(graphs):
    """A view has whole columns of zeros, their share is within chance, and nothing is rescaled."""
    source = generator(0, "test")
    masks = torch.stack([kept_cells(50, 0.4, source) for _ in range(200)])
    assert set(masks.unique().tolist()) == {0.0, 1.0}
    assert within_chance(int((masks == 0).sum()), masks.numel(), 0.4)
    training = untrained(GRACE(), graphs)
    encoder, tensors = training.encoders[0], training.tensors[0]
    cells = kept_cells(graphs[0].n_cells, 0.4, source)
    masked = tensors.standardised.clone()
    masked[:, cells == 0] = 0
    got = encoder(tensors.standardised, tensors.propagation, cells)
    torch.testing.assert_close(got, encoder(masked, tensors.propagation))


@pytest.mark.parametrize("view", [False, True])
def test_encoder_equals_graph_convolutions_along_the_links_that_are_left(graphs, view):
    """GCNConv with the same weights; a link lets a gene see another, its twin the other way."""
    conv = pytest.importorskip("torch_geometric.nn").GCNConv
    training = untrained(GRACE(dim=6), graphs)
    encoder, x = training.encoders[1], training.tensors[1].standardised
    share = 0.4 if view else 0.0
    adjacency = without_edges(training.links[1], len(x), share, generator(0, "test"))
    seers, seen = directed_edges(adjacency)
    scale = adjacency.sum(dim=1).rsqrt()
    hidden = x
    for layer in (encoder.first, encoder.second):
        reference = conv(*layer.weight.shape)
        reference.lin.weight.data = layer.weight.detach().T
        hidden = torch.relu(reference(hidden, torch.stack([seen, seers])))
    got = encoder(x, scale[:, None] * adjacency * scale)
    torch.testing.assert_close(got, hidden, atol=1e-5, rtol=1e-4)
    if not view:
        torch.testing.assert_close(training._encode(1), hidden, atol=1e-5, rtol=1e-4)


def test_a_step_contrasts_projections_of_two_views_with_their_own_shares(graphs):
    """Each view has its share of edges and cells; unit vectors after the projector are compared."""
    shares = {"dropped_edges": (0.0, 1.0), "dropped_cells": (0.5, 0.0)}
    training = untrained(GRACE(dim=6, **shares), graphs)
    seen = []
    training.encoders[0].register_forward_hook(lambda _module, args, out: seen.append((args, out)))
    loss = training._loss(0)
    ((_, whole, some), u), ((_, alone, every), v) = (each for each in seen)
    torch.testing.assert_close(whole, training.tensors[0].propagation)
    assert torch.equal(alone, torch.eye(len(alone)))
    assert 0 < some.sum() < len(some)
    assert (every == 1).all()
    projected = [training.decoders[0](z) for z in (u, v)]
    assert loss.item() == pytest.approx(naive_loss(*projected, 0.4), rel=1e-5)


def test_vectors_are_not_negative_and_training_changes_the_projector_too(graphs):
    """They are what the encoder's last ReLU gives; the loss falls below that of chance."""
    method = GRACE(epochs=60, learning_rate=5e-3).fit(graphs)
    assert all((z >= 0).all() for z in method.embed())
    chance = np.mean([math.log(2 * graph.n_genes - 1) for graph in graphs])
    assert method.losses_[-1] < 0.8 * chance
