"""What a task must hold for a metric to mean anything."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from genearena.metrics.base import NotDefined, Score

if TYPE_CHECKING:
    from genearena.metrics.embedding_space import EmbeddingSpace

NO_MIXING = "degenerate: no cluster mixes data sets"


def need_common_genes(space: "EmbeddingSpace") -> None:
    """Raise NotDefined if no gene is in every data set."""
    if not len(space.common):
        raise NotDefined("no gene is in every data set")


def need_several_datasets(space: "EmbeddingSpace") -> None:
    """Raise NotDefined unless there are two data sets or more and a gene is in all of them."""
    if len(space.graphs) < 2:
        raise NotDefined("there is one data set, and the metric compares two or more")
    need_common_genes(space)


def mean_over_graphs(values: Sequence[float | None], lacking: str) -> Score:
    """Average the graphs' values, flagging those that have none.

    Parameters
    ----------
    values
        One value per graph, None where the graph cannot be scored.
    lacking
        What such a graph has: "no hidden edges".

    Raises
    ------
    NotDefined
        If no graph has a value.
    """
    kept = [value for value in values if value is not None]
    if not kept:
        raise NotDefined(f"every graph has {lacking}")
    left_out = len(values) - len(kept)
    flag = f"partial: {left_out} of {len(values)} graphs have {lacking}" if left_out else ""
    return Score(float(np.mean(kept)), flag)
