"""Dense layers against the sparse ones of torch_geometric."""

import numpy as np
import pytest
import torch
from random_graphs import random_graph
from reference_layers import reference_attention

from genearena.methods._nn.attention_encoder import GraphAttention, GraphNorm, SharedAttention
from genearena.methods._nn.gcn_encoder import GraphConvolution
from genearena.methods._nn.graph_tensors import looped_adjacency, normalised
from genearena.methods._nn.neighbour_attention import attention_mask


@pytest.fixture
def graph():
    """A random graph of 50 genes, two of them isolated."""
    return random_graph(50, 0.2, isolated=(3, 40))


@pytest.mark.parametrize("heads", [1, 2, 4])
def test_attention_equals_the_sparse_transformer_layer(graph, heads):
    """Dense masked attention is TransformerConv, isolated genes included."""
    torch.manual_seed(0)
    layer = GraphAttention(30, 8, heads)
    x, links = torch.tensor(graph.x), looped_adjacency(graph).nonzero().T
    got = layer(x, attention_mask(graph))
    want = reference_attention(layer)(x, links)
    torch.testing.assert_close(got, want, atol=1e-5, rtol=1e-5)


def test_joint_second_and_fourth_layer_equal_two_separate_ones(graph):
    """Evaluating L2 and L4 as one layer gives Mish(norm(L2)) -> L3 plus L4."""
    torch.manual_seed(0)
    dim, heads = 8, 2
    shared = SharedAttention(30, dim, heads)
    x, edges = torch.tensor(graph.x), looped_adjacency(graph).nonzero().T
    second, fourth = GraphAttention(30, dim, heads), GraphAttention(30, dim, 1)
    maps = shared.second_and_fourth.maps
    for name in ("weight", "bias"):
        blocks = getattr(maps, name).detach().chunk(4)
        getattr(second.maps, name).data = torch.cat([b[: heads * dim] for b in blocks])
        getattr(fourth.maps, name).data = torch.cat([b[heads * dim :] for b in blocks])
    hidden = reference_attention(second)(x, edges)
    hidden = torch.nn.functional.mish(shared.norm(hidden))
    want = reference_attention(shared.third)(hidden, edges)
    want = want + reference_attention(fourth)(x, edges)
    got = shared(x, attention_mask(graph))
    torch.testing.assert_close(got, want, atol=1e-5, rtol=1e-5)


def test_graph_norm_equals_the_reference():
    """Values and gradients equal torch_geometric's GraphNorm for arbitrary parameters."""
    reference = pytest.importorskip("torch_geometric.nn").GraphNorm(6)
    layer = GraphNorm(6)
    torch.manual_seed(0)
    for name in ("weight", "bias", "mean_scale"):
        values = torch.randn(6)
        getattr(layer, name).data, getattr(reference, name).data = values, values.clone()
    x = (torch.randn(20, 6) * 3 + 1).requires_grad_()
    got, want = layer(x), reference(x)
    torch.testing.assert_close(got, want, atol=1e-5, rtol=1e-5)
    seed = torch.randn(20, 6)
    (grad_got,), (grad_want,) = (torch.autograd.grad(y, x, seed) for y in (got, want))
    torch.testing.assert_close(grad_got, grad_want, atol=1e-5, rtol=1e-4)


def test_graph_convolution_equals_the_reference(graph):
    """Dense propagation is GCNConv on the graph without self-loops, which adds its own."""
    reference = pytest.importorskip("torch_geometric.nn").GCNConv(30, 8)
    torch.manual_seed(0)
    layer = GraphConvolution(30, 8)
    layer.bias.data = torch.randn(8)
    reference.lin.weight.data, reference.bias.data = layer.weight.detach().T, layer.bias.detach()
    x = torch.tensor(graph.x)
    edges = torch.tensor(np.stack(graph.adjacency.nonzero())).long()
    propagation = normalised(looped_adjacency(graph))
    want = reference(x, edges)
    torch.testing.assert_close(layer(x, propagation), want, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(layer(propagation @ x), want, atol=1e-5, rtol=1e-5)
