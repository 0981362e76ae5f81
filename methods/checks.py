"""The conformance kit: small checks any method must pass, built-in or plugin."""

import inspect
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from genearena.data.common.errors import MethodError
from genearena.data.common.one_line import shown, told
from genearena.data.graph_views import view
from genearena.methods._conformance import (
    Params,
    arrays,
    equal_vectors,
    fitted,
    fresh_vectors,
    half_cut,
    reordered,
    usable_task,
    vectors_unless_skipped,
    watched_generators,
)
from genearena.methods.base import Method
from genearena.methods.declarations import method_faults
from genearena.methods.example import example_graphs

Check = Callable[[type[Method], Params], None]


@dataclass(frozen=True)
class CheckResult:
    """How one check ended; the message of a passed check is empty."""

    name: str
    passed: bool
    message: str
    seconds: float


def check_declarations(method: type[Method], params: Params) -> None:  # noqa: ARG001 - as all checks
    """Check that the class derives from Method and declares what it must; name every fault."""
    faults = method_faults(method)
    if faults:
        raise MethodError("\n".join(faults))


def check_constructor(method: type[Method], params: Params) -> None:
    """Check that the constructor takes keywords with defaults, dim and seed, and only stores."""
    parameters = inspect.signature(method).parameters
    for parameter in parameters.values():
        if parameter.kind is not parameter.KEYWORD_ONLY or parameter.default is parameter.empty:
            raise MethodError(f"{method.name}: '{parameter.name}' is no keyword with a default")
    if not {"dim", "seed"} <= set(parameters):
        raise MethodError(f"{method.name}: the constructor lacks dim or seed")
    given = {name: parameter.default for name, parameter in parameters.items()}
    given |= {**params, "dim": 7, "seed": 20_011}
    stored = vars(method(**given))
    for name, value in given.items():
        if stored.get(name, parameters) is not value:
            raise MethodError(f"{method.name}: the constructor does not store '{name}' as given")
    if set(stored) - set(given):
        raise MethodError(
            f"{method.name}: the constructor also sets {sorted(set(stored) - set(given))}; "
            "do the work in fit"
        )


def check_unable(method: type[Method], params: Params) -> None:
    """Check that a method which declares that it cannot run gives that as its reason to skip."""
    reason: object = method(**params).skip(view(example_graphs(), method.needs, method.name))
    if not (reason is None or isinstance(reason, str)):
        raise MethodError(f"{method.name}: skip() gave {shown(reason)}, want a reason or None")
    if method.cannot_run and reason != method.cannot_run:
        raise MethodError(f"{method.name}: declares cannot_run, but skip() gives {reason!r}")


def check_shape(method: type[Method], params: Params) -> None:
    """Check that fit returns self and embed a (genes, dim) float32 array for each graph."""
    graphs = usable_task(method, params)
    instance = fitted(method, params, graphs)
    vectors = instance.embed()
    if not isinstance(vectors, list):
        raise MethodError(f"{method.name}: embed() gave a {type(vectors).__name__}, want a list")
    if len(vectors) != len(graphs):
        raise MethodError(f"{method.name}: embed() gave {len(vectors)} arrays, want {len(graphs)}")
    for graph, z in zip(graphs, vectors, strict=True):
        want = (graph.n_genes, instance.dim if method.reduces else z.shape[-1])
        if z.shape != want or z.dtype != np.float32:
            raise MethodError(
                f"{method.name}: embed() gave {z.shape} {z.dtype} for graph '{graph.name}', "
                f"want {want} float32"
            )


def check_finite(method: type[Method], params: Params) -> None:
    """Check that vectors are finite and not all the same."""
    fresh_vectors(method, params, usable_task(method, params))


def check_determinism(method: type[Method], params: Params) -> None:
    """Check that one seed gives bit-identical vectors, unless declared otherwise."""
    if not method.deterministic:
        return
    first = fresh_vectors(method, params, usable_task(method, params))
    instance = fitted(method, params, usable_task(method, params))
    if not equal_vectors(first, instance.embed()):
        raise MethodError(
            f"{method.name}: two fits with one seed differ; draw from the seed alone "
            "or declare deterministic = False"
        )
    if not equal_vectors(first, instance.embed()):
        raise MethodError(f"{method.name}: a second embed() differs from the first")


def check_seed(method: type[Method], params: Params) -> None:
    """Check that another seed gives other vectors exactly if `seeded` says so."""
    if not method.deterministic and not method.seeded:
        return
    first, second = (
        fresh_vectors(method, params, usable_task(method, params), seed=seed) for seed in (0, 1)
    )
    same = equal_vectors(first, second)
    if same and method.seeded:
        raise MethodError(f"{method.name}: seed makes no difference; declare seeded = False")
    if not same and not method.seeded:
        raise MethodError(f"{method.name}: seed makes a difference; declare seeded = True")


def check_input_untouched(method: type[Method], params: Params) -> None:
    """Check that neither fit nor embed changes anything in the graphs."""
    graphs, untouched = (usable_task(method, params) for _ in range(2))
    given = view(graphs, method.needs, method.name)
    method(**params).fit(given).embed()
    for graph, before in zip(given, untouched, strict=True):
        then = arrays(before, method.needs)
        for part, now in arrays(graph, method.needs).items():
            if not np.array_equal(now, then[part]):
                raise MethodError(f"{method.name}: it changed {part} of graph '{graph.name}'")


def check_global_random_state(method: type[Method], params: Params) -> None:
    """Check that fit and embed neither seed nor draw from the global generators."""
    # a first fit imports whatever the method needs, so that its generators are watched too
    fresh_vectors(method, params, usable_task(method, params))
    with watched_generators() as touched:
        fresh_vectors(method, params, usable_task(method, params))
    if touched:
        raise MethodError(
            f"{method.name}: fit moved the global generator of {' and '.join(touched)}; "
            "use a generator of its own"
        )


def check_single_graph(method: type[Method], params: Params) -> None:
    """Check that a task of one graph works, or is skipped with a reason."""
    graphs = example_graphs()
    vectors_unless_skipped(method, params, graphs.with_graphs(graphs.graphs[:1]))


def check_different_sizes(method: type[Method], params: Params) -> None:
    """Check that graphs may grow or shrink in any order, or are skipped with a reason."""
    graphs = example_graphs()
    for order in ((2, 1, 0), (1, 2, 0)):
        vectors_unless_skipped(
            method, params, graphs.with_graphs([graphs[position] for position in order])
        )


def check_isolated_genes(method: type[Method], params: Params) -> None:
    """Check that genes without an edge get finite vectors, or are skipped with a reason."""
    graphs = usable_task(method, params)
    vectors_unless_skipped(method, params, graphs.with_graphs([half_cut(g) for g in graphs]))


def check_gene_order(method: type[Method], params: Params) -> None:
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
    for z, order, other in zip(first, orders, second, strict=True):
        if not np.allclose(z[order], other, rtol=1e-3, atol=1e-3 * np.abs(z).max()):
            raise MethodError(
                f"{method.name}: reordered genes get other vectors; declare equivariant = False"
            )


def check_pickling(method: type[Method], params: Params) -> None:
    """Check that a fitted instance survives pickling with its vectors."""
    instance = fitted(method, params, usable_task(method, params))
    try:
        copy = pickle.loads(pickle.dumps(instance))  # noqa: S301 - our own bytes
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise MethodError(f"{method.name}: cannot be pickled after fit: {error}") from error
    if not equal_vectors(copy.embed(), instance.embed()):
        raise MethodError(f"{method.name}: vectors change when pickled")


CHECKS: tuple[Check, ...] = (
    check_declarations,
    check_constructor,
    check_unable,
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
    return [
        run_check(check.__name__, partial(check, method, settings))
        for check in applicable_checks(method)
    ]


def run_check(name: str, check: Callable[[], None]) -> CheckResult:
    """Run one check, which fails if it raises anything."""
    start = time.perf_counter()
    message = ""
    try:
        check()
    except MethodError as error:
        message = str(error)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a plugin raises is a finding
        message = told(error)
    return CheckResult(
        name.removeprefix("check_"), not message, message, time.perf_counter() - start
    )
