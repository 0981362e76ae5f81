"""Random choices of a training step, made before it."""

import numpy as np
import pytest
import torch
from scipy import stats
from untrained import untrained, untrained_seeds

from genearena.methods._nn.draws import Draws
from genearena.methods._nn.members import entries_of
from genearena.methods._nn.seeding import generator
from genearena.methods.gae import GAE
from genearena.methods.mae import MAE, lowest_entries
from genearena.methods.musegnn import MuSeGNN
from genearena.methods.vgae import VGAE
from genearena.methods.wsmae import WSMAE

NEURAL = [GAE, VGAE, MAE, WSMAE, MuSeGNN]
DRAWING = [VGAE, MAE, MuSeGNN]


@pytest.mark.parametrize("method", NEURAL)
def test_a_step_whose_choices_are_made_leaves_nothing_to_chance(method, graphs):
    """The same draws give the same losses as often as asked, whatever is drawn in between."""
    batch = untrained(method(), graphs)
    draws = batch.draw(1, [0])
    first = batch.loss_given(1, [0], draws)
    batch.loss(1, [0])
    assert torch.equal(batch.loss_given(1, [0], draws), first)


@pytest.mark.parametrize("method", DRAWING)
def test_steps_draw_afresh(method, graphs):
    """Some of four steps in a row have another loss than the first."""
    batch = untrained(method(**({"n_private": 5} if method is MuSeGNN else {})), graphs)
    assert len({batch.loss(1, [0]).item() for _ in range(4)}) > 1


@pytest.mark.parametrize("method", DRAWING)
def test_a_seed_draws_the_same_alone_and_among_others(method, graphs):
    """The losses of three seeds in a batch are those of each alone."""
    together = untrained_seeds([method(seed=seed) for seed in range(3)], [graphs] * 3)
    alone = [untrained(method(seed=seed), graphs) for seed in range(3)]
    for position in (0, 1, 2, 0):
        want = torch.cat([batch.loss(position, [0]) for batch in alone])
        torch.testing.assert_close(together.loss(position, [0, 1, 2]), want, atol=1e-5, rtol=1e-5)


def test_seeds_are_grouped_by_the_partner_they_drew(graphs):
    """Every seed is in the group of one other graph, with rows of private genes per seed."""
    batch = untrained_seeds([MuSeGNN(seed=s, n_private=3) for s in range(8)], [graphs] * 8)
    draws = batch.draw(1, [0, 2, 4, 5, 7])
    assert {other for other, _ in draws.choices} == {0, 2}
    assert sorted(place for _, places in draws.choices for place in places) == [0, 1, 2, 3, 4]
    for (other, places), index, rows, others in zip(
        draws.choices, draws.tensors[::3], draws.tensors[1::3], draws.tensors[2::3], strict=True
    ):
        assert index.tolist() == list(places)
        assert rows.shape == others.shape == (len(places), 3)
        mine, theirs = (set(graphs[k].genes) for k in (1, other))
        assert {graphs[1].genes[row] for row in rows.flatten()} <= mine - theirs
        assert {graphs[other].genes[row] for row in others.flatten()} <= theirs - mine


def test_draws_stay_where_they_are_wanted():
    """Nothing is copied for the device that holds the draws already."""
    draws = Draws(tensors=(torch.ones(3),))
    assert draws.to(torch.device("cpu")) is draws


def test_entries_of_some_seeds():
    """One entry per seed is picked by seed; one entry serves all."""
    each = torch.arange(12.0).view(4, 3)
    np.testing.assert_array_equal(entries_of(each, [0, 3]), each.numpy()[[0, 3]])
    assert entries_of(each, [0, 1, 2, 3]) is each
    assert entries_of(each[:1], [1, 2]).shape == (1, 3)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5])
def test_the_gpu_hides_the_exact_share_uniformly(share):
    """Each draw has round(share · size) entries, each entry equally often, seeds apart."""
    sources = [generator(seed, "masks") for seed in (0, 1)]
    shape = torch.Size((5, 7))
    drawn = torch.stack([lowest_entries(shape, share, sources) for _ in range(2000)])
    assert drawn.shape == (2000, 2, 5, 7)
    counts = drawn.sum(dim=(-2, -1))
    assert (counts == round(share * 35)).all()
    for seed in (0, 1):
        often = drawn[:, seed].double().sum(dim=0).flatten().numpy()
        assert stats.chisquare(often).pvalue > 1e-3
    assert not torch.equal(drawn[:, 0], drawn[:, 1])
