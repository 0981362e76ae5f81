"""The kit for encoders passes what is right and catches what is wrong."""

import re

import pytest
import torch
from torch import nn

from genearena.data.common.checks import run_all
from genearena.methods.encoders import checks
from genearena.methods.encoders.checks import CHECKS, is_encoder
from genearena.methods.encoders.gps import ReleasedGPS
from genearena.methods.encoders.registry import ENCODERS


class Mean(nn.Module):
    """A right one: a map of the mean of the neighbours."""

    def __init__(self, width_in, width, heads):
        super().__init__()
        self.map = nn.Linear(width_in, heads * width)

    def forward(self, x, edges):
        links = torch.zeros(len(x), len(x)).index_put_((edges[1], edges[0]), torch.ones(()))
        return self.map(links @ x / links.sum(dim=1, keepdim=True))


def mean(width_in, width, heads):
    return Mean(width_in, width, heads)


class Alone(Mean):
    """Right, if it says so: sees no edge."""

    uses_edges = False

    def forward(self, x, edges):
        return self.map(x)


class ForgetsHeads(Mean):
    def __init__(self, width_in, width, heads):
        super().__init__(width_in, width, 1)


class Double(Mean):
    def forward(self, x, edges):
        return super().forward(x, edges).double()


class NoModule(nn.Module):
    def __new__(cls, width_in, width, heads):
        return "a layer"


class DividesByDegree(Mean):
    def forward(self, x, edges):
        others = edges[:, edges[0] != edges[1]]
        degrees = torch.bincount(others[0], minlength=len(x))
        return super().forward(x, edges) / degrees[:, None]


class AllTheSame(Mean):
    def forward(self, x, edges):
        out = super().forward(x, edges)
        return out.mean(dim=0).expand_as(out)


class DeniesEdges(Mean):
    uses_edges = False


class IgnoresEdges(Alone):
    uses_edges = True


class CountsRows(Mean):
    def forward(self, x, edges):
        return super().forward(x, edges) + torch.arange(float(len(x)))[:, None]


class SpareParameter(Mean):
    def __init__(self, width_in, width, heads):
        super().__init__(width_in, width, heads)
        self.spare = nn.Parameter(torch.ones(3))


class Detaches(Mean):
    def forward(self, x, edges):
        return super().forward(x, edges).detach()


class KeepsFirstSize(Mean):
    places = None

    def forward(self, x, edges):
        if self.places is None:
            self.places = torch.zeros(len(x), 1)
        return super().forward(x, edges) + self.places


class Drops(Mean):
    def forward(self, x, edges):
        return nn.functional.dropout(super().forward(x, edges))


class OwnSeed(Mean):
    def __init__(self, width_in, width, heads):
        super().__init__(width_in, width, heads)
        nn.init.normal_(self.map.weight, generator=torch.Generator().manual_seed(next(SEEDS)))


class Raises(Mean):
    def forward(self, x, edges):
        raise KeyError("lost")


SEEDS = iter(range(10_000))
BAD = [
    (checks.check_shape, ForgetsHeads, r"L1 gave \(40, 16\) torch.float32, want \(40, 64\)"),
    (checks.check_shape, Double, "float64"),
    (checks.check_shape, NoModule, "L1 is 'a layer', want a torch module"),
    (checks.check_shape, Raises, "KeyError: 'lost'"),
    (checks.check_finite, DividesByDegree, "L1 gave numbers that are not finite"),
    (checks.check_finite, AllTheSame, "the same features for every gene"),
    (checks.check_uses_edges, DeniesEdges, "declare uses_edges = True"),
    (checks.check_uses_edges, IgnoresEdges, "declare uses_edges = False"),
    (checks.check_gene_order, CountsRows, "L1 gives reordered genes other features"),
    (checks.check_gradient, SpareParameter, "of L1 no gradient reaches spare"),
    (checks.check_gradient, Detaches, "without a gradient"),
    (checks.check_gradient, ReleasedGPS, "reaches layer.norm1"),
    (checks.check_different_sizes, KeepsFirstSize, "RuntimeError"),
    (checks.check_determinism, Drops, "L1 built twice with one seed|the second time"),
    (checks.check_determinism, OwnSeed, "L1 built twice with one seed"),
]


@pytest.mark.parametrize("layer", [Mean, mean, Alone], ids=lambda layer: layer.__name__)
def test_a_right_encoder_passes_every_check(layer) -> None:
    """As a class or a function, and without edges if that is declared."""
    assert is_encoder(layer)
    results = run_all(CHECKS, layer)
    assert [(r.name, r.faults) for r in results if not r.passed] == []
    assert len(results) == len(CHECKS)


@pytest.mark.parametrize("name", ENCODERS.names)
def test_every_registered_encoder_passes_every_check(name: str) -> None:
    """Plugins' too."""
    assert is_encoder(ENCODERS.load(name))
    results = run_all(CHECKS, ENCODERS.load(name))
    assert [(r.name, r.faults) for r in results if not r.passed] == []


@pytest.mark.parametrize(
    ("check", "layer", "message"), BAD, ids=[f"{c.__name__}-{b.__name__}" for c, b, _ in BAD]
)
def test_a_check_catches_its_bad_encoder(check, layer, message: str) -> None:
    """Each fault fails the check meant for it, with a line that says what is wrong."""
    (result,) = [r for r in run_all(CHECKS, layer) if f"check_{r.name}" == check.__name__]
    assert any(re.search(message, fault) for fault in result.faults)


def test_every_check_has_a_bad_encoder() -> None:
    """No check stands without proof that it can fail."""
    assert {check for check, _, _ in BAD} == set(CHECKS)


@pytest.mark.parametrize("other", [dict, "gcn", None, 3, lambda x: x])
def test_other_things_are_no_encoders(other) -> None:
    """A class of no modules, and a function of other arguments."""
    assert not is_encoder(other)
