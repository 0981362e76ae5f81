"""MuSe-GNN with other encoders: the same network around other layers."""

import re
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest
import torch
from dense_layers import DENSE
from torch import nn
from torch.nn import functional
from untrained import assert_same_step, untrained

import genearena.methods.encoders
from genearena.data.common import registry as registry_module
from genearena.data.common.errors import UsageError
from genearena.data.common.registry import Registry
from genearena.methods._released.musegnn import ReleasedMuSeGNN
from genearena.methods.encoders.gps import GPS, ReleasedGPS
from genearena.methods.encoders.registry import ENCODERS
from genearena.methods.musegnn import MuSeGNN
from genearena.methods.settings import setting_faults

OTHERS = [name for name in ENCODERS.builtin if name != "transformer"]


def graph_norm(norm, h):
    """Each feature over the genes."""
    centred = h - norm.mean_scale * h.mean(dim=0)
    spread = (centred.pow(2).mean(dim=0) + norm.eps).sqrt()
    return norm.weight * centred / spread + norm.bias


def dense_vectors(encoder, name, graph):
    """L3(mish(norm(L2))) + L4 of mish(norm(L1)), each layer a dense formula."""
    dense, first, shared = DENSE[name], encoder.first, encoder.shared
    h = dense(first.layer, torch.tensor(graph.x), graph, 4)
    h = functional.mish(graph_norm(first.norm, h))
    second = functional.mish(graph_norm(shared.norm, dense(shared.second, h, graph, 2)))
    return dense(shared.third, second, graph, 1) + dense(shared.fourth, h, graph, 1)


@pytest.mark.parametrize("name", OTHERS)
def test_a_step_is_that_of_dense_formulas(name, one_graph) -> None:
    """Loss and the gradient of every parameter; the published sizes, in double precision."""
    training = untrained(MuSeGNN(encoder=name), one_graph)
    for part in (training.encoders, training.decoders):
        part.double()
    training.inputs = [x.double() for x in training.inputs]
    graph = one_graph[0]
    z = dense_vectors(training.encoders[0], name, Double(graph))
    torch.testing.assert_close(training._encode(0), z, atol=1e-5, rtol=1e-5)
    target = torch.tensor(graph.adjacency.toarray()).double() + torch.eye(graph.n_genes)
    want = functional.binary_cross_entropy_with_logits(training.decoders[0](z), target)
    got = functional.binary_cross_entropy_with_logits(
        training.decoders[0](training._encode(0)), target
    )
    assert_same_step(training, got, want, atol=1e-5, rtol=1e-5)


class Double:
    """A graph whose profiles are in double precision."""

    def __init__(self, graph):
        self.x = graph.x.astype(float)
        self.adjacency, self.n_genes = graph.adjacency, graph.n_genes


def parameters(name, a, b, heads=1, *, first=False):
    """Parameters of a layer from a to b features, by hand."""
    linear = a * b + b
    attention = 4 * (b * b + b)
    norms = 2 * 2 * b
    return {
        "transformer": 4 * linear,
        "gcn": linear,
        "gat": linear + 2 * b,
        "sage": 2 * a * b + b,
        "gin": linear + b * b + b,
        "gps": linear + (b * b + b) + attention + (4 * b * b + 3 * b) + 3 * 2 * b,
        "graphormer": linear + attention + 2 * (b * b + b) + norms + 21 * heads + 16 * b * first,
    }[name]


@pytest.mark.parametrize("name", ENCODERS.builtin)
def test_sizes_are_the_formula(name, graphs) -> None:
    """L1, GraphNorm and a decoder a graph; L2, GraphNorm, L3, L4 a group; dim 32."""
    want = sum(
        parameters(name, g.n_cells, 128, 4, first=True) + 3 * 128 + 3 * (g.n_genes**2 + g.n_genes)
        for g in graphs
    )
    layers = parameters(name, 128, 64, 2), parameters(name, 64, 32), parameters(name, 128, 32)
    want += len(graphs.groups) * (sum(layers) + 3 * 64)
    assert MuSeGNN(encoder=name, epochs=1).fit(graphs).n_parameters_ == want


@pytest.mark.parametrize("name", OTHERS)
def test_each_encoder_learns_the_same_twice(name, graphs) -> None:
    """The loss falls, and one seed gives one training."""
    first, second = (
        MuSeGNN(encoder=name, epochs=8, lr_encoder=2e-3, dim=16).fit(graphs) for _ in range(2)
    )
    assert first.losses_[-1] < first.losses_[0]
    assert first.losses_ == second.losses_
    for z, again in zip(first.embed(), second.embed(), strict=True):
        assert (z == again).all()


@pytest.mark.parametrize("name", OTHERS)
def test_either_engine_trains_other_encoders(name, graphs) -> None:
    """Only the decoder is written out; the first loss is the same."""
    own, pyg = (MuSeGNN(encoder=name, epochs=1, engine=e, dim=16) for e in ("own", "pyg"))
    assert own.fit(graphs).losses_ == pytest.approx(pyg.fit(graphs).losses_, rel=1e-4)


def test_released_gps_has_no_convolution(graphs) -> None:
    """The faithful one has; other encoders are those of both."""
    equal = graphs.with_graphs([graphs[0]])
    assert MuSeGNN(encoder="gps")._layer() is GPS
    assert ReleasedMuSeGNN(encoder="gps")._layer() is ReleasedGPS
    assert ReleasedMuSeGNN(encoder="gin")._layer() is MuSeGNN(encoder="gin")._layer()
    assert untrained(MuSeGNN(encoder="gps"), equal).encoders[0].first.layer.layer.conv is not None


def test_every_file_is_registered_and_every_entry_has_its_file() -> None:
    """Each other file of methods/encoders/ holds the encoder of its name."""
    folder = Path(genearena.methods.encoders.__file__).parent
    others = {"checks", "network", "registry", "skeleton"}
    files = {path.stem for path in folder.glob("[!_]*.py")} - others
    targets = {name: ENCODERS.builtin[name][0] for name in OTHERS}
    assert files == set(OTHERS)
    assert all(f".encoders.{name}:" in target for name, target in targets.items())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gcnn", "encoder is 'gcnn', unknown encoder 'gcnn'; did you mean 'gcn'?"),
        ("xyzzyxyzzy", "choose from transformer, gcn, gat, sage, gin, gps, graphormer"),
    ],
)
def test_an_unknown_encoder_is_refused_before_a_run(name, words, graphs) -> None:
    """One line, as of any setting."""
    (fault,) = setting_faults(MuSeGNN, {"encoder": name})
    assert words in fault
    with pytest.raises(UsageError, match=re.escape(words)):
        MuSeGNN(encoder=name).fit(graphs)


class Halved(nn.Linear):
    """A plugin's encoder: half of a linear map."""

    uses_edges = False

    def __init__(self, width_in, width, heads):
        super().__init__(width_in, heads * width)

    def forward(self, x, edges):
        return super().forward(x) / 2


def test_a_plugin_brings_an_encoder(monkeypatch, graphs) -> None:
    """By an entry point of the group; its name is a setting like any other."""
    module = Halved.__module__
    point = EntryPoint("halved", f"{module}:Halved", "genearena.encoders")
    monkeypatch.setattr(registry_module, "installed", lambda: EntryPoints([point]))
    found = Registry("encoder", ENCODERS.builtin, ENCODERS.group)
    assert found.names == (*ENCODERS.builtin, "halved")
    monkeypatch.setattr("genearena.methods.musegnn.ENCODERS", found)
    monkeypatch.setattr("genearena.methods.encoders.registry.ENCODERS", found)
    assert not setting_faults(MuSeGNN, {"encoder": "halved"})
    training = untrained(MuSeGNN(encoder="halved"), graphs)
    assert type(training.encoders[0].first.layer).__name__ == "Halved"
    assert MuSeGNN(encoder="halved", epochs=1).fit(graphs).embed()[2].shape == (26, 32)
