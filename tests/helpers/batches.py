"""Untrained batches of neural methods, for tests of their losses."""

import torch

from genearena.methods._nn.graph_tensors import task_tensors


def batch_of(method, graphs):
    """Return the batch that would train one method on the graphs."""
    network = method._seeded_network(graphs)
    return type(method)._batch([method], [network], task_tensors([graphs], torch.device("cpu")))
