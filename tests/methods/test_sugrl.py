"""SUGRL."""

import math

import numpy as np
import pytest
import torch
from untrained import untrained

from genearena.methods import sugrl
from genearena.methods._nn.seeding import dropout, generator
from genearena.methods.sugrl import LISTS, SUGRL, lists_of_step, neighbour_lists


@pytest.mark.parametrize("sharing", ["dataset", "group", "all"])
def test_parameter_count_is_a_closed_formula(graphs, sharing):
    """512 (ΣC + N) for the first layer, 32 · 513 for the second."""
    cells = sum(graph.n_cells for graph in graphs)
    copies = {"dataset": len(graphs), "group": len(graphs.groups), "all": 1}[sharing]
    want = 512 * (cells + len(graphs)) + 32 * 513 * copies
    assert SUGRL(epochs=1, sharing=sharing).fit(graphs).n_parameters_ == want


def looped(graph):
    """Return A + I."""
    return torch.tensor(graph.adjacency.toarray()).float() + torch.eye(graph.n_genes)


def test_lists_go_round_the_neighbours_of_each_gene(graphs):
    """List j has neighbour j mod degree, so that a gene's column repeats with its degree."""
    adjacency = looped(graphs[0])
    table = neighbour_lists(adjacency)
    assert table.shape == (LISTS, len(adjacency)) == (100, 40)
    for gene, row in enumerate(adjacency.tolist()):
        around = [other for other, linked in enumerate(row) if linked]
        column = table[:, gene].tolist()
        assert column == [around[j % len(around)] for j in range(100)]
        assert column[: -len(around)] == column[len(around) :]
        assert set(column) == set(around)


def test_a_step_takes_every_other_list_from_its_own_number():
    """Five of a hundred lists, which come round again after a hundred steps."""
    assert lists_of_step(0) == [0, 2, 4, 6, 8]
    assert lists_of_step(97) == [97, 99, 1, 3, 5]
    assert lists_of_step(123) == lists_of_step(23)


def naive_loss(method, anchors, structural, neighbours, negatives):
    """Compute the loss in plain Python, gene by gene."""

    def distances(others):
        # as torch has it, which the published code calls
        return [
            math.dist([a + 1e-6 for a in anchor], other)
            for anchor, other in zip(anchors.tolist(), others.tolist(), strict=True)
        ]

    near, linked = distances(structural), distances(neighbours)
    terms = [0.0, 0.0, 0.0]
    for rows in negatives:
        for p, q, far in zip(near, linked, distances(rows), strict=True):
            terms[0] += max(0.0, p - far + method.margin) / len(near)
            terms[1] += max(0.0, q - far + method.margin) / len(near)
            upper = far - p - method.margin - method.upper_margin
            terms[2] += max(0.0, upper) / len(negatives)
    weights = method.structural_weight, method.neighbour_weight, method.upper_weight
    return sum(w * term for w, term in zip(weights, terms, strict=True))


@pytest.mark.parametrize("weights", [(20.0, 20.0, 1.0), (1.0, 0.0, 0.0), (0.0, 0.0, 2.0)])
def test_loss_equals_a_loop_over_genes(weights):
    """Means over genes of two margins, summed over negatives, and a sum of the third."""
    names = ("structural_weight", "neighbour_weight", "upper_weight")
    method = SUGRL(margin=0.7, upper_margin=0.1, **dict(zip(names, weights, strict=True)))
    vectors = torch.randn(6, 9, 4, generator=generator(1, "test")).double()
    anchors, structural, neighbours, *negatives = vectors
    got = method._margins(anchors, structural, neighbours, torch.stack(negatives))
    want = naive_loss(method, anchors, structural, neighbours, negatives)
    assert want > 0
    assert got.item() == pytest.approx(want, abs=1e-9)


def test_the_upper_bound_does_not_pull_the_positive():
    """In it the distance to the positive is a constant; the margins do pull it."""
    gradients = []
    for weights in ((0.0, 1.0), (1.0, 0.0)):
        structural, upper = weights
        method = SUGRL(structural_weight=structural, neighbour_weight=0.0, upper_weight=upper)
        source = generator(0, "test")
        anchors, positive = torch.randn(2, 5, 3, generator=source)
        positive.requires_grad_()
        far = (anchors + 9)[None]
        near = (anchors + 0.1)[None]
        torch.autograd.backward(method._margins(anchors, positive, anchors, far if upper else near))
        gradients.append(float(positive.grad.abs().max()))
    assert gradients[0] == 0 < gradients[1]


def test_a_step_compares_with_neighbours_and_with_its_own_genes_in_another_order(
    graphs, monkeypatch
):
    """What the loss is given, against its definitions; every graph counts its own steps."""
    training = untrained(SUGRL(dim=6, negatives=3), graphs)
    seen, thinned = [], []

    def spy(x, share, source):
        thinned.append((share, x, dropout(x, share, source)))
        return thinned[-1][-1]

    monkeypatch.setattr(sugrl, "dropout", spy)
    training._margins = lambda *parts: seen.append(parts) or parts[0].sum()
    training._loss(0)
    adjacency = looped(graphs[1])
    scale = adjacency.sum(dim=1).rsqrt()
    for step in range(2):
        training._loss(1)
        anchors, structural, neighbours, negatives = seen[-1]
        (input_share, x, thin_x), (share, h, thin_h) = thinned[-2:]
        assert (input_share, share) == (0.4, 0.2)
        assert x is training.inputs[1]
        assert h is anchors
        torch.testing.assert_close(anchors, training.encoders[1](thin_x))
        torch.testing.assert_close(structural, scale[:, None] * adjacency * scale @ thin_h)
        for gene, row in enumerate(adjacency.tolist()):
            around = [other for other, linked in enumerate(row) if linked]
            picked = [around[(step + k) % len(around)] for k in (0, 2, 4, 6, 8)]
            torch.testing.assert_close(neighbours[gene], h[picked].mean(dim=0))
        assert negatives.shape == (3, *h.shape)
        for rows in negatives:
            assert not torch.equal(rows, h)
            assert sorted(map(tuple, rows.tolist())) == sorted(map(tuple, h.tolist()))


def test_vectors_are_averaged_over_neighbours_and_of_length_one(graphs):
    """Rows divided by their L1 norm, the perceptron, Â, rows divided by their length."""
    training = untrained(SUGRL(dim=6), graphs)
    x = graphs[0].x / np.abs(graphs[0].x).sum(axis=1, keepdims=True)
    first, _, second = training.encoders[0]
    weights = [parameter.detach().numpy() for parameter in (first.weight, second.weight)]
    h = np.maximum(x @ weights[0].T, 0) @ weights[1].T  # biases begin at zero
    adjacency = looped(graphs[0]).numpy()
    degrees = adjacency.sum(axis=1)
    p = (adjacency / np.sqrt(np.outer(degrees, degrees))) @ h
    want = p / np.linalg.norm(p, axis=1, keepdims=True)
    np.testing.assert_allclose(training._encode(0).detach().numpy(), want, atol=1e-5)


def test_training_lowers_the_loss(graphs):
    """Neighbours come closer than others by about the margin."""
    losses = SUGRL(epochs=40).fit(graphs).losses_
    assert losses[-1] < 0.5 * losses[0]
