"""bfloat16 decoders, and dense attention whose bits repeat."""

import pytest
import torch
from torch.backends import cuda
from untrained import untrained

from genearena.data.common.errors import UsageError
from genearena.methods._nn.neighbour_attention import _repeatable
from genearena.methods.musegnn import MuSeGNN
from genearena.methods.wsmae import WSMAE

DECODING = [MuSeGNN, WSMAE]


def logits_seen(training):
    """Return the decoder's first product and the losses of a step."""
    seen = []
    second = training.decoders[0].second
    second.register_forward_hook(lambda _module, _args, out: seen.append(out))
    return seen, training._loss(0)


@pytest.mark.parametrize("method", DECODING)
def test_bfloat16_is_for_the_decoder_alone(method, graphs):
    """Its products are bfloat16; losses, gradients and the vectors of all genes are float32."""
    training = untrained(method(precision="bfloat16"), graphs)
    (hidden,), losses = logits_seen(training)
    assert hidden.dtype == torch.bfloat16
    assert losses.dtype == torch.float32
    losses.backward()
    weights = [*training.encoders.parameters(), *training.decoders.parameters()]
    grads = [p.grad for p in weights if p.grad is not None]
    assert {grad.dtype for grad in grads} == {torch.float32}
    exact = untrained(method(), graphs)
    assert torch.equal(training._encode(0), exact._encode(0))


@pytest.mark.parametrize("method", DECODING)
def test_bfloat16_losses_differ_by_its_rounding_only(method, graphs):
    """Eight bits of mantissa are worth some thousandths of the loss."""
    rounded = untrained(method(precision="bfloat16"), graphs)._loss(0)
    exact = untrained(method(), graphs)._loss(0)
    assert not torch.equal(rounded, exact)
    torch.testing.assert_close(rounded, exact, atol=0.0, rtol=1e-2)


@pytest.mark.parametrize("method", DECODING)
def test_an_unknown_precision_is_refused_in_one_line(method, graphs):
    """The message names the setting, what was given and what there is."""
    with pytest.raises(UsageError, match=r"precision is 'half', want 'float32' or 'bfloat16'$"):
        method(precision="half").fit(graphs)


@pytest.fixture
def deterministic():
    """Ask for deterministic algorithms inside a test."""
    torch.use_deterministic_algorithms(True, warn_only=True)
    yield
    torch.use_deterministic_algorithms(False)


def kernels(device):
    """Return which kernels of dense attention may be chosen: flash, memory-efficient, plain."""
    with _repeatable(torch.device(device)):
        return (cuda.flash_sdp_enabled(), cuda.mem_efficient_sdp_enabled(), cuda.math_sdp_enabled())


def test_torch_chooses_the_attention_kernel():
    """All are allowed unless bits have to repeat."""
    assert kernels("cuda") == kernels("cpu") == (True, True, True)


@pytest.mark.usefixtures("deterministic")
def test_bits_repeat_on_cuda_with_plain_products():
    """Where deterministic algorithms are asked for, a GPU gets the plain kernel."""
    assert kernels("cuda") == (False, False, True)
    assert kernels("cpu") == (True, True, True)
