"""What a metric is, and what it may answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genearena.data.errors import GeneArenaError

if TYPE_CHECKING:
    from genearena.metrics.embedding_space import EmbeddingSpace


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
    """

    value: float
    flag: str = ""


@dataclass(frozen=True)
class Metric:
    """A pure function of an embedding space, and how to read its number.

    Parameters
    ----------
    name
        Name in the registry.
    label
        Heading in tables and figures.
    function
        ``(EmbeddingSpace) -> float``, or a `Score` where a remark is due; raises `NotDefined`.
    higher_is_better
        Direction.
    low, high
        Range of the values.
    cites
        Where the definition comes from.
    needs
        What the space must hold beyond graphs and vectors: "heldout" or "truth".
    scored
        Whether the metric enters Avg Score and Avg Rank (the paper's six do).
    version
        Raised whenever values change for the same vectors.
    """

    name: str
    label: str
    function: Callable[["EmbeddingSpace"], "float | Score"]
    higher_is_better: bool
    low: float
    high: float
    cites: str
    needs: frozenset[str] = frozenset()
    scored: bool = False
    version: str = "1"

    def __call__(self, space: "EmbeddingSpace") -> Score:
        """Score the space.

        Raises
        ------
        NotDefined
            If the metric has no meaning on these data.
        """
        result = self.function(space)
        return result if isinstance(result, Score) else Score(float(result))
