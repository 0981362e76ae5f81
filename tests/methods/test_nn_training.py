"""Training loop and seeding of the torch methods."""

import numpy as np
import pytest
import torch
from torch import nn
from untrained import untrained

from genearena.data.common.errors import MethodError, UsageError
from genearena.methods._nn.neural_method import NeuralMethod
from genearena.methods._nn.seeding import fresh_weights, generator
from genearena.methods.gae import GAE
from genearena.methods.musegnn import MuSeGNN
from genearena.methods.progress import listening
from genearena.methods.registry import METHODS
from genearena.methods.settings import with_settings
from genearena.methods.vgae import VGAE

NAMES = ("gae", "vgae", "mae", "wsmae", "musegnn", "grace", "sugrl", "graphmae")


class Scalar(nn.Module):
    """The loss (w - target)² of one scalar that starts at 5."""

    def __init__(self):
        super().__init__()
        self.value = nn.Parameter(torch.tensor(5.0))

    def forward(self, target):
        return (self.value - target) ** 2


@with_settings
class Scalars(NeuralMethod):
    """Graph 0 trains encoder 0, graph 1 decoder 1; encoder 1 and decoder 0 are never used."""

    name = "scalars"
    targets = (0.0, 1.0)

    epochs: int = 1
    lr_encoder: float = 0.1
    lr_decoder: float = 0.2
    patience: int | None = None

    def _encoders(self, graphs):
        return nn.ModuleList([Scalar(), Scalar()])

    _decoders = _encoders

    def _encode(self, position):
        raise NotImplementedError

    def _loss(self, position):
        side = self.decoders if position else self.encoders
        return side[position](self.targets[position])


def trained(graphs, targets=(0.0, 1.0), **settings):
    """Return the values of all scalars after a training on two graphs, and its losses."""
    method = Scalars(**settings)
    method.targets = targets
    training = untrained(method, graphs.with_graphs(graphs.graphs[:2]))
    losses = training._train()
    return [
        p.item() for side in (training.encoders, training.decoders) for p in side.parameters()
    ], losses


def test_only_touched_parameters_are_stepped_each_with_its_rate(graphs):
    """Adam's first step moves a parameter by its learning rate, and an unused one not at all."""
    values, losses = trained(graphs)
    assert values == pytest.approx([4.9, 5.0, 5.0, 4.8])
    assert losses == pytest.approx([(25 + 16) / 2])


def test_a_training_without_progress_ends_after_its_patience(graphs):
    """At the minimum nothing is gained for two epochs, and nothing more is reported."""
    heard = []
    with listening(lambda *report: heard.append(report)):
        values, losses = trained(graphs, (5.0, 5.0), epochs=10, patience=2)
    assert values == [5.0] * 4
    assert losses == (0.0, 0.0, 0.0)
    assert len(heard) == 3


def test_progress_is_reported_every_epoch(graphs):
    """The listener hears of each epoch with its loss, averaged over graphs."""
    heard = []
    with listening(lambda *report: heard.append(report)):
        _, losses = trained(graphs, epochs=3)
    assert [(epoch, total) for epoch, total, _ in heard] == [(1, 3), (2, 3), (3, 3)]
    assert tuple(loss for _, _, loss in heard) == losses


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_training_stays_on_the_method(graphs, name):
    """Settings and what was learned are left, no networks."""
    method = METHODS.load(name)(epochs=1)
    settings = set(vars(method))
    method.fit(graphs)
    assert set(vars(method)) - settings == {"losses_", "vectors_", "n_parameters_"}


@pytest.mark.parametrize("method", [VGAE, METHODS.load("mae"), MuSeGNN])
def test_steps_draw_afresh(method, graphs):
    """Some of four steps in a row have another loss than the first."""
    training = untrained(method(**({"n_private": 5} if method is MuSeGNN else {})), graphs)
    assert len({training._loss(1).item() for _ in range(4)}) > 1


def first_stop(losses, epochs, patience):
    """Return the first epoch that ends `patience` epochs without a lower loss."""
    best, waited = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        best, waited = (loss, 0) if loss < best else (best, waited + 1)
        if waited == patience:
            return epoch
    return epochs


def test_without_patience_all_epochs_are_trained(graphs):
    """None trains to the end through losses that rise, of which patience sees the beginning."""
    patient = VGAE(seed=3, epochs=30).fit(graphs)
    hasty = VGAE(seed=3, epochs=30, patience=3).fit(graphs)
    assert len(patient.losses_) == 30
    assert len(hasty.losses_) == first_stop(patient.losses_, 30, 3) < 30
    assert patient.losses_[: len(hasty.losses_)] == hasty.losses_


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("patience", [0, -1])
def test_patience_below_one_is_refused(graphs, name, patience):
    """No epoch at all cannot be waited for."""
    with pytest.raises(UsageError, match=f"{name}: patience is {patience}, want at least 1"):
        METHODS.load(name)(patience=patience).fit(graphs)


def test_divergence_names_the_epoch_and_the_learning_rates(graphs):
    """A loss that is no longer finite stops the training with one line of advice."""
    with pytest.raises(MethodError, match=r"epoch \d+; lower the learning rates \(1e\+30\)"):
        GAE(epochs=5, learning_rate=1e30).fit(graphs)
    with pytest.raises(MethodError, match=r"epoch \d+; lower the learning rates \(1e\+30 and 0\.1"):
        MuSeGNN(epochs=5, lr_encoder=1e30, lr_decoder=0.1).fit(graphs)


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
