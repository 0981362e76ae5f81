"""GAE."""

import numpy as np
import pytest
import torch
from untrained import untrained

from genearena.methods.gae import GAE


def test_parameter_count_is_the_published_formula(graphs):
    """128 (ΣC + N) + 10,336 T."""
    cells = sum(graph.n_cells for graph in graphs)
    want = 128 * (cells + len(graphs)) + 10_336 * len(graphs.groups)
    assert GAE(epochs=1).fit(graphs).n_parameters_ == want


def test_loss_equals_sparse_convolutions_and_an_inner_product(graphs):
    """The loss of a step is that of GCNConv layers with the same weights, written plainly."""
    conv = pytest.importorskip("torch_geometric.nn").GCNConv
    training = untrained(GAE(), graphs)
    graph = graphs[1]
    encoder = training.encoders[1]
    hidden = torch.tensor(graph.x)
    edges = torch.tensor(np.stack(graph.adjacency.nonzero())).long()
    layers = (encoder.first, encoder.shared.second, encoder.shared.third)
    for depth, layer in enumerate(layers):
        reference = conv(*layer.weight.shape)
        reference.lin.weight.data = layer.weight.detach().T
        hidden = reference(hidden, edges)
        hidden = torch.nn.functional.mish(hidden) if depth < 2 else hidden
    torch.testing.assert_close(training._encode(1), hidden, atol=1e-5, rtol=1e-4)
    target = torch.tensor(graph.adjacency.toarray()).float() + torch.eye(graph.n_genes)
    want = torch.nn.BCEWithLogitsLoss()(hidden @ hidden.T, target)
    torch.testing.assert_close(training._loss(1), want, atol=1e-4, rtol=1e-4)
