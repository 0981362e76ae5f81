"""Every encoder's layer against dense formulas, which know nothing of edge lists."""

import numpy as np
import pytest
import torch
from dense_layers import DENSE, dense_gps, dense_graphormer
from random_graphs import random_graph
from scipy.sparse.csgraph import shortest_path

from genearena.methods._nn.graph_tensors import looped_adjacency
from genearena.methods.encoders.gps import ReleasedGPS
from genearena.methods.encoders.graphormer import FAR, Distances
from genearena.methods.encoders.network import edges_for, first_layer
from genearena.methods.encoders.registry import ENCODERS

WIDTH = 8
SIZES = [(30, 4), (16, 2), (12, 1)]


@pytest.fixture
def graph():
    """A random graph of 50 genes, two of them isolated."""
    return random_graph(50, 0.1, isolated=(3, 40))


def built(make, width_in, heads):
    """Return a layer whose every parameter is random, biases too."""
    torch.manual_seed(0)
    layer = make(width_in, WIDTH, heads)
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return layer


def assert_same(make, dense, width_in, heads, graph):
    """Values and the gradient of the features are those of the dense formula."""
    layer = built(make, width_in, heads)
    x = torch.randn(graph.n_genes, width_in, requires_grad=True)
    got = layer(x, edges_for(make, graph, WIDTH, torch.device("cpu")))
    want = dense(layer, x, graph, heads)
    assert got.shape == (graph.n_genes, heads * WIDTH)
    scale = float(want.detach().abs().max())
    torch.testing.assert_close(got / scale, want / scale, atol=1e-5, rtol=1e-5)
    seed = torch.randn_like(got)
    slopes = [torch.autograd.grad(y, x, seed)[0] for y in (got, want)]
    scale = float(slopes[1].abs().max())
    torch.testing.assert_close(slopes[0] / scale, slopes[1] / scale, atol=1e-5, rtol=1e-4)


def test_every_encoder_is_compared() -> None:
    """A new one needs its formula here."""
    assert DENSE.keys() == ENCODERS.builtin.keys()


@pytest.mark.parametrize(("width_in", "heads"), SIZES)
@pytest.mark.parametrize("name", DENSE)
def test_a_layer_is_its_formula(name, width_in, heads, graph):
    """L2 to L4: to 1e-5 of the largest value, isolated genes included."""
    assert_same(ENCODERS.load(name), DENSE[name], width_in, heads, graph)


def test_the_first_layer_of_graphormer_adds_degrees(graph):
    """L1 reads the distances alike, and a vector per bin of degrees."""
    layer = ENCODERS.load("graphormer")
    make = first_layer(layer)
    assert make is not layer
    assert_same(make, dense_graphormer, 30, 4, graph)


def test_released_gps_is_attention_over_all_without_convolution(graph):
    """One head, whatever the width, and other edges change nothing."""
    assert_same(
        ReleasedGPS, lambda layer, x, graph, heads: dense_gps(layer, x, graph, 1), 30, 4, graph
    )
    layer, x = built(ReleasedGPS, 30, 4), torch.randn(50, 30)
    outs = [
        layer(x, edges_for(ReleasedGPS, g, WIDTH, torch.device("cpu")))
        for g in (graph, random_graph(50, 0.5, seed=1))
    ]
    assert torch.equal(*outs)


@pytest.mark.parametrize(("width_in", "heads"), SIZES)
def test_sage_is_sageconv_which_takes_the_mean_first(graph, width_in, heads):
    """torch_geometric's own layer with the same weights."""
    ours = built(ENCODERS.load("sage"), width_in, heads)
    theirs = pytest.importorskip("torch_geometric.nn").SAGEConv(width_in, heads * WIDTH)
    theirs.lin_l.load_state_dict(ours.near.state_dict())
    theirs.lin_r.load_state_dict(ours.root.state_dict())
    x, edges = torch.randn(50, width_in), looped_adjacency(graph).nonzero().T
    got = ours(x, edges_for(type(ours), graph, WIDTH, torch.device("cpu")))
    torch.testing.assert_close(got, theirs(x, edges), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(("width_in", "heads"), SIZES)
def test_gin_is_ginconv_which_sums_first(graph, width_in, heads):
    """torch_geometric's own layer around the same perceptron."""
    ours = built(ENCODERS.load("gin"), width_in, heads)
    perceptron = torch.nn.Sequential(ours.first, torch.nn.Mish(), ours.second)
    theirs = pytest.importorskip("torch_geometric.nn").GINConv(perceptron)
    x, edges = torch.randn(50, width_in), looped_adjacency(graph).nonzero().T
    got = ours(x, edges_for(type(ours), graph, WIDTH, torch.device("cpu")))
    want = theirs(x, edges)
    scale = float(want.detach().abs().max())
    torch.testing.assert_close(got / scale, want / scale, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("density", [0.01, 0.03, 0.3])
def test_distances_are_shortest_paths(density):
    """Those of scipy, with far and unreachable genes at the greatest distance."""
    graph = random_graph(120, density)
    want = shortest_path(graph.adjacency, unweighted=True)
    got = Distances.of(graph, WIDTH, torch.device("cpu"))
    np.testing.assert_array_equal(got.hops, np.where(want > FAR, FAR, want))


def test_a_path_longer_than_the_greatest_distance_ends_there():
    """Thirty genes in a row."""
    row = np.eye(30, k=1) + np.eye(30, k=-1)
    hops = Distances.of(random_graph(30, 0).with_adjacency(row), WIDTH, torch.device("cpu")).hops
    np.testing.assert_array_equal(hops[0], np.minimum(np.arange(30), FAR))


class Sizes(torch.utils._python_dispatch.TorchDispatchMode):
    """Keep the number of entries of every tensor that an operation gives."""

    def __init__(self):
        super().__init__()
        self.largest = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        out = function(*args, **(kwargs or {}))
        for each in out if isinstance(out, (tuple, list)) else [out]:
            if isinstance(each, torch.Tensor):
                self.largest = max(self.largest, each.numel())
        return out


@pytest.mark.parametrize("name", ENCODERS.builtin)
def test_nothing_of_edges_by_cells_is_made(name):
    """Forward and backward of L1 with 2000 cells make no tensor of E × C, as SAGEConv does."""
    graph = random_graph(60, 0.9, cells=2000)
    entries = 2 * graph.n_edges * graph.n_cells
    layer = built(first_layer(ENCODERS.load(name)), graph.n_cells, 1)
    edges = edges_for(ENCODERS.load(name), graph, WIDTH, torch.device("cpu"))
    assert largest(layer, graph, edges) < entries / 10


def test_what_sageconv_makes_is_seen():
    """The comparison above can fail."""
    graph = random_graph(60, 0.9, cells=2000)
    theirs = pytest.importorskip("torch_geometric.nn").SAGEConv(2000, WIDTH)
    edges = looped_adjacency(graph).nonzero().T
    assert largest(theirs, graph, edges) >= 2 * graph.n_edges * graph.n_cells


def largest(layer, graph, edges):
    """Return the entries of the largest tensor that forward and backward make."""
    x = torch.tensor(graph.x)
    with Sizes() as sizes:
        layer(x, edges).sum().backward()
    return sizes.largest
