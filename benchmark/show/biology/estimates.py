"""Means with their intervals, as tables print them."""

from collections.abc import Sequence
from typing import Protocol

from genearena.benchmark.show.tables.numbers import NOTHING, number
from genearena.benchmark.show.tables.sheet import Column, column_of, marked


class Estimated(Protocol):
    """A mean and the ends of its 95 % interval."""

    @property
    def value(self) -> float:
        """The mean."""

    @property
    def low(self) -> float:
        """Lower end of the interval."""

    @property
    def high(self) -> float:
        """Upper end of the interval."""


def interval(estimate: Estimated | None) -> str:
    """Return the ends of an interval; – for None."""
    if estimate is None:
        return NOTHING
    return f"{number(estimate.low)} to {number(estimate.high)}"


def lead(estimate: Estimated | None) -> str:
    """Return a difference and its interval; – for None."""
    return NOTHING if estimate is None else f"{estimate.value:+.3f} {interval(estimate)}"


def with_interval(
    heading: str, estimates: Sequence[Estimated | None], competes: Sequence[bool]
) -> tuple[Column, Column]:
    """Return a column of means, the best that competes marked, and one of their intervals."""
    values = [None if each is None else each.value for each in estimates]
    return (
        Column(heading, "scored", marked(values, competes), "↑"),
        column_of("95 % interval", map(interval, estimates)),
    )
