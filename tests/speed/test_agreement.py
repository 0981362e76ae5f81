"""The plain models compute what ours compute."""

import pytest
import torch

pytest.importorskip("torch_geometric")

from genearena.methods.example import example_graphs
from speed.agreement import copy_weights, largest_difference, same_step
from speed.made_up import random_task
from speed.ours import NEURAL, build
from speed.plain.model import plain_adam, plain_step
from speed.plain.models import PLAIN


def pair_of(method, graphs):
    """Return our model and the plain one with our weights."""
    ours, plain = build(method, graphs), PLAIN[method](graphs)
    copy_weights(ours, plain)
    return ours, plain


@pytest.mark.parametrize("method", NEURAL)
@pytest.mark.parametrize("position", [0, 2])
def test_vectors_loss_and_gradients_agree(method, position):
    """On graphs of different sizes and groups, with isolated genes, to 1e-5."""
    ours, theirs = same_step(*pair_of(method, example_graphs()), position)
    torch.testing.assert_close(ours.vectors, theirs.vectors, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(ours.loss, theirs.loss, atol=1e-5, rtol=1e-5)
    assert ours.gradients.keys() == theirs.gradients.keys()
    for name, want in theirs.gradients.items():
        got, scale = ours.gradients[name], max(float(want.abs().max()), 1e-2)
        torch.testing.assert_close(got / scale, want / scale, atol=1e-5, rtol=0, msg=name)
    assert largest_difference(ours, theirs) < 1e-5


@pytest.mark.parametrize("method", NEURAL)
def test_steps_lead_to_the_same_weights(method, monkeypatch):
    """After five steps with Adam on the same draws the losses still agree."""
    ours, plain = pair_of(method, random_task(2, 50, 30, 200))
    optimizer = plain_adam(plain, *ours.rates)
    monkeypatch.setattr(plain, "draw", ours.coming_draw)
    for _ in range(5):
        plain_step(plain, optimizer, 0)
        ours.step(0)
    want = plain.loss(0, ours.coming_draw(0))
    torch.testing.assert_close(ours.loss(0), want, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("method", NEURAL)
def test_every_weight_of_the_plain_model_is_ours(method):
    """Names and number of parameters are the same after translation."""
    ours, plain = pair_of(method, example_graphs())
    assert sum(w.numel() for w in plain.parameters()) == sum(
        w.numel() for w in ours.weights().values()
    )


def test_another_weight_is_noticed():
    """A model whose weights differ a little is not said to agree."""
    ours, plain = pair_of("gae", example_graphs())
    with torch.no_grad():
        plain.encoder.first[0].lin.weight.mul_(1.01)
    assert largest_difference(*same_step(ours, plain, 0)) > 1e-3


@pytest.mark.parametrize("method", ["musegnn", "vgae", "mae"])
def test_plain_draws_fit_the_step(method):
    """What a plain model draws for itself gives a finite loss, another one each time."""
    plain = PLAIN[method](random_task(3, 50, 30, 200))
    torch.manual_seed(0)
    losses = {plain.loss(0, plain.draw(0)).item() for _ in range(4)}
    assert len(losses) > 1
    assert all(loss < 1e3 for loss in losses)
