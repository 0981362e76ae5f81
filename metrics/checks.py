"""Checks any metric can be run through: description, range, direction, purity, edge cases.

Each check takes a `Metric` and raises `MetricError` with one line if it fails; the suite's own
tests run the same tuple over every registered metric.
"""

import math
import random
from collections.abc import Callable

import numpy as np

from genearena.data.errors import GeneArenaError
from genearena.data.one_line import first_line, shown
from genearena.metrics.base import Metric, NotDefined
from genearena.metrics.declarations import metric_faults
from genearena.metrics.embedding_space import EmbeddingSpace
from genearena.metrics.example_spaces import (
    bare_space,
    example_graphs,
    ideal_space,
    poor_space,
    random_space,
)

Check = Callable[[Metric], None]


class MetricError(GeneArenaError, RuntimeError):
    """A metric that broke its contract."""


def check_description(metric: Metric) -> None:
    """Require a name, a label, a range and known needs, all at once."""
    faults = metric_faults(metric)
    if faults:
        raise MetricError(f"metric {shown(getattr(metric, 'name', metric))}: {'; '.join(faults)}")


def check_range(metric: Metric) -> None:
    """Require finite values within the declared range for good, poor and random vectors."""
    for space in (ideal_space(), poor_space(), random_space()):
        _check_value(metric, metric(space).value)


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
    """Require a value in range or NotDefined for one data set, no common gene, no truth."""
    cases = {
        "one data set": random_space(example_graphs(n_datasets=1)),
        "no common gene": random_space(example_graphs(n_common=0)),
        "no truth and no hidden edges": bare_space(),
    }
    for case, space in cases.items():
        _check_answer(metric, space, case)


CHECKS: tuple[Check, ...] = (
    check_description,
    check_range,
    check_direction,
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


def _check_answer(metric: Metric, space: EmbeddingSpace, case: str) -> None:
    try:
        value = metric(space).value
    except NotDefined:
        return
    except Exception as error:
        raise MetricError(
            f"{metric.name}: raised {type(error).__name__} for {case}, want a value or NotDefined"
        ) from error
    _check_value(metric, value)


def _check_value(metric: Metric, value: float) -> None:
    if not math.isfinite(value) or not metric.low <= value <= metric.high:
        raise MetricError(f"{metric.name}: gave {value}, want {metric.low} to {metric.high}")


def _random_states() -> tuple[object, ...]:
    state = np.random.get_state(legacy=False)  # noqa: NPY002 - the state to be left alone
    stream = state["state"]
    return (random.getstate(), stream["key"].tobytes(), stream["pos"])
