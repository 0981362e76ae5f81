"""Layers of torch_geometric with the weights of ours, to compare with."""

import pytest


def transformer_conv(maps, heads):
    """Return its attention layer with (weight, bias) of query, key, value and root maps."""
    conv = pytest.importorskip("torch_geometric.nn").TransformerConv
    total, width_in = maps[0][0].shape
    layer = conv(width_in, total // heads, heads=heads)
    parts = (layer.lin_query, layer.lin_key, layer.lin_value, layer.lin_skip)
    for part, (weight, bias) in zip(parts, maps, strict=True):
        part.weight.data, part.bias.data = weight, bias
    return layer


def four_maps(layer, span=slice(None)):
    """Return (weight, bias) of the four maps of our layer, restricted to some columns of each."""
    weights, biases = (p.detach().chunk(4) for p in (layer.maps.weight, layer.maps.bias))
    return [(w[span], b[span]) for w, b in zip(weights, biases, strict=True)]


def reference_attention(layer):
    """Return its attention layer with the weights of ours."""
    return transformer_conv(four_maps(layer), layer.heads)
