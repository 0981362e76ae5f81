"""The choice between visiting neighbours and masking all pairs."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from random_graphs import random_graph
from scipy import sparse
from untrained import untrained, untrained_seeds

from genearena.data.holdout import hide_edges
from genearena.methods._nn.edges import DenseEdges, SparseEdges, attention_mask, edges
from genearena.methods.musegnn import MuSeGNN

CPU = torch.device("cpu")


def with_edges(n_edges):
    """Return a graph of 8 genes with a path of so many edges, the seventh from end to end."""
    links = np.zeros((8, 8), dtype=np.int8)
    for a, b in list(pairwise([*range(7), 0]))[:n_edges]:
        links[a, b] = links[b, a] = 1
    return random_graph(8, 0.0).with_adjacency(sparse.csr_array(links))


@pytest.mark.parametrize(
    ("n_edges", "width", "device", "kind"),
    [
        (6, 32, "cpu", SparseEdges),  # 2 · 6 + 8 of 64 pairs are 31 %
        (7, 32, "cpu", DenseEdges),
        (6, 16, "cpu", SparseEdges),
        (6, 24, "cpu", DenseEdges),
        (6, 8, "cpu", DenseEdges),
        (6, 32, "meta", DenseEdges),
    ],
)
def test_neighbours_are_visited_in_thin_graphs_on_cpus(n_edges, width, device, kind):
    """Up to 32 % of linked pairs and with whole vectors of features, else masks are used."""
    chosen = edges([with_edges(n_edges)], width, torch.device(device))
    assert type(chosen) is kind


def test_the_thickest_graph_of_the_seeds_decides():
    """Seeds go one way together."""
    assert type(edges([with_edges(6), with_edges(5)], 32, CPU)) is SparseEdges
    assert type(edges([with_edges(6), with_edges(7)], 32, CPU)) is DenseEdges


def dense(batch):
    """Return masks of the graphs of a batch."""
    return [
        DenseEdges(torch.stack([attention_mask(graph) for graph in tensors.graphs]))
        for tensors in batch.tensors
    ]


def outcome(batch, members):
    """Return vectors of graph 1 and the gradient that their squares leave in the weights."""
    for network in batch.networks:
        network.zero_grad()
    vectors = batch.encode(1, members)
    vectors.square().mean().backward()
    trained = [batch.networks[member].encoders[1].parameters() for member in members]
    return [vectors.detach(), *(p.grad.clone() for mine in trained for p in mine)]


@pytest.mark.parametrize("members", [[0], [0, 1, 2], [0, 2]])
@pytest.mark.parametrize("own", [False, True], ids=["shared edges", "own edges"])
def test_both_ways_give_the_same_through_a_whole_encoder(graphs, members, own):
    """Vectors and gradients of an encoder agree, with edges shared and of each seed."""
    views = [hide_edges(graphs, seed=k)[0] if own else graphs for k in range(3)]
    batch = untrained_seeds([MuSeGNN(seed=k) for k in range(3)], views)
    assert {type(chosen) for chosen in batch.edges} == {SparseEdges}
    sparse_way = outcome(batch, members)
    batch.edges = dense(batch)
    for got, want in zip(sparse_way, outcome(batch, members), strict=True):
        torch.testing.assert_close(got, want, atol=1e-5, rtol=1e-5)


def test_thick_graphs_use_masks_in_a_method(graphs):
    """The method itself goes the dense way where the graphs are thick or the width is odd."""
    assert {type(chosen) for chosen in untrained(MuSeGNN(dim=20), graphs).edges} == {DenseEdges}
    complete = [1 - np.eye(graph.n_genes, dtype=np.int8) for graph in graphs]
    full = graphs.with_graphs(
        [g.with_adjacency(sparse.csr_array(a)) for g, a in zip(graphs, complete, strict=True)]
    )
    assert {type(chosen) for chosen in untrained(MuSeGNN(), full).edges} == {DenseEdges}
