"""Compiled attention over neighbours against dense attention and torch_geometric."""

from itertools import pairwise

import numba
import numpy as np
import pytest
import torch
from random_graphs import random_graph
from reference_layers import reference_attention
from scipy import sparse
from untrained import untrained

from genearena.methods._nn.attention_encoder import GraphAttention
from genearena.methods._nn.graph_tensors import looped_adjacency
from genearena.methods._nn.neighbour_attention import Neighbours, attend, attention_mask, edges
from genearena.methods.musegnn import MuSeGNN

# every pair is compiled once; those of width 32 are MuSe-GNN's own
SIZES = [(1, 32), (3, 32), (4, 32), (2, 16), (2, 64)]
GRAPHS = {
    "isolated genes": random_graph(50, 0.2, isolated=(3, 40)),
    "no edges": random_graph(30, 0.0),
    "complete": random_graph(20, 1.0),
    "one gene": random_graph(1, 0.0),
    "two genes": random_graph(2, 1.0),
    "three genes": random_graph(3, 1.0, isolated=(1,)),
}


def with_gradient(attend, maps, upstream):
    """Return the output and the gradient of `maps` under the given upstream gradient."""
    maps = maps.detach().requires_grad_()
    out = attend(maps)
    (gradient,) = torch.autograd.grad(out, maps, upstream.to(out.dtype))
    return out.detach(), gradient


def of_neighbours(graph, heads):
    """Return the compiled way."""
    lists = Neighbours.of(graph)
    return lambda maps: attend(maps, lists, heads)


def of_masks(graph, heads):
    """Return the dense way in double precision."""
    mask = attention_mask(graph)
    return lambda maps: attend(maps.double(), mask, heads)


def assert_equal_ways(graph, heads, maps, upstream):
    """Compare values and gradients to 1e-5, relative to the largest where that exceeds 1."""
    got = with_gradient(of_neighbours(graph, heads), maps, upstream)
    want = with_gradient(of_masks(graph, heads), maps, upstream)
    for ours, theirs in zip(got, want, strict=True):
        scale = max(1.0, float(theirs.abs().max()))
        torch.testing.assert_close(ours.double(), theirs.double(), atol=1e-5 * scale, rtol=0)


def drawn(graph, heads, width):
    """Return random maps and an upstream gradient."""
    torch.manual_seed(0)
    n, total = graph.n_genes, heads * width
    return torch.randn(n, 4 * total), torch.randn(n, total)


@pytest.mark.parametrize("kind", GRAPHS)
@pytest.mark.parametrize(("heads", "width"), SIZES)
def test_values_and_gradients_equal_dense_attention(heads, width, kind):
    """Visiting neighbours gives what masks give in double precision."""
    graph = GRAPHS[kind]
    assert_equal_ways(graph, heads, *drawn(graph, heads, width))


@pytest.mark.parametrize(("heads", "width"), SIZES)
def test_layer_and_its_gradients_equal_torch_geometric(heads, width):
    """Values and gradients of inputs and weights are those of TransformerConv."""
    graph = GRAPHS["isolated genes"]
    torch.manual_seed(0)
    layer = GraphAttention(30, width, heads)
    reference = reference_attention(layer)
    x = torch.tensor(graph.x).requires_grad_()
    got = layer(x, Neighbours.of(graph))
    want = reference(x, looped_adjacency(graph).nonzero().T)
    torch.testing.assert_close(got, want, atol=1e-5, rtol=1e-5)
    upstream = torch.randn_like(want)
    ours = torch.autograd.grad(got, [x, layer.maps.weight, layer.maps.bias], upstream)
    parts = (reference.lin_query, reference.lin_key, reference.lin_value, reference.lin_skip)
    leaves = [x, *(p.weight for p in parts), *(p.bias for p in parts)]
    of_x, *others = torch.autograd.grad(want, leaves, upstream)
    theirs = (of_x, torch.cat(others[:4]), torch.cat(others[4:]))
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, atol=1e-5 * max(1.0, float(b.abs().max())), rtol=0)


@pytest.mark.parametrize(("heads", "width"), SIZES)
def test_huge_scores_neither_overflow_nor_lose_ties(heads, width):
    """Scores of up to half a million, all whole multiples, give sharp maxima and even ties."""
    graph = GRAPHS["isolated genes"]
    maps, upstream = drawn(graph, heads, width)
    queries_and_keys = maps[..., : maps.shape[-1] // 2]
    queries_and_keys.round_().mul_(100)
    assert_equal_ways(graph, heads, maps, upstream)
    equal = torch.full_like(maps, 100.0)
    equal[..., maps.shape[-1] // 2 :] = maps[..., maps.shape[-1] // 2 :]
    assert_equal_ways(graph, heads, equal, upstream)


def test_strided_inputs_are_read_in_their_own_order():
    """Transposed maps and expanded or transposed upstream gradients give the same."""
    graph = GRAPHS["isolated genes"]
    maps, upstream = drawn(graph, 2, 16)
    strided = maps.mT.contiguous().mT
    assert not strided.is_contiguous()
    assert_equal_ways(graph, 2, strided, upstream.mT.contiguous().mT)
    assert_equal_ways(graph, 2, maps, torch.tensor(0.5).expand(upstream.shape))
    twice = (part.repeat_interleave(2, dim=0)[::2] for part in (maps, upstream))
    assert_equal_ways(graph, 2, *twice)


@pytest.mark.skipif(numba.config.NUMBA_NUM_THREADS < 2, reason="needs two cores")
def test_number_of_threads_changes_no_bit():
    """One and two threads give the same bits, and torch keeps the threads it was given."""
    graph = GRAPHS["isolated genes"]
    maps, upstream = drawn(graph, 4, 32)
    before, results = torch.get_num_threads(), []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            results.append(with_gradient(of_neighbours(graph, 4), maps, upstream))
            assert numba.get_num_threads() == torch.get_num_threads() == threads
    finally:
        torch.set_num_threads(before)
    assert all(torch.equal(a, b) for a, b in zip(*results, strict=True))


def test_maps_that_are_not_finite_do_not_pass_for_finite():
    """A gene whose maps are NaN has NaN features, so that a diverging training is noticed."""
    graph = GRAPHS["isolated genes"]
    maps, _ = drawn(graph, 2, 16)
    maps[5] = torch.nan
    assert attend(maps, Neighbours.of(graph), 2)[5].isnan().all()


@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("value", [torch.nan, torch.inf])
def test_one_such_number_shows(part, value):
    """NaN or infinity in a query, key, value or root term reaches features or gradients."""
    graph = GRAPHS["isolated genes"]
    maps, upstream = drawn(graph, 2, 16)
    maps[5, 32 * part + 3] = value
    found = with_gradient(of_neighbours(graph, 2), maps, upstream)
    assert not all(numbers.isfinite().all() for numbers in found)


def test_neighbours_are_the_edges_and_the_genes_themselves():
    """The compressed rows hold A + I."""
    graph = GRAPHS["isolated genes"]
    lists = Neighbours.of(graph)
    rows = np.repeat(np.arange(graph.n_genes), np.diff(lists.starts))
    linked = np.zeros((50, 50), dtype=bool)
    linked[rows, lists.genes] = True
    np.testing.assert_array_equal(linked, looped_adjacency(graph).numpy() > 0)


def with_edges(n_edges):
    """Return a graph of 8 genes with a path of so many edges, the seventh from end to end."""
    links = np.zeros((8, 8), dtype=np.int8)
    for a, b in list(pairwise([*range(7), 0]))[:n_edges]:
        links[a, b] = links[b, a] = 1
    return random_graph(8, 0.0).with_adjacency(sparse.csr_array(links))


@pytest.mark.parametrize(
    ("n_edges", "width", "device", "kind"),
    [
        (6, 32, "cpu", Neighbours),  # 2 · 6 + 8 of 64 pairs are 31 %
        (7, 32, "cpu", torch.Tensor),
        (6, 16, "cpu", Neighbours),
        (6, 24, "cpu", torch.Tensor),
        (6, 8, "cpu", torch.Tensor),
        (6, 32, "meta", torch.Tensor),
    ],
)
def test_neighbours_are_visited_in_thin_graphs_on_cpus(n_edges, width, device, kind):
    """Up to 32 % of linked pairs and with whole vectors of features, else masks are used."""
    chosen = edges(with_edges(n_edges), width, torch.device(device))
    assert isinstance(chosen, kind)


def outcome(training):
    """Return vectors of graph 1 and the gradient that their squares leave in the weights."""
    training.encoders.zero_grad()
    vectors = training._encode(1)
    vectors.square().mean().backward()
    return [vectors.detach(), *(p.grad.clone() for p in training.encoders[1].parameters())]


def test_both_ways_give_the_same_through_a_whole_encoder(graphs):
    """Vectors and gradients of an encoder agree."""
    training = untrained(MuSeGNN(), graphs)
    assert {type(chosen) for chosen in training.edges} == {Neighbours}
    sparse_way = outcome(training)
    training.edges = [attention_mask(graph) for graph in graphs]
    for got, want in zip(sparse_way, outcome(training), strict=True):
        torch.testing.assert_close(got, want, atol=1e-5, rtol=1e-5)


def test_thick_graphs_use_masks_in_a_method(graphs):
    """The method itself goes the dense way where the graphs are thick or the width is odd."""
    assert {type(chosen) for chosen in untrained(MuSeGNN(dim=20), graphs).edges} == {torch.Tensor}
    complete = [1 - np.eye(graph.n_genes, dtype=np.int8) for graph in graphs]
    full = graphs.with_graphs(
        [g.with_adjacency(sparse.csr_array(a)) for g, a in zip(graphs, complete, strict=True)]
    )
    assert {type(chosen) for chosen in untrained(MuSeGNN(), full).edges} == {torch.Tensor}
