"""VGAE as its published script runs it."""

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch.distributions import Normal, kl_divergence
from torch.nn import functional
from untrained import untrained

from genearena.data.graphs import GraphCollection
from genearena.methods._released.vgae import ReleasedVGAE
from genearena.methods.vgae import VGAE


def test_a_step_equals_the_script_written_out(graphs: GraphCollection) -> None:
    """Two Mish after the first layer, sigmoid before the loss, a divergence not divided by n."""
    training, graph = untrained(ReleasedVGAE(), graphs), graphs[1]
    encoder = training.encoders[1]
    looped = torch.tensor(graph.adjacency.toarray()).float() + torch.eye(graph.n_genes)
    scale = torch.diag(looped.sum(dim=1).rsqrt())
    propagation = scale @ looped @ scale

    def convolved(layer: torch.nn.Module, h: torch.Tensor) -> torch.Tensor:
        return propagation @ h @ layer.weight + layer.bias

    hidden = functional.mish(functional.mish(convolved(encoder.first, torch.tensor(graph.x))))
    hidden = functional.mish(convolved(encoder.shared.second, hidden))
    mean, log_std = convolved(encoder.shared.third, hidden).chunk(2, dim=1)
    state = training.noise.get_state()
    got = training._loss(1)
    training.noise.set_state(state)
    z = mean + torch.randn(mean.shape, generator=training.noise) * log_std.exp()
    divergence = kl_divergence(Normal(mean, log_std.exp()), Normal(0.0, 1.0)).sum(dim=1).mean()
    want = torch.nn.BCEWithLogitsLoss()(torch.sigmoid(z @ z.T), looped) + divergence
    torch.testing.assert_close(got, want, atol=1e-4, rtol=1e-5)
    torch.testing.assert_close(training._encode(1), mean, atol=1e-5, rtol=1e-4)


def test_posterior_collapses(modules: GraphCollection) -> None:
    """The means shrink to thousandths, and with them the decoder's grip on the edges."""
    released, faithful = (
        method(epochs=100, learning_rate=5e-3).fit(modules).embed()
        for method in (ReleasedVGAE, VGAE)
    )
    assert np.mean([np.abs(z).mean() for z in released]) < 0.01
    assert np.mean([np.abs(z).mean() for z in faithful]) > 0.05
    assert decoded_edge_auc(modules, released) < decoded_edge_auc(modules, faithful) - 0.1


def decoded_edge_auc(graphs: GraphCollection, vectors: list[np.ndarray]) -> float:
    """Return the mean AUC of the inner products, each pair of genes once."""
    scores = []
    for graph, z in zip(graphs, vectors, strict=True):
        pairs = np.triu_indices(graph.n_genes, k=1)
        scores.append(roc_auc_score(graph.adjacency.toarray()[pairs], (z @ z.T)[pairs]))
    return float(np.mean(scores))


def test_weights_and_presets_are_those_of_vgae(graphs: GraphCollection) -> None:
    """A seed starts both from the same weights."""
    released, faithful = untrained(ReleasedVGAE(seed=4), graphs), untrained(VGAE(seed=4), graphs)
    pairs = zip(released.encoders.parameters(), faithful.encoders.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)
    assert ReleasedVGAE.preset("paper") == VGAE.preset("paper")
