"""What the methods trained per graph have in common: sharing, dropout, scaled input, decay."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.preprocessing import StandardScaler
from untrained import untrained

from genearena.methods._nn.graph_tensors import GraphTensors
from genearena.methods._nn.seeding import dropout, generator
from genearena.methods.registry import EXTRA, METHODS

NAMES = ("grace", "sugrl", "graphmae")


def moved(training, position):
    """Return for every graph whether a step of one changes what it would be given as vectors."""
    with torch.no_grad():
        before = [training._encode(k) for k in range(len(training.tensors))]
        weights = [p.clone() for p in training.decoders.parameters()]
    optimizer = training._optimizer()
    training._step(optimizer, position)
    training._step(optimizer, position)
    with torch.no_grad():
        after = [training._encode(k) for k in range(len(training.tensors))]
    assert not weights or any(
        not torch.equal(p, q) for p, q in zip(weights, training.decoders.parameters(), strict=True)
    )
    return [not torch.equal(a, b) for a, b in zip(before, after, strict=True)]


@pytest.mark.parametrize("name", NAMES)
def test_graphs_are_trained_apart_unless_their_group_shares(graphs, name):
    """A step of one graph moves its own vectors, and with sharing those of its group."""
    groups = [graph.group for graph in graphs]
    method = METHODS.load(name)
    assert moved(untrained(method(), graphs), 0) == [True, False, False]
    want = [group == groups[0] for group in groups]
    assert 1 < sum(want) < 3
    assert moved(untrained(method(sharing="group"), graphs), 0) == want


@pytest.mark.parametrize("name", NAMES)
def test_only_first_layers_are_a_graphs_own_where_a_group_shares(graphs, name):
    """What has one size in all graphs is one for the group, but for the first layer's vectors."""
    training = untrained(METHODS.load(name)(sharing="group"), graphs)
    sides = [side for side in (training.encoders, training.decoders) if len(side)]
    for side in sides:
        one, two = ({id(p): p for p in side[position].parameters()} for position in (0, 1))
        own = [p for key, p in one.items() if key not in two]
        shared = [p for key, p in one.items() if key in two]
        assert shared
        assert all(graphs[0].n_cells not in p.shape for p in shared)
        if side is training.encoders:
            assert any(graphs[0].n_cells in p.shape for p in own)


def test_extra_methods_compete_and_are_in_the_registry():
    """They are no controls."""
    assert set(NAMES) <= set(EXTRA) <= set(METHODS.names)
    assert not any(METHODS.load(name).control for name in NAMES)


@pytest.mark.parametrize("share", [0.1, 0.6])
def test_dropout_drops_a_share_and_scales_the_rest(share):
    """The dropped are within chance, the rest as large as makes up for them; None drops nothing."""
    x = 1 + torch.rand(300, 200, generator=generator(0, "test"))
    source = generator(1, "test")
    out = dropout(x, share, source)
    kept = out != 0
    torch.testing.assert_close(out[kept], x[kept] / (1 - share))
    low, high = stats.binom.interval(1 - 1e-6, x.numel(), share)
    assert low <= int((~kept).sum()) <= high
    assert not torch.equal(out, dropout(x, share, source))
    assert dropout(x, share, None) is dropout(x, 0.0, source) is x


def test_gradients_pass_through_what_is_kept():
    """By the factor it was scaled by."""
    x = torch.ones(1000, requires_grad=True)
    out = dropout(x, 0.5, generator(0, "test"))
    torch.autograd.backward(out.sum())
    assert torch.equal(x.grad, out.detach())


def test_profiles_are_standardised_as_by_scikit_learn(graphs):
    """Each cell's column over genes; one that is constant becomes zeros."""
    (graph, *_) = graphs
    x = graph.x.copy()
    x[:, 3] = 2.5
    got = GraphTensors(replace(graph, x=x), torch.device("cpu")).standardised
    want = StandardScaler().fit_transform(x.astype(np.float64))
    np.testing.assert_allclose(got.numpy(), want, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_weights_decay_as_those_of_torch(graphs, name):
    """The optimiser has the setting, which under `paper` is the published one."""
    method = METHODS.load(name)
    published = {"grace": 1e-5, "sugrl": 5e-5, "graphmae": 2e-4}
    assert method.preset("paper")["weight_decay"] == published[name]
    groups = untrained(method(weight_decay=0.25), graphs)._optimizer().param_groups
    assert {group["weight_decay"] for group in groups} == {0.25}
