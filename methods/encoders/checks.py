"""The conformance kit of encoders: small checks the layers of any must pass."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import TypeGuard

import numpy as np
import torch
from torch import Tensor, nn

from genearena.data.common.checks import check
from genearena.data.common.errors import ContractError, MethodError
from genearena.data.common.one_line import shown
from genearena.data.graphs import GeneGraph
from genearena.methods._conformance import half_cut, reordered
from genearena.methods._nn.seeding import fresh_weights, generator
from genearena.methods.encoders.network import Layer, edges_for, first_layer
from genearena.methods.example import example_graphs

_ARGUMENTS = ["width_in", "width", "heads"]
_WIDTH = 16
_CPU = torch.device("cpu")


@dataclass(frozen=True, eq=False)
class _Place:
    """A layer where the network has it: its name, what makes it, and its sizes."""

    name: str
    make: Layer
    width_in: int
    heads: int
    layer: Layer

    def built(self) -> nn.Module:
        """Return the layer with weights that are the same each time."""
        with fresh_weights(0):
            module: object = self.make(self.width_in, _WIDTH, self.heads)
        if not isinstance(module, nn.Module):
            raise MethodError(f"{self.name} is {shown(module)}, want a torch module")
        return module

    def features(self, graph: GeneGraph) -> Tensor:
        """Return features of the genes: their profiles in L1, elsewhere normal deviates."""
        if self.width_in == graph.n_cells:
            return torch.tensor(graph.x)
        return torch.randn(graph.n_genes, self.width_in, generator=generator(0, graph.name))

    def output(self, module: nn.Module, graph: GeneGraph, features: Tensor) -> Tensor:
        """Return what the layer gives for features under the graph's edges."""
        out: Tensor = module(features, edges_for(self.layer, graph, _WIDTH, _CPU))
        return out


def _places(layer: Layer) -> Iterator[_Place]:
    """Yield L1 of the first example graph, L2 and L3."""
    cells = example_graphs()[0].n_cells
    yield _Place("L1", first_layer(layer), cells, 4, layer)
    yield _Place("L2", layer, 4 * _WIDTH, 2, layer)
    yield _Place("L3", layer, 2 * _WIDTH, 1, layer)


def _in_each_place(faults: Callable[[_Place], Iterable[str]]) -> Callable[[Layer], None]:
    """Make a check of an encoder of one of a place; what one raises hides nothing of others."""
    of_place = check(faults)

    @wraps(faults)
    def of_all(layer: Layer) -> Iterator[str]:
        for place in _places(layer):
            try:
                of_place(place)
            except ContractError as error:
                yield from str(error).split("\n")

    return check(of_all)


@_in_each_place
def check_shape(place: _Place) -> Iterator[str]:
    """Check that every layer is a module and gives (n, heads * width) float32 features."""
    graph = example_graphs()[0]
    out: object = place.output(place.built(), graph, place.features(graph))
    want = (graph.n_genes, place.heads * _WIDTH)
    if not isinstance(out, Tensor) or out.shape != want or out.dtype != torch.float32:
        got = f"{tuple(out.shape)} {out.dtype}" if isinstance(out, Tensor) else shown(out)
        yield f"{place.name} gave {got}, want {want} torch.float32"


@_in_each_place
def check_finite(place: _Place) -> Iterator[str]:
    """Check that features are finite, those of genes without an edge too, and not all the same."""
    whole = example_graphs()[0]
    for graph in (whole, half_cut(whole)):
        out = place.output(place.built(), graph, place.features(graph))
        if not out.isfinite().all():
            yield f"{place.name} gave numbers that are not finite"
        if (out == out[0]).all():
            yield f"{place.name} gave the same features for every gene"


@check
def check_uses_edges(layer: Layer) -> Iterator[str]:
    """Check that other edges change what layers give exactly if `uses_edges` says so."""
    graph, declared = example_graphs()[0], getattr(layer, "uses_edges", True)
    changed = False
    for place in _places(layer):
        module, x = place.built(), place.features(graph)
        changed |= not _equal(
            place.output(module, graph, x), place.output(module, half_cut(graph), x)
        )
    if changed and not declared:
        yield "edges make a difference; declare uses_edges = True"
    if declared and not changed:
        yield "edges make no difference; declare uses_edges = False"


@_in_each_place
def check_gene_order(place: _Place) -> Iterator[str]:
    """Check that reordered genes only reorder the features."""
    graph = example_graphs()[0]
    order = np.random.default_rng(0).permutation(graph.n_genes)
    module, x = place.built(), place.features(graph)
    with torch.no_grad():
        want = place.output(module, graph, x)[order]
        got = place.output(module, reordered(graph, order), x[order])
    bound = 1e-4 * float(want.nan_to_num().abs().max())
    if not torch.allclose(got, want, rtol=1e-3, atol=bound, equal_nan=True):
        yield f"{place.name} gives reordered genes other features"


@_in_each_place
def check_gradient(place: _Place) -> Iterator[str]:
    """Check that a gradient reaches every parameter, and the features."""
    graph = example_graphs()[0]
    module, x = place.built(), place.features(graph).requires_grad_()
    out = place.output(module, graph, x)
    if not out.requires_grad:
        yield f"{place.name} gives features without a gradient"
        return
    torch.autograd.backward((out * torch.randn(out.shape, generator=generator(0, ""))).sum())
    missed = [name for name, each in module.named_parameters() if each.grad is None]
    missed += [] if x.grad is not None else ["its input"]
    if missed:
        yield f"of {place.name} no gradient reaches {', '.join(missed)}"


@_in_each_place
def check_different_sizes(place: _Place) -> Iterable[str]:
    """Check that shared layers take graphs of different sizes, whichever comes first."""
    graphs = example_graphs().graphs
    # L1 is each graph's own
    for ordered in (graphs, graphs[::-1]) if place.name != "L1" else ():
        module = place.built()
        for graph in ordered:
            place.output(module, graph, place.features(graph))
    return ()


@_in_each_place
def check_determinism(place: _Place) -> Iterator[str]:
    """Check that weights come of torch's seed alone, and that forward draws nothing."""
    graph = example_graphs()[0]
    module, x = place.built(), place.features(graph)
    first = place.output(module, graph, x)
    if not _equal(first, place.output(place.built(), graph, x)):
        yield f"{place.name} built twice with one seed gives other features"
    if not _equal(first, place.output(module, graph, x)):
        yield f"{place.name} gives other features the second time"


def _equal(first: Tensor, second: Tensor) -> bool:
    """Whether features are the same numbers, and missing in the same places."""
    return torch.allclose(first, second, rtol=0, atol=0, equal_nan=True)


CHECKS: Sequence[Callable[[Layer], None]] = (
    check_shape,
    check_finite,
    check_uses_edges,
    check_gene_order,
    check_gradient,
    check_different_sizes,
    check_determinism,
)
"""Every check, in the order in which they are told."""


def is_encoder(found: object) -> TypeGuard[Layer]:
    """Tell whether something is meant as an encoder: a class of modules, or a function.

    The function takes width_in, width and heads.
    """
    if isinstance(found, type):
        return issubclass(found, nn.Module)
    return callable(found) and [*inspect.signature(found).parameters] == _ARGUMENTS
