"""The conformance kit of metrics: description, range, direction, purity, edge cases."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from genearena.data.common.checks import check, watched_generators
from genearena.data.common.errors import MetricError
from genearena.metrics.base import Metric, NotDefined, Score
from genearena.metrics.declarations import metric_faults
from genearena.metrics.embedding_space import EmbeddingSpace
from genearena.metrics.example import (
    edge_cases,
    ideal_space,
    moved,
    poor_space,
    random_space,
    reordered,
    rotation,
)

_SCALES = (1e-30, 3.0, 1e30)
"""All within what single precision holds without loss of digits: 1e-38 to 3e38 for every entry."""
_ROUNDING = 2e-5
"""Vectors are single precision, and iLISI's weights are found to 1e-5: no value moves by more."""


@check
def check_description(metric: Metric) -> Iterator[str]:
    """Require a name, a label, a range, and known needs and changes."""
    yield from metric_faults(metric)


@check
def check_range(metric: Metric) -> Iterator[str]:
    """Require finite values within the declared range for good, poor and random vectors."""
    for space in (ideal_space(), poor_space(), random_space()):
        try:
            metric(space)
        except MetricError as fault:
            yield str(fault).removeprefix(f"{metric.name}: ")


@check
def check_direction(metric: Metric) -> Iterator[str]:
    """Require that genes in place beat genes anywhere with the data sets apart."""
    ideal, poor = _value(metric, ideal_space()), _value(metric, poor_space())
    better = ideal > poor if metric.higher_is_better else ideal < poor
    if not better:
        direction = "higher" if metric.higher_is_better else "lower"
        yield (
            f"declared {direction} is better, but the ideal space gets {ideal:.4g} and the poor "
            f"one {poor:.4g}"
        )


@check
def check_invariance(metric: Metric) -> Iterator[str]:
    """Require the same value whatever the scale, place, axes and order of the vectors.

    A metric that changes with one of these says so in ``changes_with``.
    """
    said = set(metric.changes_with)
    for clear, space in ((True, ideal_space()), (False, random_space())):
        before = _value(metric, space)
        for what, change, other in _changed(space):
            if what in said:
                continue
            if not clear:  # Leiden's answer may turn on the last bits
                vars(other).setdefault("clusters", space.clusters)
            after = _value(metric, other)
            bound = _ROUNDING * max(1.0, abs(before))
            if not abs(after - before) <= bound:
                said.add(what)
                yield (
                    f"gave {before:.6g}, and {after:.6g} {change}; if that is meant, say "
                    f"changes_with=frozenset({{'{what}'}})"
                )


def _changed(space: EmbeddingSpace) -> Iterator[tuple[str, str, EmbeddingSpace]]:
    for scale in _SCALES:
        longer = moved(space, partial(np.multiply, scale))
        yield "scale", f"for vectors times {scale:.3g}", longer
    yield "shift", "for shifted vectors", moved(space, lambda z: z + 3)
    yield "rotation", "for rotated vectors", moved(space, lambda z: z @ rotation())
    yield "order", "for graphs and genes in another order", reordered(space)


@check
def check_repeatable(metric: Metric) -> Iterator[str]:
    """Require the same number for the same vectors."""
    first, second = _value(metric, random_space()), _value(metric, random_space())
    if not np.array_equal(first, second, equal_nan=True):
        yield f"gave {first!r}, then {second!r} for the same vectors"


@check
def check_pure(metric: Metric) -> Iterator[str]:
    """Require that neither the vectors nor any global random state is changed."""
    space = random_space()
    vectors = [z.copy() for z in space.vectors]
    with watched_generators() as touched:
        _value(metric, space)
    for name in touched:
        yield f"moved the global random state of {name}; use a generator of its own"
    if any((z != kept).any() for z, kept in zip(space.vectors, vectors, strict=True)):
        yield "changed the vectors it was given"


@check
def check_edge_cases(metric: Metric) -> Iterator[str]:
    """Require a value in range or NotDefined, whatever the data lack."""
    faults: dict[type[Exception], list[str]] = {}
    for case, space in edge_cases().items():
        try:
            metric(space)
        except NotDefined:
            continue
        except MetricError as error:
            line = f"{str(error).removeprefix(f'{metric.name}: ')} (on {case})"
            faults.setdefault(MetricError, []).append(line)
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything
            line = f"raised {type(error).__name__} for {case}, want a value or NotDefined"
            faults.setdefault(type(error), []).append(line)
    for first, *others in faults.values():
        yield first + (f"; likewise in {len(others)} more cases" if others else "")


CHECKS: tuple[Callable[[Metric], None], ...] = (
    check_description,
    check_range,
    check_direction,
    check_invariance,
    check_repeatable,
    check_pure,
    check_edge_cases,
)
"""Every check, in the order in which they are told."""


def _value(metric: Metric, space: EmbeddingSpace) -> float:
    """Return the number, in its range or not: which only one check is to find fault with."""
    given = metric.function(space)
    return float(given.value if isinstance(given, Score) else given)
