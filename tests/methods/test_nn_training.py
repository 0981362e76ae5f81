"""Training loop and seeding of the torch methods."""

import pytest
import torch
from torch import nn

from genearena.data.errors import MethodError, UsageError
from genearena.methods._nn.seeding import fresh_weights, generator
from genearena.methods._nn.training import GraphModel, adam, train
from genearena.methods.gae import GAE
from genearena.methods.musegnn import MuSeGNN
from genearena.methods.progress import listening


class Scalars(GraphModel):
    """One scalar per graph with loss (w - position)², of which position 1 is never used."""

    n_graphs = 2

    def __init__(self):
        super().__init__()
        self.values = nn.ParameterList([nn.Parameter(torch.tensor(5.0)) for _ in range(3)])

    def encode(self, position):
        return self.values[position]

    def loss(self, position):
        return (self.values[position] - position) ** 2

    def decoders(self):
        return [self.values[1]]


def test_only_touched_parameters_are_stepped_each_with_its_rate():
    """Adam's first step moves a parameter by its learning rate, and an unused one not at all."""
    model = Scalars()
    losses = train(model, adam(model, 0.1, 0.2), 1)
    assert [v.item() for v in model.values] == pytest.approx([4.9, 4.8, 5.0])
    assert losses == pytest.approx(((25 + 16) / 2,))


def test_progress_is_reported_every_epoch():
    """The listener hears of each epoch with its mean loss."""
    model, heard = Scalars(), []
    with listening(lambda *report: heard.append(report)):
        losses = train(model, adam(model, 0.1, 0.1), 3)
    assert heard == [(epoch, 3, loss) for epoch, loss in enumerate(losses, start=1)]


def test_divergence_names_the_epoch_and_the_learning_rates(graphs):
    """A loss that is no longer finite stops the training with one line of advice."""
    with pytest.raises(MethodError, match=r"epoch \d+; lower the learning rates \(1e\+30\)"):
        GAE(epochs=5, lr=1e30).fit(graphs)


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
        ({"lr_decoder": 0.0}, "want positive ones"),
        ({"heads": (4,)}, "heads are"),
        ({"temperature": 0.0}, "temperature is 0.0"),
    ],
)
def test_settings_out_of_range_are_refused(graphs, settings, message):
    """Impossible settings give one line that names them."""
    with pytest.raises(UsageError, match=message):
        MuSeGNN(**settings).fit(graphs)
