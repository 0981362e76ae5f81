"""Checks any metric can be run through: description, range, direction, purity, edge cases.

Each check takes a `Metric` and raises `MetricError` with one line if it fails; the suite's own
tests run the same tuple over every registered metric.
"""

import random
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from example_spaces import (
    edge_cases,
    ideal_space,
    moved,
    poor_space,
    random_space,
    reordered,
    rotation,
)

from genearena.data.common.errors import MetricError
from genearena.data.common.one_line import first_line, shown
from genearena.metrics.base import Metric, NotDefined
from genearena.metrics.declarations import metric_faults
from genearena.metrics.embedding_space import EmbeddingSpace

Check = Callable[[Metric], None]

_SCALES = (1e-30, 3.0, 1e30)
"""All within what single precision holds without loss of digits: 1e-38 to 3e38 for every entry."""
_ROUNDING = 2e-5
"""Vectors are single precision, and iLISI's weights are found to 1e-5: no value moves by more."""


def check_description(metric: Metric) -> None:
    """Require a name, a label, a range, and known needs and changes, all at once."""
    faults = metric_faults(metric)
    if faults:
        raise MetricError(f"metric {shown(getattr(metric, 'name', metric))}: {'; '.join(faults)}")


def check_range(metric: Metric) -> None:
    """Require finite values within the declared range for good, poor and random vectors."""
    for space in (ideal_space(), poor_space(), random_space()):
        metric(space)


def check_direction(metric: Metric) -> None:
    """Require that genes in place beat genes anywhere with the data sets apart."""
    ideal, poor = metric(ideal_space()).value, metric(poor_space()).value
    better = ideal > poor if metric.higher_is_better else ideal < poor
    if not better:
        direction = "higher" if metric.higher_is_better else "lower"
        raise MetricError(
            f"{metric.name}: declared {direction} is better, "
            f"but the ideal space gets {ideal:.4g} and the poor one {poor:.4g}"
        )


def check_invariance(metric: Metric) -> None:
    """Require the same value whatever the scale, place, axes and order of the vectors.

    A metric that changes with one of these says so in ``changes_with``.
    """
    for clear, space in ((True, ideal_space()), (False, random_space())):
        before = metric(space).value
        for what, change, other in _changed(space):
            if what in metric.changes_with:
                continue
            if not clear:  # Leiden's answer may turn on the last bits
                vars(other).setdefault("clusters", space.clusters)
            after = metric(other).value
            bound = _ROUNDING * max(1.0, abs(before))
            if not abs(after - before) <= bound:
                raise MetricError(
                    f"{metric.name}: gave {before:.6g}, and {after:.6g} {change}; "
                    f"if that is meant, say changes_with=frozenset({{'{what}'}})"
                )


def _changed(space: EmbeddingSpace) -> Iterator[tuple[str, str, EmbeddingSpace]]:
    for scale in _SCALES:
        longer = moved(space, partial(np.multiply, scale))
        yield "scale", f"for vectors times {scale:.3g}", longer
    yield "shift", "for shifted vectors", moved(space, lambda z: z + 3)
    yield "rotation", "for rotated vectors", moved(space, lambda z: z @ rotation())
    yield "order", "for graphs and genes in another order", reordered(space)


def check_repeatable(metric: Metric) -> None:
    """Require the same number for the same vectors."""
    first, second = metric(random_space()).value, metric(random_space()).value
    if first != second:
        raise MetricError(f"{metric.name}: gave {first!r}, then {second!r} for the same vectors")


def check_pure(metric: Metric) -> None:
    """Require that neither the vectors nor any global random state is changed."""
    space = random_space()
    vectors = [z.copy() for z in space.vectors]
    before = _random_states()
    metric(space)
    if _random_states() != before:
        raise MetricError(f"{metric.name}: moved a global random state; use a generator of its own")
    if any((z != kept).any() for z, kept in zip(space.vectors, vectors, strict=True)):
        raise MetricError(f"{metric.name}: changed the vectors it was given")


def check_edge_cases(metric: Metric) -> None:
    """Require a value in range or NotDefined, whatever the data lack."""
    for case, space in edge_cases().items():
        try:
            metric(space)
        except (NotDefined, MetricError) as answer:
            if isinstance(answer, MetricError):
                raise MetricError(f"{answer} (on {case})") from answer
        except Exception as error:
            raise MetricError(
                f"{metric.name}: raised {type(error).__name__} for {case}, "
                "want a value or NotDefined"
            ) from error


CHECKS: tuple[Check, ...] = (
    check_description,
    check_range,
    check_direction,
    check_invariance,
    check_repeatable,
    check_pure,
    check_edge_cases,
)


def failures(metric: Metric) -> list[str]:
    """Run all checks and return one line per failed one; anything a metric raises is a failure."""
    found = []
    for check in CHECKS:
        try:
            check(metric)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything
            found.append(f"{check.__name__}: {first_line(error)}")
    return found


def _random_states() -> tuple[object, ...]:
    state = np.random.get_state(legacy=False)  # noqa: NPY002 - the state to be left alone
    stream = state["state"]
    return (random.getstate(), stream["key"].tobytes(), stream["pos"])
