"""WSMAE."""

import numpy as np
import torch
from untrained import assert_same_step, untrained

from genearena.methods.wsmae import WSMAE


def test_parameter_count_is_the_published_formula(graphs):
    """128 (ΣC + N) + 10,336 T + 3 Σ (n² + n)."""
    cells = sum(graph.n_cells for graph in graphs)
    genes = np.array([graph.n_genes for graph in graphs])
    encoder = 128 * (cells + len(graphs)) + 10_336 * len(graphs.groups)
    want = encoder + 3 * int((genes**2 + genes).sum())
    assert WSMAE(epochs=1).fit(graphs).n_parameters_ == want


def test_loss_asks_for_edges_and_self_loops(graphs):
    """The loss of a step is the cross-entropy of the decoded similarities against A + I."""
    training = untrained(WSMAE(), graphs)
    graph, decoder = graphs[2], training.decoders[2]
    first, mish, *others = training.encoders[2]
    z = torch.nn.Sequential(first, mish, *others)(torch.tensor(graph.x))
    hidden = torch.nn.functional.mish(decoder.first(z @ z.T))
    logits = decoder.third(torch.nn.functional.mish(decoder.second(hidden)))
    target = torch.tensor(graph.adjacency.toarray()).float() + torch.eye(graph.n_genes)
    want = torch.nn.BCEWithLogitsLoss()(logits, target)
    assert_same_step(training, training._loss(2), want, atol=1e-5, rtol=1e-5)


def test_edges_do_not_enter_the_encoder(graphs):
    """Before any training the vectors do not depend on the edges."""
    training = untrained(WSMAE(), graphs)
    empty = graphs.with_graphs([g.with_adjacency(0 * g.adjacency) for g in graphs])
    blind = untrained(WSMAE(), empty)
    assert torch.equal(training._encode(0), blind._encode(0))
