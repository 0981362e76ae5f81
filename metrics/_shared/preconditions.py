"""What a task must hold for a metric to mean anything."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from genearena.data.graphs import FEWEST_COMMON
from genearena.metrics.base import NotDefined, Score

if TYPE_CHECKING:
    from genearena.metrics.embedding_space import EmbeddingSpace

NO_MIXING = "degenerate: no cluster mixes data sets"


def need_several_datasets(space: "EmbeddingSpace") -> None:
    """Raise NotDefined if there is one data set."""
    if len(space.graphs) < 2:
        raise NotDefined("there is one data set, and the metric compares two or more")


def need_programmes(space: "EmbeddingSpace") -> None:
    """Raise NotDefined if no graph's gene programmes are known, as in real data."""
    if all(graph.truth is None for graph in space.graphs):
        raise NotDefined("the gene programmes are known for simulated data only")


def need_common_genes(space: "EmbeddingSpace") -> None:
    """Raise NotDefined unless `FEWEST_COMMON` genes are in every data set."""
    count = len(space.graphs.common_genes)
    if count < FEWEST_COMMON:
        raise NotDefined(f"{_genes(count)} in every data set, want {FEWEST_COMMON} or more")


def need_judged_rows(space: "EmbeddingSpace") -> None:
    """Raise NotDefined unless enough genes are common and have vectors.

    Half of `FEWEST_COMMON` rows a data set are asked for: where a task has just enough common
    genes, a method may leave some isolated ones out.
    """
    need_common_genes(space)
    least = FEWEST_COMMON // 2 * len(space.graphs)
    if len(space.judged) < least:
        raise NotDefined(
            f"{len(space.judged)} of the {len(space.common)} rows of common genes have a vector, "
            f"want {least} or more"
        )


def need_shared_genes(space: "EmbeddingSpace") -> None:
    """Raise NotDefined unless `FEWEST_COMMON` genes are in two data sets or more."""
    need_several_datasets(space)
    count = int((np.bincount(space.gene) > 1).sum())
    if count < FEWEST_COMMON:
        raise NotDefined(f"{_genes(count)} in two data sets, want {FEWEST_COMMON} or more")


def _genes(count: int) -> str:
    return {0: "no gene is", 1: "1 gene is"}.get(count, f"{count} genes are")


def mean_over_pairs(values: Mapping[tuple[int, int], float | None], lacking: str) -> Score:
    """Average the values of pairs of graphs; a graph's own is the mean over the pairs it is in.

    Parameters
    ----------
    values
        Places of two graphs, of every pair -> value, None where the pair cannot be scored.
    lacking
        What is said where none can be.

    Raises
    ------
    NotDefined
        If no pair has a value.
    """
    kept = {pair: value for pair, value in values.items() if value is not None}
    if not kept:
        raise NotDefined(lacking)
    graphs = range(1 + max(max(pair) for pair in values))
    of_graph = [[value for pair, value in kept.items() if graph in pair] for graph in graphs]
    parts = tuple(float(np.mean(own)) if own else None for own in of_graph)
    return Score(float(np.mean(list(kept.values()))), parts=parts)


def mean_over_graphs(values: Sequence[float | None], lacking: str) -> Score:
    """Average the graphs' values, flagging those that have none.

    Parameters
    ----------
    values
        One value per graph, None where the graph cannot be scored.
    lacking
        What such a graph has: "no edges".

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
    return Score(float(np.mean(kept)), flag, tuple(values))
