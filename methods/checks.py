"""The conformance kit of methods: small checks any must pass, built-in or plugin.

Each finds fault with one thing and takes the others as they come, so that none hides another.
"""

import inspect
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from genearena.data.common.checks import CheckResult, check, run_all, watched_generators
from genearena.data.common.errors import MethodError
from genearena.data.common.one_line import shown
from genearena.data.graph_views import PART_OF, view
from genearena.methods._conformance import (
    Params,
    arrays,
    equal_vectors,
    fault_unless_skipped,
    fitted,
    fresh_vectors,
    half_cut,
    made,
    reordered,
    usable_task,
    writable,
)
from genearena.methods.base import Method
from genearena.methods.declarations import method_faults
from genearena.methods.example import example_graphs

Check = Callable[[type[Method], Params], None]


@check
def check_declarations(method: type[Method], params: Params) -> Iterator[str]:  # noqa: ARG001 - as all checks
    """Check that the class derives from Method and declares what it must."""
    yield from method_faults(method)


@check
def check_constructor(method: type[Method], params: Params) -> Iterator[str]:
    """Check that the constructor takes keywords with defaults, dim and seed, and only stores."""
    parameters = inspect.signature(method).parameters
    for parameter in parameters.values():
        if parameter.kind is not parameter.KEYWORD_ONLY or parameter.default is parameter.empty:
            yield f"'{parameter.name}' is no keyword with a default"
    for name in sorted({"dim", "seed"} - set(parameters)):
        yield f"the constructor lacks '{name}'"
    asked = {**params, "dim": 7, "seed": 20_011}
    given = {name: asked.get(name, p.default) for name, p in parameters.items()}
    stored = vars(method(**given))
    for name, value in given.items():
        if stored.get(name, parameters) is not value:
            yield f"the constructor does not store '{name}' as given"
    if set(stored) - set(given):
        yield f"the constructor also sets {sorted(set(stored) - set(given))}; do the work in fit"


@check
def check_unable(method: type[Method], params: Params) -> Iterator[str]:
    """Check that a method which declares that it cannot run gives that as its reason to skip."""
    reason: object = made(method, params).skip(example_graphs())
    if not (reason is None or isinstance(reason, str)):
        yield f"skip() gave {shown(reason)}, want a reason or None"
    if method.cannot_run and reason != method.cannot_run:
        yield f"declares cannot_run, but skip() gives {reason!r}"


@check
def check_needs(method: type[Method], params: Params) -> Iterator[str]:
    """Check that nothing is read of the graphs but what `needs` declares."""
    graphs, parts = usable_task(method, params), frozenset(PART_OF.values())
    needs: Any = method.needs
    if not isinstance(needs, frozenset):
        return  # which is a fault of the declarations

    def fault(needs: frozenset[str]) -> str:
        try:
            fresh_vectors(method, params, view(graphs, needs, method.__name__))
        except MethodError as error:
            return str(error)
        return ""

    first = fault(needs)
    undeclared = [part for part in sorted(parts - needs) if first and fault(parts - {part})]
    for part in undeclared:
        yield f"reads '{part}' of the graphs without saying so; add it to needs"
    if first and not undeclared:
        yield first


@check
def check_shape(method: type[Method], params: Params) -> Iterator[str]:
    """Check that fit returns self and embed a (genes, dim) float32 array for each graph."""
    graphs, instance = usable_task(method, params), made(method, params)
    reason = instance.skip(graphs)
    if reason:
        yield f"skips the example task: {reason}"
    if instance.fit(writable(graphs)) is not instance:
        yield "fit() did not return self"
    vectors: Any = instance.embed()
    if not isinstance(vectors, list):
        yield f"embed() gave a {type(vectors).__name__}, want a list"
    if len(vectors) != len(graphs):
        yield f"embed() gave {len(vectors)} arrays, want {len(graphs)}"
        return
    for graph, z in zip(graphs, vectors, strict=True):
        want = (graph.n_genes, instance.dim if method.reduces else z.shape[-1])
        if z.shape != want or z.dtype != np.float32:
            yield (
                f"embed() gave {z.shape} {z.dtype} for graph '{graph.name}', want {want} float32"
            )


@check
def check_finite(method: type[Method], params: Params) -> Iterator[str]:
    """Check that vectors are finite and not all the same."""
    graphs = usable_task(method, params)
    vectors = fresh_vectors(method, params, graphs)
    for graph, z in zip(graphs, vectors, strict=False):
        if not np.isfinite(z).all():
            yield f"embed() gave values that are not finite for graph '{graph.name}'"
    if all((z == vectors[0][0]).all() for z in vectors):
        yield "embed() gave the same vector for every gene"


@check
def check_determinism(method: type[Method], params: Params) -> Iterator[str]:
    """Check that one seed gives bit-identical vectors, unless declared otherwise."""
    if not method.deterministic:
        return
    first = fresh_vectors(method, params, usable_task(method, params))
    instance = fitted(method, params, usable_task(method, params))
    second = instance.embed()
    if not equal_vectors(first, second):
        yield (
            "two fits with one seed differ; draw from the seed alone or declare "
            "deterministic = False"
        )
    if not equal_vectors(second, instance.embed()):
        yield "a second embed() differs from the first"


@check
def check_seed(method: type[Method], params: Params) -> Iterator[str]:
    """Check that another seed gives other vectors exactly if `seeded` says so."""
    if not method.deterministic and not method.seeded:
        return
    first, second = (
        fresh_vectors(method, params, usable_task(method, params), seed=seed) for seed in (0, 1)
    )
    same = equal_vectors(first, second)
    if same and method.seeded:
        yield "seed makes no difference; declare seeded = False"
    if not same and not method.seeded:
        yield "seed makes a difference; declare seeded = True"


@check
def check_input_untouched(method: type[Method], params: Params) -> Iterator[str]:
    """Check that neither fit nor embed changes anything in the graphs."""
    given, untouched = (usable_task(method, params) for _ in range(2))
    fresh_vectors(method, params, given)
    for graph, before in zip(given, untouched, strict=True):
        then = arrays(before)
        for part, now in arrays(graph).items():
            if not np.array_equal(now, then[part]):
                yield f"it changed {part} of graph '{graph.name}'"


@check
def check_global_random_state(method: type[Method], params: Params) -> Iterator[str]:
    """Check that fit and embed neither seed nor draw from the global generators."""
    # a first fit imports whatever the method needs, so that its generators are watched too
    fresh_vectors(method, params, usable_task(method, params))
    with watched_generators() as touched:
        fresh_vectors(method, params, usable_task(method, params))
    if touched:
        yield (
            f"fit moved the global generator of {' and '.join(touched)}; use a generator of its own"
        )


@check
def check_single_graph(method: type[Method], params: Params) -> Iterator[str]:
    """Check that a task of one graph works, or is skipped with a reason."""
    graphs = example_graphs()
    yield from fault_unless_skipped(method, params, graphs.with_graphs(graphs.graphs[:1]))


@check
def check_different_sizes(method: type[Method], params: Params) -> Iterator[str]:
    """Check that graphs may grow or shrink in any order, or are skipped with a reason."""
    graphs = example_graphs()
    for order in ((2, 1, 0), (1, 2, 0)):
        yield from fault_unless_skipped(
            method, params, graphs.with_graphs([graphs[position] for position in order])
        )


@check
def check_isolated_genes(method: type[Method], params: Params) -> Iterator[str]:
    """Check that genes without an edge get finite vectors, or are skipped with a reason."""
    graphs = usable_task(method, params)
    cut = graphs.with_graphs([half_cut(graph) for graph in graphs])
    yield from fault_unless_skipped(method, params, cut)


@check
def check_gene_order(method: type[Method], params: Params) -> Iterator[str]:
    """Check that reordered genes only reorder the vectors, where `equivariant` says so."""
    if not method.equivariant:
        return
    graphs = usable_task(method, params)
    rng = np.random.default_rng(0)
    orders = [rng.permutation(graph.n_genes) for graph in graphs]
    shuffled = graphs.with_graphs(
        [reordered(graph, order) for graph, order in zip(graphs, orders, strict=True)]
    )
    first, second = fresh_vectors(method, params, graphs), fresh_vectors(method, params, shuffled)
    for z, order, other in zip(first, orders, second, strict=False):
        bound = 1e-3 * np.nanmax(np.abs(z), initial=0)
        if not np.allclose(z[order], other, rtol=1e-3, atol=bound, equal_nan=True):
            yield "reordered genes get other vectors; declare equivariant = False"
            return


@check
def check_pickling(method: type[Method], params: Params) -> Iterator[str]:
    """Check that a fitted instance survives pickling with its vectors."""
    instance = fitted(method, params, usable_task(method, params))
    try:
        copy = pickle.loads(pickle.dumps(instance))  # noqa: S301 - our own bytes
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        yield f"cannot be pickled after fit: {error}"
        return
    if not equal_vectors(copy.embed(), instance.embed()):
        yield "vectors change when pickled"


CHECKS: tuple[Check, ...] = (
    check_declarations,
    check_constructor,
    check_unable,
    check_needs,
    check_shape,
    check_finite,
    check_determinism,
    check_seed,
    check_input_untouched,
    check_global_random_state,
    check_single_graph,
    check_different_sizes,
    check_isolated_genes,
    check_gene_order,
    check_pickling,
)
"""Every check, in the order of the contract."""

_UNTRAINED = (check_declarations, check_constructor, check_unable)


def applicable_checks(method: type[Method]) -> tuple[Check, ...]:
    """Return every check, or for a method that declares it cannot run those without training."""
    reason = getattr(method, "cannot_run", "")
    return _UNTRAINED if isinstance(reason, str) and reason else CHECKS


def run_checks(method: type[Method], **params: Any) -> list[CheckResult]:
    """Run every check on a method.

    Parameters
    ----------
    method
        The class.
    params
        Parameters to check it with; by default vectors of length 8 and the ``fast`` preset.

    Returns
    -------
    One result per applicable check, in order; a method that crashes fails the check.
    """
    fast = getattr(method, "fast", None)
    settings = {"dim": 8, **(fast if isinstance(fast, dict) else {}), **params}
    return run_all(applicable_checks(method), method, settings)
