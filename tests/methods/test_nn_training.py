"""Training loop and seeding of the torch methods."""

import pytest
import torch
from torch import nn

from genearena.data.common.errors import MethodError, UsageError
from genearena.methods._nn.seed_batch import Network, SeedBatch
from genearena.methods._nn.seeding import fresh_weights, generator
from genearena.methods._nn.training import Schedule, train
from genearena.methods.gae import GAE
from genearena.methods.musegnn import MuSeGNN
from genearena.methods.progress import listening


class Scalar(nn.Module):
    """The loss (w - target)² of one scalar that starts at 5."""

    def __init__(self):
        super().__init__()
        self.value = nn.Parameter(torch.tensor(5.0))

    def forward(self, target):
        return (self.value - target) ** 2


class ScalarBatch(SeedBatch):
    """Graph 0 trains encoder 0, graph 1 decoder 1; encoder 1 and decoder 0 are never used."""

    def __init__(self, targets=((0.0, 1.0),)):
        networks = [Network(*(nn.ModuleList([Scalar(), Scalar()]) for _ in "ed")) for _ in targets]
        super().__init__(networks, tensors=[None, None])
        self.targets = torch.tensor(targets)

    def encode(self, position, members):
        raise NotImplementedError

    def loss(self, position, members):
        run = self.run_decoder if position else self.run_encoder
        return run(position, members, self.targets[list(members), position]).reshape(-1)


def values(network):
    """Return all scalars of a network."""
    return [p.item() for p in network.parameters()]


def test_only_touched_parameters_are_stepped_each_with_its_rate():
    """Adam's first step moves a parameter by its learning rate, and an unused one not at all."""
    batch = ScalarBatch()
    curves = train(batch, Schedule(1, 0.1, 0.2))
    assert values(batch.networks[0]) == pytest.approx([4.9, 5.0, 5.0, 4.8])
    assert curves == [pytest.approx(((25 + 16) / 2,))]


def test_every_seed_has_its_own_weights_losses_and_moments():
    """Seeds that want other numbers go other ways, each as Adam alone would take it."""
    targets = ((0.0, 1.0), (9.0, 5.5), (4.9, -2.0))
    batch = ScalarBatch(targets)
    curves = train(batch, Schedule(20, 0.1, 0.2))
    for network, curve, target in zip(batch.networks, curves, targets, strict=True):
        alone = ScalarBatch((target,))
        assert train(alone, Schedule(20, 0.1, 0.2)) == [pytest.approx(curve)]
        assert values(alone.networks[0]) == pytest.approx(values(network))


def test_a_seed_stops_after_its_patience_while_others_train_on():
    """A seed at its minimum makes no progress for 2 epochs and stops; the other goes on."""
    batch = ScalarBatch(((5.0, 5.0), (0.0, 1.0)))
    still, moving = train(batch, Schedule(10, 0.1, 0.2, patience=2))
    assert still == (0.0, 0.0, 0.0)
    assert values(batch.networks[0]) == [5.0] * 4
    alone = ScalarBatch(((0.0, 1.0),))
    assert train(alone, Schedule(10, 0.1, 0.2)) == [pytest.approx(moving)]
    assert values(alone.networks[0]) == pytest.approx(values(batch.networks[1]))


def test_training_ends_when_no_seed_is_left():
    """Nothing is reported once all seeds have stopped."""
    heard = []
    with listening(lambda *report: heard.append(report)):
        curves = train(ScalarBatch(((5.0, 5.0),) * 2), Schedule(10, 0.1, 0.2, patience=1))
    assert curves == [(0.0, 0.0)] * 2
    assert len(heard) == 2


def test_progress_is_reported_every_epoch():
    """The listener hears of each epoch with its loss, averaged over graphs and seeds."""
    heard = []
    with listening(lambda *report: heard.append(report)):
        curves = train(ScalarBatch(((0.0, 1.0), (3.0, 2.0))), Schedule(3, 0.1, 0.1))
    assert [(epoch, total) for epoch, total, _ in heard] == [(1, 3), (2, 3), (3, 3)]
    want = [sum(losses) / 2 for losses in zip(*curves, strict=True)]
    assert [loss for _, _, loss in heard] == pytest.approx(want)


def test_divergence_names_the_epoch_and_the_learning_rates(graphs):
    """A loss that is no longer finite stops the training with one line of advice."""
    with pytest.raises(MethodError, match=r"epoch \d+; lower the learning rates \(1e\+30\)"):
        GAE(epochs=5, lr=1e30).fit(graphs)
    with pytest.raises(MethodError, match=r"epoch \d+; lower the learning rates \(1e\+30 and 0\.1"):
        MuSeGNN(epochs=5, lr_encoder=1e30, lr_decoder=0.1).fit(graphs)


def test_one_seed_that_diverges_is_noticed_in_a_batch():
    """A loss that is infinite for one seed alone stops the batch."""
    with pytest.raises(MethodError, match="loss became inf in epoch 1"):
        train(ScalarBatch(((0.0, 1.0), (1e30, 1.0))), Schedule(3, 0.1, 0.1))


def test_streams_differ_by_seed_and_purpose_and_repeat():
    """The same seed and purpose give the same numbers, any other different ones."""

    def numbers(seed, purpose):
        return torch.rand(4, generator=generator(seed, purpose)).tolist()

    assert numbers(0, "a") == numbers(0, "a")
    assert numbers(0, "a") != numbers(1, "a")
    assert numbers(0, "a") != numbers(0, "b")


def test_initialisation_leaves_the_global_generator_alone():
    """Weights depend on the seed alone and drawing them does not advance torch's generator."""
    before = torch.get_rng_state()
    with fresh_weights(3):
        weight = nn.Linear(4, 4).weight
    assert torch.equal(before, torch.get_rng_state())
    torch.rand(1)
    with fresh_weights(3):
        assert torch.equal(weight, nn.Linear(4, 4).weight)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs is 0, want at least 1"),
        ({"dim": 0}, "dim is 0, want at least 1"),
        ({"lr_decoder": 0.0}, "lr_decoder is 0.0, want more than 0"),
        ({"heads": (4,)}, r"heads is \(4,\), entry 2: it is missing"),
        ({"temperature": 0.0}, "temperature is 0.0, want more than 0"),
    ],
)
def test_settings_out_of_range_are_refused(graphs, settings, message):
    """Impossible settings give one line that names them."""
    with pytest.raises(UsageError, match=message):
        MuSeGNN(**settings).fit(graphs)
