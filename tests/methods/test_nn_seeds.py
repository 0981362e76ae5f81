"""Seeds trained as one batch learn what each learns alone."""

import numpy as np
import pytest
import torch
from untrained import untrained, untrained_seeds

from genearena.data.common.errors import UsageError
from genearena.data.holdout import hide_edges
from genearena.methods._nn.training import Schedule, adam
from genearena.methods.musegnn import MuSeGNN
from genearena.methods.registry import METHODS

NAMES = ("gae", "vgae", "mae", "wsmae", "musegnn")
OF_EDGES = ("gae", "vgae", "wsmae", "musegnn")
SEEDS = (3, 1, 4)


def seeded(name, seeds=SEEDS, **settings):
    """Return a method per seed."""
    return [METHODS.load(name)(seed=seed, **settings) for seed in seeds]


def own_views(graphs):
    """Return the task with other edges hidden for every seed."""
    return [hide_edges(graphs, fraction=0.2, seed=seed)[0] for seed in SEEDS]


def fitted(name, views, seeds=SEEDS, **settings):
    """Train the seeds as one batch."""
    methods = seeded(name, seeds, **settings)
    type(methods[0]).fit_seeds(methods, views)
    return methods


def assert_same(got, want):
    """Compare vectors to 1e-5 of a graph's largest entry, losses to 1e-5 of each."""
    for ours, theirs in zip(got.embed(), want.embed(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5 * np.abs(theirs).max())
    np.testing.assert_allclose(got.losses_, want.losses_, rtol=1e-5)
    assert got.n_parameters_ == want.n_parameters_


@pytest.mark.parametrize("own", [False, True], ids=["shared edges", "own edges"])
@pytest.mark.parametrize("name", NAMES)
def test_a_seed_of_a_batch_learns_what_it_learns_alone(graphs, name, own):
    """At the published rates vectors and losses are those of each seed alone."""
    views, epochs = (own_views(graphs), 20) if own else ([graphs] * len(SEEDS), 50)
    together = fitted(name, views, epochs=epochs)
    for method, seed, view in zip(together, SEEDS, views, strict=True):
        (alone,) = seeded(name, [seed], epochs=epochs)
        assert_same(method, alone.fit(view))


@pytest.mark.parametrize("name", NAMES)
def test_company_does_not_change_the_losses_of_a_seed(graphs, name):
    """Whoever else is in the batch, and wherever, seed 5 draws its own random numbers."""
    # fewer than there are, so that they are drawn
    settings, seen = {"n_private": 5} if name == "musegnn" else {}, []
    for seeds in ([5], [1, 5, 9], [9, 2, 1, 5]):
        batch = untrained_seeds(seeded(name, seeds, **settings), [graphs] * len(seeds))
        members, place = range(len(seeds)), seeds.index(5)
        steps = [batch.loss(k, members) for _ in range(4) for k in range(len(graphs))]
        seen.append(torch.stack([losses[place] for losses in steps]).detach())
        if len(seeds) > 1:
            assert (torch.stack(steps)[:, 0] != torch.stack(steps)[:, -1]).all()
    torch.testing.assert_close(seen[1], seen[0], rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(seen[2], seen[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_some_members_of_a_batch_see_their_own_edges_and_weights(graphs, name):
    """The vectors of the first and last seed are theirs, whoever is left out."""
    views = own_views(graphs)
    batch = untrained_seeds(seeded(name), views)
    for members in ([0, 2], [1], [1, 2]):
        for position in range(len(graphs)):
            got = batch.encode(position, members)
            alone = [untrained(seeded(name)[k], views[k]).encode(position, [0]) for k in members]
            torch.testing.assert_close(got, torch.cat(alone), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", OF_EDGES)
def test_own_edges_are_asked_of_each_seed(graphs, name):
    """The first losses of a batch differ from those under shared edges."""
    views = own_views(graphs)
    own = untrained_seeds(seeded(name), views).loss(0, range(3))
    shared = untrained_seeds(seeded(name), [graphs] * 3).loss(0, range(3))
    assert ((own - shared).abs() > 1e-4).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_step_of_all_seeds_is_one_pass(graphs, name):
    """The encoder of the graph at hand runs once, with all seeds in its leading dimension."""
    batch, shapes = untrained_seeds(seeded(name), [graphs] * 3), []
    for network in batch.networks:
        network.encoders[0].register_forward_hook(lambda _m, _args, out: shapes.append(out.shape))
    batch.loss(0, range(3)).sum().backward()
    assert [shape[:2] for shape in shapes] == [(3, graphs[0].n_genes)]
    first = [list(network.encoders[0].parameters()) for network in batch.networks]
    assert all(p.grad.abs().sum() > 0 for mine in first for p in mine[:1])


def test_partner_graphs_are_drawn_by_each_seed(graphs):
    """Seeds of a batch draw what they draw alone, so that their partners differ at times."""
    batch = untrained_seeds(seeded("musegnn"), [graphs] * 3)
    alone = [untrained(method, graphs) for method in seeded("musegnn")]
    together = [partners_by_member(batch, step % 3, range(3)) for step in range(60)]
    want = [[partners_by_member(a, step % 3, [0])[0] for a in alone] for step in range(60)]
    assert together == want
    assert any(len(set(partners)) > 1 for partners in together)


def partners_by_member(batch, position, members):
    """Return the partner that each member draws."""
    drawn = batch._partners(position, members)
    by_place = {place: other for other, places in drawn.items() for place in places}
    return [by_place[place] for place in range(len(members))]


def test_layers_a_seed_does_not_touch_are_not_stepped(graphs):
    """A layer of graph 2 stays where its seed drew graph 1, though another seed drew graph 2."""
    batch = untrained_seeds(seeded("musegnn"), [graphs] * 3)
    optimizer = adam(batch, Schedule(1, 1e-2, 1e-2))
    before = [weights_of_graph_2(network) for network in batch.networks]
    # a first step gives all of them momentum, with which even a gradient of zero would move them
    step(batch, optimizer, {2: [0, 1, 2]})
    after_first = [weights_of_graph_2(network) for network in batch.networks]
    step(batch, optimizer, {1: [0, 2], 2: [1]})
    after_second = [weights_of_graph_2(network) for network in batch.networks]
    assert not any(map(torch.equal, before, after_first))
    stayed = list(map(torch.equal, after_first, after_second))
    assert stayed == [True, False, True]


def weights_of_graph_2(network):
    """Return a copy of all weights of the encoder that graphs 0 and 1 do not use."""
    return torch.cat([p.detach().reshape(-1) for p in network.encoders[2].parameters()])


def step(batch, optimizer, partners):
    """Take one step for graph 0 with the given partner graphs."""
    batch._partners = lambda position, members: partners
    optimizer.zero_grad(set_to_none=True)
    batch.loss(0, range(3)).sum().backward()
    optimizer.step()


# settings under which seeds stop at different epochs, none of them by a hair
EARLY = {
    "vgae": {"epochs": 30, "patience": 3},
    "mae": {"epochs": 60, "patience": 1},
    "wsmae": {"epochs": 20, "patience": 1, "lr_encoder": 1e-2, "lr_decoder": 1e-2},
    "musegnn": {"epochs": 30, "patience": 1},
}


@pytest.mark.parametrize("name", EARLY)
def test_a_seed_that_stops_early_keeps_its_vectors(graphs, name):
    """While others train on it stays as it was when alone it would have stopped."""
    settings = EARLY[name]
    together = fitted(name, [graphs] * 3, seeds=(0, 1, 3), **settings)
    lengths = [len(method.losses_) for method in together]
    assert len(set(lengths)) > 1
    for method in together:
        (alone,) = seeded(name, [method.seed], **settings)
        assert_same(method, alone.fit(graphs))
        assert len(method.losses_) == first_stop(method.losses_, **settings)


def first_stop(losses, epochs, patience, **_rates):
    """Return the first epoch that ends `patience` epochs without a lower loss."""
    best, waited = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        best, waited = (loss, 0) if loss < best else (best, waited + 1)
        if waited == patience:
            return epoch
    return epochs


def test_without_patience_all_epochs_are_trained(graphs):
    """None trains to the end through losses that rise, of which patience sees the beginning."""
    (patient,) = fitted("vgae", [graphs], seeds=(3,), epochs=30)
    (hasty,) = fitted("vgae", [graphs], seeds=(3,), epochs=30, patience=3)
    assert len(patient.losses_) == 30
    assert len(hasty.losses_) == first_stop(patient.losses_, 30, 3) < 30
    assert patient.losses_[: len(hasty.losses_)] == hasty.losses_


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("patience", [0, -1])
def test_patience_below_one_is_refused(graphs, name, patience):
    """No epoch at all cannot be waited for."""
    with pytest.raises(UsageError, match=f"{name}: patience is {patience}, want at least 1"):
        METHODS.load(name)(patience=patience).fit(graphs)


def test_a_single_graph_is_trained_by_several_seeds(one_graph):
    """With no partners to draw a batch learns what each seed learns alone."""
    together = fitted("musegnn", [one_graph] * 3, epochs=3)
    for method in together:
        assert_same(method, MuSeGNN(seed=method.seed, epochs=3).fit(one_graph))
