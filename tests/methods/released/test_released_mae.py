"""MAE as its published script runs it."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from untrained import untrained

from genearena.data.common.errors import UsageError
from genearena.data.graphs import GraphCollection
from genearena.methods._released.mae import ReleasedMAE, entries_with_repeats
from genearena.methods.mae import MAE


def hidden_entries(method: MAE, graphs: GraphCollection) -> list[np.ndarray]:
    """Return where the method masks each graph."""
    ones = graphs.with_graphs([replace(g, x=np.ones_like(g.x)) for g in graphs])
    return [graph.x.numpy() == 0 for graph in untrained(method, ones).tensors]


def test_a_quarter_drawn_with_replacement_hides_22_percent() -> None:
    """Each entry is spared with probability (1 - 1/m)^(m/4), which tends to exp(-1/4)."""
    source = torch.Generator().manual_seed(0)
    chosen = entries_with_repeats(torch.Size((400, 500)), 0.25, source)
    share = 1 - math.exp(-0.25)
    assert share == pytest.approx(0.22, abs=0.002)
    assert float(chosen.double().mean()) == pytest.approx(share, abs=0.004)


def test_one_mask_serves_all_seeds(graphs: GraphCollection) -> None:
    """Seeds differ in their weights only."""
    first, second = (hidden_entries(ReleasedMAE(seed=seed), graphs) for seed in (0, 7))
    assert all((a == b).all() for a, b in zip(first, second, strict=True))


def test_the_mask_is_the_same_in_every_epoch(graphs: GraphCollection) -> None:
    """A second evaluation of the loss, without a step between, gives the same number."""
    released, faithful = untrained(ReleasedMAE(), graphs), untrained(MAE(), graphs)
    assert released._loss(0) == released._loss(0)
    assert faithful._loss(0) != faithful._loss(0)


def test_hidden_values_make_no_difference(graphs: GraphCollection) -> None:
    """They are neither target nor input, in training nor in embedding."""
    masks = hidden_entries(ReleasedMAE(), graphs)
    changed = graphs.with_graphs(
        [replace(g, x=np.where(m, g.x + 5, g.x)) for g, m in zip(graphs, masks, strict=True)]
    )
    first, second = (ReleasedMAE(epochs=5).fit(each) for each in (graphs, changed))
    assert first.losses_ == second.losses_
    for a, b in zip(first.embed(), second.embed(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_target_is_the_masked_input(graphs: GraphCollection) -> None:
    """The loss compares the output with what the encoder was given, zeros included."""
    training = untrained(ReleasedMAE(), graphs)
    (mask, *_), x = hidden_entries(ReleasedMAE(), graphs), graphs[0].x
    masked = torch.tensor(np.where(mask, 0, x))
    output = training.decoders[0](training.encoders[0](masked))
    torch.testing.assert_close(training._loss(0), ((output - masked) ** 2).mean())
    torch.testing.assert_close(training._encode(0), training.encoders[0](masked))


def test_the_decoder_stays_as_it_was_initialised(graphs: GraphCollection) -> None:
    """Training moves the encoder and leaves every weight of the decoder."""
    method = ReleasedMAE(epochs=3)
    training = untrained(method, graphs)
    before = [p.clone() for p in (*training.encoders.parameters(), *training.decoders.parameters())]
    training._train()
    after = [*training.encoders.parameters(), *training.decoders.parameters()]
    moved = [not torch.equal(*pair) for pair in zip(before, after, strict=True)]
    n_encoders = len(list(training.encoders.parameters()))
    assert moved == [True] * n_encoders + [False] * (len(before) - n_encoders)
    assert method.fit(graphs).n_parameters_ == MAE(epochs=1).fit(graphs).n_parameters_


def test_a_loss_the_script_lacks_is_refused(graphs: GraphCollection) -> None:
    """The option of the faithful method has no meaning here."""
    with pytest.raises(UsageError, match="loss_on is 'masked', the script only has all"):
        ReleasedMAE(loss_on="masked").fit(graphs)
