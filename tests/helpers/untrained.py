"""A neural method with its networks and tensors, before the first step."""

from copy import copy

import torch


def untrained(method, graphs):
    """Return what `fit` would train."""
    training = copy(method)
    training._prepare(graphs)
    return training


def assert_same_step(training, got, want, **tolerances):
    """Two losses are equal, and so are the gradients they leave in every parameter."""
    torch.testing.assert_close(got, want, **tolerances)
    parameters = [*training.encoders.parameters(), *training.decoders.parameters()]
    both = [torch.autograd.grad(loss, parameters, allow_unused=True) for loss in (got, want)]
    assert any(gradient is not None for gradient in both[0])
    for ours, plain in zip(*both, strict=True):
        assert (ours is None) == (plain is None)
        if ours is not None:
            torch.testing.assert_close(ours, plain, **tolerances)
