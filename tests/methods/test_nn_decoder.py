"""The edge decoder against its textbook form."""

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from genearena.methods._nn.decoder import SimilarityDecoder, edge_loss


def explicit(decoder, z):
    """Feed the rows of z zᵀ through the three linear maps one after the other."""
    hidden = torch.nn.functional.mish(decoder.first(z @ z.mT))
    return decoder.third(torch.nn.functional.mish(decoder.second(hidden)))


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-10)])
def test_factored_first_layer_equals_the_explicit_product(dtype, tolerance):
    """Logits and gradients do not depend on whether z zᵀ is formed."""
    torch.manual_seed(0)
    decoder = SimilarityDecoder(40).to(dtype)
    z = torch.randn(40, 8, dtype=dtype, requires_grad=True)
    got, want = decoder(z), explicit(decoder, z)
    torch.testing.assert_close(got, want, atol=tolerance, rtol=tolerance)
    seed = torch.randn(40, 40, dtype=dtype)
    parameters = [z, *decoder.parameters()]
    for ours, theirs in zip(
        torch.autograd.grad(got, parameters, seed),
        torch.autograd.grad(want, parameters, seed),
        strict=True,
    ):
        torch.testing.assert_close(ours, theirs, atol=20 * tolerance, rtol=20 * tolerance)


def test_edge_loss_is_the_mean_cross_entropy_over_all_entries():
    """The loss equals its definition written out over all n² entries."""
    torch.manual_seed(0)
    logits = torch.randn(7, 7, dtype=torch.float64)
    adjacency = (torch.rand(7, 7) < 0.3).double()
    p = torch.sigmoid(logits)
    want = -(adjacency * p.log() + (1 - adjacency) * (1 - p).log()).sum() / 49
    torch.testing.assert_close(edge_loss(logits, adjacency), want)


@pytest.mark.parametrize("spread", [1.0, 30.0])
def test_edge_loss_and_its_gradient_equal_those_of_torch(spread):
    """Value and gradient are torch's in double precision, whatever factor comes from above."""
    torch.manual_seed(0)
    logits = (spread * torch.randn(20, 20)).requires_grad_()
    adjacency = (torch.rand(20, 20) < 0.3).float()
    got = edge_loss(logits, adjacency)
    want = binary_cross_entropy_with_logits(logits.double(), adjacency.double())
    torch.testing.assert_close(got.double(), want, atol=1e-6, rtol=1e-6)
    (ours,) = torch.autograd.grad(got, logits, torch.tensor(-2.0))
    (theirs,) = torch.autograd.grad(want, logits, torch.tensor(-2.0).double())
    torch.testing.assert_close(ours, theirs, atol=1e-8, rtol=1e-5)


def test_edge_loss_of_extreme_logits_is_finite():
    """Logits of ±10,000 cost 0 where right and 10,000 where wrong, with gradients to match."""
    adjacency = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    logits = torch.tensor([[1e4, -1e4], [1e4, -1e4]], requires_grad=True)
    loss = edge_loss(logits, adjacency)
    assert loss.item() == 5000.0
    loss.backward()
    torch.testing.assert_close(logits.grad, torch.tensor([[0, 0], [0.25, -0.25]]))
