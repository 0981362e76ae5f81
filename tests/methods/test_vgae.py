"""VGAE."""

import torch
from torch.distributions import Normal, kl_divergence
from untrained import assert_same_step, untrained

from genearena.methods.vgae import VGAE, normal_divergence


def test_parameter_count_is_the_published_formula(graphs):
    """128 (ΣC + N) + 12,416 T."""
    cells = sum(graph.n_cells for graph in graphs)
    want = 128 * (cells + len(graphs)) + 12_416 * len(graphs.groups)
    assert VGAE(epochs=1).fit(graphs).n_parameters_ == want


def test_divergence_equals_torch_distributions():
    """The closed form is the Kullback-Leibler divergence of independent normals."""
    torch.manual_seed(0)
    mean, log_std = torch.randn(2, 9, 4).double()
    want = kl_divergence(Normal(mean, log_std.exp()), Normal(0.0, 1.0)).sum(dim=1).mean()
    torch.testing.assert_close(normal_divergence(mean, log_std), want)


def test_loss_is_reconstruction_of_a_sample_plus_divergence_over_n(graphs):
    """One step's loss equals its two terms written out for the same noise."""
    training = untrained(VGAE(), graphs)
    graph, tensors, noise = graphs[0], training.tensors[0], training.noise
    state = noise.get_state()
    got = training._loss(0)
    noise.set_state(state)
    encoder = training.encoders[0]
    mean, log_std = encoder(tensors.propagated, tensors.propagation).chunk(2, dim=1)
    z = mean + torch.randn(mean.shape, generator=noise) * log_std.exp()
    target = torch.tensor(graph.adjacency.toarray()).float() + torch.eye(graph.n_genes)
    divergence = kl_divergence(Normal(mean, log_std.exp()), Normal(0.0, 1.0)).sum(dim=1).mean()
    want = torch.nn.BCEWithLogitsLoss()(z @ z.T, target) + divergence / graph.n_genes
    assert_same_step(training, got, want, atol=1e-4, rtol=1e-5)


def test_vectors_are_the_posterior_means(graphs):
    """Encoding draws no noise: it gives the mean head, twice the same."""
    training = untrained(VGAE(), graphs)
    tensors, encoder = training.tensors[0], training.encoders[0]
    assert torch.equal(training._encode(0), training._encode(0))
    both = encoder(tensors.propagated, tensors.propagation)
    assert torch.equal(training._encode(0), both[..., :32])


def test_posterior_does_not_collapse(graphs):
    """The means keep a spread of the order of the prior's."""
    vectors = VGAE(epochs=150).fit(graphs).embed()
    assert all(z.std() > 0.1 for z in vectors)
