"""Settings that take a part of MuSe-GNN out or put another in its place."""

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
import torch
from torch.nn import functional
from untrained import untrained

from genearena.data.common.errors import UsageError
from genearena.methods._released.musegnn import ReleasedMuSeGNN
from genearena.methods.encoders.registry import ENCODERS
from genearena.methods.musegnn import MuSeGNN
from genearena.methods.settings import with_settings

VARIANTS = [
    *({"encoder": name} for name in ENCODERS.builtin if name != "transformer"),
    {"similarity": "one"},
    {"similarity": "off"},
    {"sharing": "dataset"},
    {"sharing": "all"},
    {"features": "shared"},
    {"features": "identity"},
    {"features": "constant"},
    {"contrastive_weight": 0.0},
]


def label(settings):
    """Return what names a variant in a test."""
    return "-".join(map(str, settings.values()))


def weights(modules):
    """Return all parameters as one vector."""
    return torch.cat([p.detach().ravel() for p in modules.parameters()])


@pytest.mark.parametrize("settings", VARIANTS, ids=label)
def test_a_setting_changes_nothing_else(settings, graphs) -> None:
    """Decoders, drawn neighbours, partners and private genes are those of the default."""
    own, other = (untrained(MuSeGNN(**s), graphs) for s in ({}, settings))
    assert torch.equal(weights(own.decoders), weights(other.decoders))
    for first, second in zip(own.neighbours, other.neighbours, strict=True):
        assert torch.equal(first, second)
    for training in (own, other):
        for position in (0, 1, 2, 0):
            training._loss(position)
    assert torch.equal(own.source.get_state(), other.source.get_state())
    if not settings.keys() & {"encoder", "features"}:
        for ours, theirs in zip(own.encoders, other.encoders, strict=True):
            assert torch.equal(weights(ours.first), weights(theirs.first))
    if "features" not in settings:
        for ours, theirs in zip(own.inputs, other.inputs, strict=True):
            assert torch.equal(ours, theirs)


@pytest.mark.parametrize("settings", VARIANTS, ids=label)
def test_a_setting_changes_the_vectors(settings, graphs) -> None:
    """None is without effect."""
    own, other = (MuSeGNN(epochs=2, **s).fit(graphs).embed() for s in ({}, settings))
    assert all((z != v).any() for z, v in zip(own, other, strict=True))


def step_terms(training):
    """Return the loss of a step of graph 0 against graph 1, and cross-entropy, cosines, contrast.

    Cosines are those of common genes, gene by gene, with their overlaps.
    """
    first, second = training.tensors[0].graph, training.tensors[1].graph
    training._partner = lambda position: 1
    state = training.source.get_state()
    loss = training._loss(0)
    training.source.set_state(state)
    z, other = training._encode(0), training._encode(1)
    edges = functional.binary_cross_entropy_with_logits(
        training._decode(0, z), training.tensors[0].adjacency
    )
    cosines, overlaps = [], []
    for gene in set(first.genes) & set(second.genes):
        i, j = first.index[gene], second.index[gene]
        near, near_other = (
            {g.genes[k] for k in g.adjacency[[g.index[gene]]].nonzero()[1]} for g in (first, second)
        )
        overlaps.append(len(near & near_other) / max(len(near | near_other), 1))
        cosines.append(functional.cosine_similarity(z[i], other[j], dim=0))
    unit = [functional.normalize(v, dim=-1) for v in (z, other)]
    contrast = training._contrast(0, 1, *unit)
    return loss, edges, torch.stack(cosines), torch.tensor(overlaps), contrast


@pytest.mark.parametrize("weight", [0.01, 0.0])
@pytest.mark.parametrize("similarity", ["jaccard", "one", "off"])
def test_the_terms_of_a_step_are_those_asked_for(similarity, weight, graphs) -> None:
    """Cross-entropy less weighted, plain or no cosines, plus λ_c times the contrast."""
    method = MuSeGNN(similarity=similarity, contrastive_weight=weight)
    loss, edges, cosines, overlaps, contrast = step_terms(untrained(method, graphs))
    taken = {"jaccard": overlaps * cosines, "one": cosines, "off": 0 * cosines}[similarity]
    torch.testing.assert_close(loss, edges - taken.mean() + weight * contrast)


def test_a_contrast_of_no_weight_is_not_computed(graphs) -> None:
    """The work is saved."""
    training = untrained(MuSeGNN(contrastive_weight=0.0), graphs)

    def refuse(*_):
        raise AssertionError

    training._contrast = refuse
    training._loss(0)


def test_released_ablations_draw_as_the_script(graphs) -> None:
    """Without contrast the positions of private genes are drawn all the same."""
    equal = graphs.with_graphs([replace(graphs[0], name=name) for name in "ab"])
    states = []
    for settings in ({}, {"contrastive_weight": 0.0}, {"similarity": "off"}):
        training = untrained(ReleasedMuSeGNN(**settings), equal)
        training._loss(0)
        states.append(training.source.get_state())
    assert torch.equal(states[0], states[1])
    assert torch.equal(states[0], states[2])


@pytest.mark.parametrize("encoder", ["transformer", "gcn"])
@pytest.mark.parametrize(
    ("sharing", "same"),
    [("group", [0, 0, 2]), ("dataset", [0, 1, 2]), ("all", [0, 0, 0])],
)
def test_sharing_says_who_has_one_copy(encoder, sharing, same, graphs) -> None:
    """Of L2 to L4; donors a and b are one group, and L1 is always each graph's own."""
    training = untrained(MuSeGNN(encoder=encoder, sharing=sharing), graphs)
    shared = [encoder.shared for encoder in training.encoders]
    assert [shared.index(each) for each in shared] == same
    assert len({id(encoder.first) for encoder in training.encoders}) == 3


@pytest.mark.parametrize(("sharing", "copies"), [("group", 2), ("dataset", 3), ("all", 1)])
@pytest.mark.parametrize("engine", ["own", "pyg"])
def test_each_copy_has_58_048_parameters(sharing, copies, engine, graphs) -> None:
    """Σ [512 C + 896 + 3 (n² + n)] + 58,048 copies."""
    per_graph = [512 * g.n_cells + 896 + 3 * (g.n_genes**2 + g.n_genes) for g in graphs]
    method = MuSeGNN(epochs=1, sharing=sharing, engine=engine).fit(graphs)
    assert method.n_parameters_ == sum(per_graph) + 58_048 * copies


def test_own_features_are_the_profiles(graphs) -> None:
    """As they come."""
    for x, graph in zip(untrained(MuSeGNN(), graphs).inputs, graphs, strict=True):
        np.testing.assert_array_equal(x, graph.x)


def test_shared_features_are_one_gaussian_matrix(graphs) -> None:
    """Row r and column c alike in all graphs, whatever gene r is, and of the seed."""
    a, b, c = untrained(MuSeGNN(features="shared"), graphs).inputs
    assert [tuple(x.shape) for x in (a, b, c)] == [(g.n_genes, g.n_cells) for g in graphs]
    assert torch.equal(a[:32, :36], b[:, :36])
    assert torch.equal(a[:26, :28], c)
    assert torch.equal(a, untrained(MuSeGNN(features="shared"), graphs).inputs[0])
    assert not torch.equal(a, untrained(MuSeGNN(features="shared", seed=1), graphs).inputs[0])
    assert abs(float(b.mean())) < 5 / np.sqrt(b.numel())
    assert float(b.std()) == pytest.approx(1, abs=5 / np.sqrt(2 * b.numel()))


@pytest.mark.parametrize("engine", ["own", "pyg"])
def test_identity_features_need_a_weight_per_gene(engine, graphs) -> None:
    """(n, n); L1 has n instead of C rows."""
    training = untrained(MuSeGNN(features="identity", engine=engine), graphs)
    for x, graph in zip(training.inputs, graphs, strict=True):
        assert torch.equal(x, torch.eye(graph.n_genes))
    per_graph = [512 * g.n_genes + 896 + 3 * (g.n_genes**2 + g.n_genes) for g in graphs]
    method = MuSeGNN(epochs=1, features="identity", engine=engine).fit(graphs)
    assert method.n_parameters_ == sum(per_graph) + 58_048 * 2


@pytest.mark.parametrize("features", ["shared", "identity", "constant"])
def test_other_features_know_nothing_of_the_profiles(features, graphs) -> None:
    """Other profiles, same vectors."""
    noise = np.random.default_rng(0).normal
    others = graphs.with_graphs(
        [replace(g, x=noise(size=g.x.shape).astype(np.float32)) for g in graphs]
    )
    first, second = (
        MuSeGNN(epochs=2, features=features).fit(task).embed() for task in (graphs, others)
    )
    assert all((z == v).all() for z, v in zip(first, second, strict=True))


@pytest.mark.parametrize("name", ENCODERS.builtin)
def test_constant_features_tell_genes_apart_by_degree_alone(name, graphs) -> None:
    """By nothing, but rounding, under averages; sums and degree embeddings see degrees."""
    spreads = []
    for features in ("constant", "own"):
        z = untrained(MuSeGNN(encoder=name, features=features), graphs)._encode(0).detach()
        spreads.append(float((z.amax(dim=0) - z.amin(dim=0)).max()))
    share = spreads[0] / spreads[1]
    assert share > 0.1 if name in {"gcn", "gin", "gps", "graphormer"} else share < 0.01


@pytest.mark.parametrize(
    ("setting", "value"), [("similarity", "two"), ("sharing", "groups"), ("features", "x")]
)
def test_unknown_words_are_refused(setting, value, one_graph) -> None:
    """One line that names the choice."""
    with pytest.raises(UsageError, match=f"musegnn: {setting} is '{value}', want '.*or"):
        MuSeGNN(**{setting: value}).fit(one_graph)


def test_plain_runs_keep_their_identity() -> None:
    """Presets, of which identities are made, name ablations only where there are any."""
    want = {
        "epochs": 2000,
        "lr_encoder": 1e-4,
        "lr_decoder": 1e-3,
        "heads": (4, 2),
        "contrastive_weight": 0.01,
        "temperature": 0.07,
        "n_private": 100,
        "patience": None,
        "precision": "float32",
    }
    for method in (MuSeGNN, ReleasedMuSeGNN):
        assert method.preset("paper") == want
        fast = {"epochs": 40, "lr_encoder": 2.5e-4, "features": "rotated"}
        assert method.preset("fast") == want | fast


def test_a_variant_of_the_class_names_what_differs() -> None:
    """A subclass with another encoder is another method."""

    @with_settings
    class GraphConvolution(MuSeGNN):
        fast: ClassVar = {"sharing": "all"}
        encoder: str = "gcn"

    fast, paper = (GraphConvolution.preset(name) for name in ("fast", "paper"))
    assert (fast["encoder"], fast["sharing"]) == ("gcn", "all")
    assert paper["encoder"] == "gcn"
    assert paper.keys().isdisjoint({"sharing", "features", "similarity"})
