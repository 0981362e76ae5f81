"""MAE."""

import numpy as np
import pytest
import torch
from untrained import assert_same_step, untrained

from genearena.data.common.errors import UsageError
from genearena.methods._nn.seeding import generator
from genearena.methods.mae import MAE, lowest_entries, random_entries


def test_parameter_count_is_that_of_encoder_and_mirrored_decoder(graphs):
    """128 (ΣC + N) + 10,336 T for the encoder, 10,432 N + 129 ΣC for the decoder."""
    cells = sum(graph.n_cells for graph in graphs)
    encoder = 128 * (cells + len(graphs)) + 10_336 * len(graphs.groups)
    decoder = 10_432 * len(graphs) + 129 * cells
    assert MAE(epochs=1).fit(graphs).n_parameters_ == encoder + decoder


@pytest.mark.parametrize("draw", [random_entries, lowest_entries], ids=["CPU", "GPU"])
@pytest.mark.parametrize("share", [0.25, 0.1])
def test_masks_are_exact_and_fresh(share, draw):
    """Exactly the given share is hidden, other entries each time, every entry equally often."""
    source = generator(0, "masks")
    masks = [draw(torch.Size((20, 30)), share, source) for _ in range(400)]
    assert {int(mask.sum()) for mask in masks} == {round(share * 600)}
    assert not torch.equal(masks[0], masks[1])
    often = torch.stack(masks).double().sum(dim=0)
    spread = np.sqrt(400 * share * (1 - share))
    assert float((often - 400 * share).abs().max()) < 5 * spread


@pytest.mark.parametrize("loss_on", ["all", "masked"])
def test_loss_compares_with_the_unmasked_profiles(graphs, loss_on):
    """The target is the full input, over all entries or the hidden ones."""
    training = untrained(MAE(loss_on=loss_on), graphs)
    encoder, decoder = training.encoders[0], training.decoders[0]
    seen = []
    encoder.register_forward_hook(lambda _module, args, _out: seen.append(args[0]))
    loss = training._loss(0)
    (corrupted,) = seen
    x = torch.tensor(graphs[0].x)
    hidden = corrupted != x
    assert int(hidden.sum()) == round(0.25 * x.numel())
    assert (corrupted[hidden] == 0).all()
    error = (decoder(encoder(corrupted)) - x) ** 2
    want = error.mean() if loss_on == "all" else error[hidden].mean()
    assert_same_step(training, loss, want)


def test_vectors_come_from_the_unmasked_profiles(graphs):
    """Encoding hides nothing and the decoder is trained."""
    training = untrained(MAE(), graphs)
    want = training.encoders[0](torch.tensor(graphs[0].x))
    torch.testing.assert_close(training._encode(0), want)
    assert len(list(training.decoders.parameters())) == 6 * len(graphs)


def test_training_lowers_the_error_below_that_of_the_mean(graphs):
    """Reconstruction becomes better than predicting each gene's mean, which is 0 here."""
    losses = MAE(epochs=300).fit(graphs).losses_
    variance = np.mean([np.square(graph.x).mean() for graph in graphs])
    assert losses[-1] < 0.7 * variance < losses[0]


@pytest.mark.parametrize("settings", [{"masked_share": 1.0}, {"loss_on": "some"}])
def test_settings_out_of_range_are_refused(graphs, settings):
    """Impossible settings are named."""
    with pytest.raises(UsageError, match=next(iter(settings))):
        MAE(**settings).fit(graphs)
