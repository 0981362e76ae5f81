"""GraphMAE."""

import math

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from untrained import assert_same_step, untrained

from genearena.data.common.errors import UsageError
from genearena.methods import graphmae
from genearena.methods._nn.seeding import generator
from genearena.methods.graphmae import (
    GraphAttention,
    GraphMAE,
    WideAttention,
    hidden_genes,
    scaled_cosine_error,
    softmax_of_targets,
)


@pytest.mark.parametrize("sharing", ["dataset", "group", "all"])
def test_parameter_count_is_a_closed_formula(graphs, sharing):
    """68 ΣC + 97 N for token, first layer and decoder; 2,145 for second layer and linear map."""
    cells = sum(graph.n_cells for graph in graphs)
    copies = {"dataset": len(graphs), "group": len(graphs.groups), "all": 1}[sharing]
    want = 68 * cells + 97 * len(graphs) + 2_145 * copies
    assert GraphMAE(epochs=1, sharing=sharing).fit(graphs).n_parameters_ == want


def reference(layer, width_in):
    """Return torch_geometric's layer with the same weights."""
    conv = pytest.importorskip("torch_geometric.nn").GATConv
    _, heads, width = layer.source.shape
    gat = conv(width_in, width, heads, negative_slope=0.2, add_self_loops=False)
    gat.lin.weight.data = layer.weight.detach().T
    gat.att_src.data, gat.att_dst.data = layer.source.detach(), layer.target.detach()
    gat.bias.data = layer.bias.detach()
    return gat


def links_of(graph):
    """Return the (2, edges) links of a graph with self-loops: who attends, and to whom."""
    looped = torch.tensor(graph.adjacency.toarray()) + torch.eye(graph.n_genes)
    return looped.nonzero().T


def with_bias(layer):
    """Give a layer a bias that is not zero, so that a missing one shows."""
    torch.nn.init.normal_(layer.bias, generator=generator(1, "test"))
    return layer


def test_attention_equals_torch_geometric(graphs):
    """Outputs and their gradients, on links that go one way, too."""
    graph = graphs[0]
    x = torch.tensor(graph.x)
    layer = with_bias(GraphAttention(graph.n_cells, 3, 4, (0.2, 0.1)))
    links = links_of(graph)
    links = links[:, (links[0] <= links[1]) | (links[0] % 3 == 0)]
    gat = reference(layer, graph.n_cells)
    got, want = layer(x, links, None), gat(x, links.flip(0))
    torch.testing.assert_close(got, want, atol=1e-5, rtol=1e-4)
    ours, plain = (
        torch.autograd.grad((out**3).sum(), inputs)
        for out, inputs in (
            (got, (layer.weight, layer.source, layer.target, layer.bias)),
            (want, (gat.lin.weight, gat.att_src, gat.att_dst, gat.bias)),
        )
    )
    for mine, theirs in zip(ours, (plain[0].T, *plain[1:]), strict=True):
        torch.testing.assert_close(mine, theirs, atol=1e-3, rtol=1e-3)


def test_a_decoder_that_mixes_first_equals_one_that_widens_first(graphs):
    """For the asked rows, in their order."""
    graph = graphs[0]
    x = torch.randn(graph.n_genes, 6, generator=generator(0, "test"))
    layer = with_bias(WideAttention(6, graph.n_cells, 1, (0.0, 0.0)))
    rows = torch.tensor([7, 0, 31])
    got = layer(x, links_of(graph), rows, None)
    want = reference(layer, 6)(x, links_of(graph).flip(0))[rows]
    torch.testing.assert_close(got, want, atol=1e-5, rtol=1e-4)


def test_softmax_equals_torch_geometric_and_survives_large_scores():
    """Per target and head; targets without an edge have none."""
    softmax = pytest.importorskip("torch_geometric.utils").softmax
    source = generator(0, "test")
    target = torch.randint(9, (50,), generator=source)
    logits = 100 * torch.randn(50, 3, generator=source) - 500
    want = softmax(logits, target, num_nodes=12)
    torch.testing.assert_close(softmax_of_targets(logits, target, 12), want)


class Largest(TorchDispatchMode):
    """Keeps the size of the largest tensor that any operation made."""

    size = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        for made in out if isinstance(out, (tuple, list)) else (out,):
            if isinstance(made, torch.Tensor):
                self.size = max(self.size, made.numel())
        return out


def test_no_step_makes_a_tensor_of_edges_by_cells(modules):
    """Forward and backward, the largest is of genes by cells or of edges by the vector."""
    training = untrained(GraphMAE(dim=4, heads=2), modules)
    optimizer = training._optimizer()
    training._step(optimizer, 0)  # tensors of the graph are made once
    with Largest() as largest:
        training._step(optimizer, 0)
    graph, edges = modules[0], training.links[0].shape[1]
    assert edges > 2 * graph.n_genes
    assert 0 < largest.size <= max(graph.n_genes * graph.n_cells, 4 * edges)


@pytest.mark.parametrize(("masked", "replaced"), [(0.5, 0.05), (0.5, 0.0), (0.3, 1.0)])
def test_hidden_genes_are_as_many_as_asked_and_fresh(masked, replaced):
    """Exact numbers, no gene twice, every gene equally often over many draws."""
    source = generator(0, "test")
    often = np.zeros(200)
    for _ in range(400):
        tokens, swapped, others = hidden_genes(200, masked, replaced, source)
        hidden = [*tokens.tolist(), *swapped.tolist()]
        assert len(set(hidden)) == len(hidden) == int(masked * 200)
        assert len(swapped) == len(set(others.tolist())) == int(replaced * len(hidden))
        often[hidden] += 1
    assert np.abs(often - 400 * masked).max() < 5 * math.sqrt(400 * masked * (1 - masked))


def test_hidden_rows_show_the_token_or_another_gene(graphs):
    """All others are as they were."""
    training = untrained(GraphMAE(replaced_share=0.25), graphs)
    encoder, x = training.encoders[0], training.tensors[0].standardised
    torch.nn.init.normal_(encoder.token, generator=generator(0, "test"))
    seen = []
    encoder.first.register_forward_hook(lambda _module, args, _out: seen.append(args[0]))
    training._loss(0)
    (shown,) = seen
    kinds = {"kept": 0, "token": 0, "another": 0}
    for row, profile in enumerate(shown):
        same = (x == profile).all(dim=1).nonzero().flatten().tolist()
        if torch.equal(profile, encoder.token[0]):
            kinds["token"] += 1
        elif same == [row]:
            kinds["kept"] += 1
        else:
            kinds["another"] += 1
            assert len(same) == 1
    assert kinds == {"kept": 20, "token": 15, "another": 5}


@pytest.mark.parametrize("exponent", [1.0, 2.5, 3.0])
def test_loss_equals_a_loop_over_genes(exponent):
    """(1 - cosine)^γ, averaged; of equal rows it is 0, of opposite ones 2^γ."""
    decoded, profiles = torch.randn(2, 7, 5, generator=generator(0, "test")).double()
    rows = zip(decoded.tolist(), profiles.tolist(), strict=True)
    terms = [
        (1 - sum(a * b for a, b in zip(u, v, strict=True)) / math.hypot(*u) / math.hypot(*v))
        ** exponent
        for u, v in rows
    ]
    got = scaled_cosine_error(decoded, profiles, exponent)
    assert got.item() == pytest.approx(sum(terms) / 7, abs=1e-9)
    assert scaled_cosine_error(decoded.float(), decoded.float(), exponent).item() < 1e-6
    assert scaled_cosine_error(decoded, -decoded, exponent).item() == pytest.approx(2**exponent)


def test_a_step_equals_the_same_network_written_plainly(graphs, monkeypatch):
    """Token, attention and PReLU twice, linear map, second masking, decoder, hidden rows."""
    training = untrained(GraphMAE(dim=8, dropped=0.0, dropped_attention=0.0), graphs)
    fixed = hidden_genes(graphs[0].n_genes, 0.5, 0.1, generator(0, "test"))
    monkeypatch.setattr(graphmae, "hidden_genes", lambda *_: fixed)
    encoder, decoder = training.encoders[0], training.decoders[0]
    torch.nn.init.normal_(encoder.token, generator=generator(0, "test"))
    x, links = training.tensors[0].standardised, links_of(graphs[0])
    attend = [layer.forward for layer in (encoder.first, encoder.second)]
    shown = [*x]
    for row, other in zip(fixed.replaced.tolist(), fixed.others.tolist(), strict=True):
        shown[row] = x[other]
    for row in fixed.tokens.tolist():
        shown[row] = encoder.token[0]
    hidden = torch.stack(shown)
    for forward in attend:
        hidden = forward(hidden, links, None)
    hidden = hidden @ decoder.bridge.weight.T
    masked = [*fixed.tokens.tolist(), *fixed.replaced.tolist()]
    shown = torch.ones(len(x), 1)
    shown[masked] = 0
    layer = decoder.attention
    wide = hidden * shown @ layer.weight
    scores = torch.full((len(x), len(x)), -math.inf)
    ends = [wide @ vector[0, 0] for vector in (layer.target, layer.source)]
    raw = torch.nn.functional.leaky_relu(ends[0][:, None] + ends[1], 0.2)
    attention = torch.where(training.tensors[0].adjacency > 0, raw, scores).softmax(dim=1)
    decoded = (attention @ wide + layer.bias)[masked]
    cosines = torch.nn.functional.cosine_similarity(decoded, x[masked])
    want = ((1 - cosines) ** 3).mean()
    assert_same_step(training, training._loss(0), want, atol=1e-4, rtol=1e-4)


def test_layers_of_the_encoder_end_in_a_learned_rectifier(graphs):
    """PReLU after both, with a slope of its own that begins at a quarter."""
    training = untrained(GraphMAE(dim=8), graphs)
    x, links = training.tensors[0].standardised, training.links[0]
    hidden = x
    for layer in (training.encoders[0].first, training.encoders[0].second):
        hidden = reference(layer, hidden.shape[1])(hidden, links.flip(0))
        hidden = torch.where(hidden > 0, hidden, 0.25 * hidden)
    torch.testing.assert_close(training._encode(0), hidden, atol=1e-5, rtol=1e-4)


def test_the_learning_rate_falls_as_half_a_cosine(graphs):
    """From its setting in the first epoch towards 0 after the last, the same for every graph."""
    training = untrained(GraphMAE(epochs=6), graphs)
    step, rates = training._step, []

    def spy(optimizer, position):
        rates.append([group["lr"] for group in optimizer.param_groups])
        return step(optimizer, position)

    training._step = spy
    training._train()
    want = [1e-3 * (1 + math.cos(math.pi * epoch / 6)) / 2 for epoch in range(6)]
    np.testing.assert_allclose(rates, np.repeat(want, len(graphs))[:, None] * [1, 1])


def test_attention_weights_and_features_are_dropped_in_steps_alone(graphs):
    """A step with all dropped differs from one with nothing dropped; embedding drops nothing."""
    quiet, loud = (untrained(GraphMAE(dim=8, dropped=p), graphs) for p in (0.0, 0.9))
    assert torch.equal(quiet._encode(0), loud._encode(0))
    assert quiet._loss(0) != loud._loss(0)
    one = GraphAttention(3, 2, 1, (0.0, 0.5))
    x, links = torch.ones(4000, 3), torch.arange(4000).expand(2, -1)
    out = one(x, links, generator(0, "test"))[:, 0]
    # each gene attends to itself alone: its weight is 1, dropped or doubled
    values = one(x, links, None)[:, 0]
    dropped = (out == 0).float().mean()
    torch.testing.assert_close(out[out != 0], 2 * values[out != 0])
    assert abs(dropped - 0.5) < 5 * 0.5 / math.sqrt(4000)


def test_training_lowers_the_loss_below_that_of_chance(graphs):
    """Profiles of unrelated directions have the loss 1."""
    losses = GraphMAE(epochs=120, learning_rate=1e-2).fit(graphs).losses_
    assert losses[-1] < 0.8 < losses[0]


def test_heads_that_do_not_divide_the_vector_are_told(graphs):
    """A run is skipped with the reason, and a training refused."""
    method = GraphMAE(dim=30)
    assert "4 heads cannot share 30 columns" in method.skip(graphs)
    with pytest.raises(UsageError, match="give a multiple as dim"):
        method.fit(graphs)
    assert GraphMAE().skip(graphs) is None
