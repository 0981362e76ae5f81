"""A neural method with its networks and tensors, before the first step."""

from copy import copy


def untrained(method, graphs):
    """Return what `fit` would train."""
    training = copy(method)
    training._prepare(graphs)
    return training
