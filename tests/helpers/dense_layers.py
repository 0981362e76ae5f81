"""Layers of all encoders as dense formulas, which know nothing of edge lists.

Each takes (layer, (n, width_in) features, graph, heads) and gives (n, heads * width) features.
"""

import numpy as np
import torch
from scipy.sparse.csgraph import shortest_path
from torch.nn import functional

from genearena.methods.encoders.graphormer import DEGREES, FAR


def looped(graph, x):
    """A + I in the precision of the features."""
    return torch.tensor(graph.adjacency.toarray() + np.eye(graph.n_genes)).to(x)


def attention(layer, x, heads, bias=None):
    """Multi-head attention over all genes, written out head by head."""
    parts = zip(layer.in_proj_weight.chunk(3), layer.in_proj_bias.chunk(3), strict=True)
    q, k, v = (x @ weight.T + b for weight, b in parts)
    width, outs = q.shape[1] // heads, []
    for h in range(heads):
        at = slice(h * width, (h + 1) * width)
        scores = q[:, at] @ k[:, at].T / np.sqrt(width)
        if bias is not None:
            scores = scores + bias[..., h]
        outs.append(scores.softmax(dim=1) @ v[:, at])
    return torch.cat(outs, dim=1) @ layer.out_proj.weight.T + layer.out_proj.bias


def normalised(a):
    """D^-1/2 A D^-1/2."""
    root = torch.diag(a.sum(dim=1) ** -0.5)
    return root @ a @ root


def dense_gcn(layer, x, graph, heads):
    return normalised(looped(graph, x)) @ x @ layer.lin.weight.T + layer.bias


def dense_gat(layer, x, graph, heads):
    a, z = looped(graph, x), (x @ layer.lin.weight.T).view(len(x), heads, -1)
    outs = []
    for h in range(heads):
        source, target = (z[:, h] @ att[0, h] for att in (layer.att_src, layer.att_dst))
        scores = functional.leaky_relu(target[:, None] + source[None, :], 0.2)
        outs.append(scores.masked_fill(a == 0, -torch.inf).softmax(dim=1) @ z[:, h])
    return torch.cat(outs, dim=1) + layer.bias


def dense_sage(layer, x, graph, heads):
    a = looped(graph, x)
    mean = (a @ x) / a.sum(dim=1, keepdim=True)
    return mean @ layer.near.weight.T + layer.near.bias + x @ layer.root.weight.T


def dense_gin(layer, x, graph, heads):
    return layer.second(functional.mish(layer.first(x + looped(graph, x) @ x)))


def batch_norm(norm, x):
    norm = norm.module
    spread = (x.var(dim=0, unbiased=False) + norm.eps).sqrt()
    return (x - x.mean(dim=0)) / spread * norm.weight + norm.bias


def dense_gps(layer, x, graph, heads):
    gps, x = layer.layer, layer.project(x)
    s = batch_norm(gps.norm2, attention(gps.attn, x, heads) + x)
    if gps.conv is not None:
        local = normalised(looped(graph, x)) @ x @ gps.conv.lin.weight.T + gps.conv.bias
        s = s + batch_norm(gps.norm1, local + x)
    first, last = gps.mlp[0], gps.mlp[3]
    return batch_norm(gps.norm3, s + last(functional.relu(first(s))))


def dense_graphormer(layer, x, graph, heads):
    hops = shortest_path(graph.adjacency, unweighted=True)
    hops = torch.tensor(np.where(hops > FAR, FAR, hops)).long()
    h = layer.project(x)
    if hasattr(layer, "degree"):
        degrees = graph.adjacency.toarray().sum(axis=1)
        bins = [min(int(np.floor(np.log2(degree + 1))), DEGREES - 1) for degree in degrees]
        h = h + layer.degree.weight[bins]
    h = h + attention(layer.attention, layer.norm(h), heads, layer.bias.weight[hops])
    norm, first, _, last = layer.perceptron
    return h + last(functional.gelu(first(norm(h))))


def dense_transformer(layer, x, graph, heads):
    q, k, v, root = layer.maps(x).chunk(4, dim=1)
    width, outs, a = q.shape[1] // heads, [], looped(graph, x)
    for h in range(heads):
        at = slice(h * width, (h + 1) * width)
        scores = (q[:, at] @ k[:, at].T / np.sqrt(width)).masked_fill(a == 0, -torch.inf)
        outs.append(scores.softmax(dim=1) @ v[:, at])
    return torch.cat(outs, dim=1) + root


DENSE = {
    "transformer": dense_transformer,
    "gcn": dense_gcn,
    "gat": dense_gat,
    "sage": dense_sage,
    "gin": dense_gin,
    "gps": dense_gps,
    "graphormer": dense_graphormer,
}
