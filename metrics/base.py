"""What a metric is, and what it may answer."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING

from genearena.data.common.errors import GeneArenaError, MetricError

if TYPE_CHECKING:
    from genearena.metrics.embedding_space import EmbeddingSpace


_ROUNDING = 1e-9
"""How far out of its range, as a share of it, a value may be for rounding."""


class NotDefined(GeneArenaError, ValueError):
    """The metric has no meaning on these data; the message says why."""


@dataclass(frozen=True)
class Score:
    """A metric's value with a remark where it cannot be taken at face value.

    Parameters
    ----------
    value
        The number, always finite.
    flag
        Empty, or why the value is degenerate or partial, in a few words.
    parts
        Value of every data set in the order of the graphs, None where one cannot be scored; empty
        if the metric has no value of a single data set.
    """

    value: float
    flag: str = ""
    parts: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Metric:
    """A pure function of an embedding space, and how to read its number.

    Parameters
    ----------
    name, label
        Name in the registry; heading in tables and figures.
    function
        ``(EmbeddingSpace) -> float``, or a `Score` where a remark is due; raises `NotDefined`.
    higher_is_better
        Direction.
    low, high
        Range of the values.
    cites
        Where the definition comes from.
    needs
        What the space must hold beyond graphs and vectors: "new donor" or "truth".
    scored
        Whether the metric enters Avg Score and Avg Rank (the paper's six do).
    headline
        Whether the metric enters the headline: 0 is chance and 1 the optimum.
    changes_with
        What else than better vectors changes the values: "scale", "shift" or "rotation" of all
        vectors alike, or "order" of graphs and genes.
    version
        Raised whenever values change for the same vectors.
    equation, remark
        How the value is computed, and what to know beside the equation, as the report says it.
    summary
        One line; the registry's where it is empty.
    group
        Heading under which the heat map puts a scored metric.
    """

    name: str
    label: str
    function: Callable[["EmbeddingSpace"], "float | Score"]
    higher_is_better: bool = True
    low: float = 0.0
    high: float = 1.0
    cites: str = ""
    needs: frozenset[str] = frozenset()
    scored: bool = False
    changes_with: frozenset[str] = frozenset()
    version: str = "1"
    equation: str = ""
    remark: str = ""
    summary: str = ""
    group: str = ""
    headline: bool = False

    def __call__(self, space: "EmbeddingSpace") -> Score:
        """Score the space.

        Raises
        ------
        NotDefined
            If the metric has no meaning on these data.
        MetricError
            If it gives anything but a finite number in its range, with or without a remark.
        """
        result = self.function(space)
        given = result if isinstance(result, Score) else Score(result)
        flag: object = given.flag
        if not isinstance(flag, str):
            kind = type(flag).__name__
            raise MetricError(f"{self.name}: gave a flag of type {kind}, want text")
        parts = tuple(p if p is None else self._checked(p) for p in self._parts_of(given, space))
        return Score(self._checked(given.value), flag, parts)

    def _parts_of(self, given: Score, space: "EmbeddingSpace") -> tuple[float | None, ...]:
        parts: object = given.parts
        want = f"a tuple of {len(space.graphs)}, one per data set, or an empty one"
        if not isinstance(parts, tuple):
            raise MetricError(
                f"{self.name}: gave parts of type {type(parts).__name__}, want {want}"
            )
        if parts and len(parts) != len(space.graphs):
            raise MetricError(f"{self.name}: gave {len(parts)} parts, want {want}")
        return parts

    def _checked(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, Real):
            kind = type(value).__name__
            raise MetricError(f"{self.name}: gave a value of type {kind}, want a float or Score")
        number, slack = float(value), _ROUNDING * (self.high - self.low)
        # a range without an end has no slack to speak of
        slack = slack if math.isfinite(slack) else 0.0
        if not math.isfinite(number) or not self.low - slack <= number <= self.high + slack:
            raise MetricError(f"{self.name}: gave {number}, want {self.low} to {self.high}")
        return min(max(number, self.low), self.high)
