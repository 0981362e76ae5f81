"""MuSe-GNN's profiles in other axes: the same network at its start, and steps as long."""

import numpy as np
import pytest
import torch
from speed.made_up import random_task
from untrained import untrained

from genearena.methods._nn.features import Turned
from genearena.methods.encoders.registry import ENCODERS
from genearena.methods.musegnn import MuSeGNN

GENES = 40
SOURCE = torch.Generator


@pytest.mark.parametrize("encoder", ENCODERS.builtin)
@pytest.mark.parametrize("cells", [100, 128])
def test_the_network_begins_as_with_profiles(encoder, cells) -> None:
    """Vectors and losses, also where hidden layers are as wide as there are cells."""
    graphs = random_task(2, GENES, cells, 120)
    own, turned = (
        untrained(MuSeGNN(encoder=encoder, features=features), graphs)
        for features in ("own", "rotated")
    )
    assert turned.inputs[0].shape == (GENES, GENES)
    for position in range(2):
        torch.testing.assert_close(
            own._encode(position), turned._encode(position), rtol=1e-3, atol=1e-4
        )
        torch.testing.assert_close(
            own._loss(position), turned._loss(position), rtol=1e-4, atol=1e-5
        )


def test_inner_products_stay() -> None:
    """But for the scale; also of profiles that span fewer dimensions than there are genes."""
    x = torch.randn(GENES, 100)
    x[3], x[7] = 0.0, x[5]
    turned = Turned.of(x, SOURCE().manual_seed(0))
    assert turned.x.shape == (GENES, GENES - 2)
    longer = 100 / (GENES - 2)
    torch.testing.assert_close(turned.x @ turned.x.mT, longer * x @ x.mT, rtol=1e-4, atol=1e-3)
    axes = x.mT @ turned.basis.float()
    torch.testing.assert_close(turned.x @ axes.mT, x, rtol=1e-4, atol=1e-4)


def test_axes_are_drawn() -> None:
    """Two sources give features in other directions, and none those of singular vectors."""
    x = torch.randn(GENES, 100)
    one, same, other = (Turned.of(x, SOURCE().manual_seed(seed)).x for seed in (0, 0, 1))
    assert torch.equal(one, same)
    assert not torch.allclose(one, other, atol=0.1)
    products = one.mT @ one
    assert products.fill_diagonal_(0).abs().max() > 0.1 * (one**2).sum(dim=0).mean()


def test_a_step_of_adam_moves_a_layer_as_far() -> None:
    """What a first layer gives changes about as much for equal learning rates.

    Of all cells' signs of the gradient, which are what a first step of Adam takes, a third of the
    squares has nothing to do with it and is mostly not seen by profiles; of few features' it is.
    """
    torch.manual_seed(0)
    x, target = torch.randn(60, 900), torch.randn(60, 32)
    turned = Turned.of(x, SOURCE().manual_seed(0))
    wide = torch.nn.Linear(900, 32)
    narrow = torch.nn.Linear(60, 32)
    turned.take_weights(narrow, wide)
    moved = []
    for layer, features in ((wide, x), (narrow, turned.x)):
        before = layer(features)
        torch.nn.functional.mse_loss(before, target).backward()
        layer.bias.grad = None
        torch.optim.Adam(layer.parameters(), lr=1e-4).step()
        moved.append((layer(features) - before).norm().item())
    assert 0.8 < moved[0] / moved[1] < 1


@pytest.mark.parametrize("cells", [GENES, GENES - 10])
def test_nothing_is_turned_where_cells_are_not_more(cells) -> None:
    """The vectors are those of the profiles, bit by bit."""
    graphs = random_task(2, GENES, cells, 120)
    assert Turned.of(torch.randn(GENES, cells), SOURCE()) is None
    own, turned = (
        MuSeGNN(epochs=2, features=features).fit(graphs).embed() for features in ("own", "rotated")
    )
    assert all(np.array_equal(a, b) for a, b in zip(own, turned, strict=True))


def test_a_training_with_more_cells_than_genes_is_reproducible() -> None:
    """By the seed; and stopping on hidden edges embeds the whole graphs in the same axes."""
    graphs = random_task(2, GENES, 100, 120)
    fitted = [MuSeGNN(epochs=3, features="rotated", stop="validation") for _ in range(2)]
    first, second = (method.fit(graphs).embed() for method in fitted)
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
