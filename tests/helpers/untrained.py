"""The batch a neural method would train, before its first step."""

import torch

from genearena.methods._nn.graph_tensors import task_tensors


def untrained_seeds(methods, collections):
    """Return the batch that `fit_seeds` would train."""
    pairs = zip(methods, collections, strict=True)
    networks = [method._seeded_network(graphs) for method, graphs in pairs]
    tensors = task_tensors(collections, torch.device("cpu"))
    return type(methods[0])._batch(methods, networks, tensors)


def untrained(method, graphs):
    """Return the batch of one seed that `fit` would train."""
    return untrained_seeds([method], [graphs])
