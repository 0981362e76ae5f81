"""New donor (H2): whether the other donors' vectors tell the edges of one that was never seen."""

import numpy as np

from genearena.metrics._shared.edge_precision import edge_precision
from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics._shared.precision import Mask
from genearena.metrics.base import Metric, NotDefined, Score
from genearena.metrics.embedding_space import EmbeddingSpace, rounded, unit_length


def new_donor(space: EmbeddingSpace) -> Score:
    """Return the adjusted precision of the others' mean cosine for the edges of the donor left out.

    The mean is over the donors that have vectors for both genes; a pair that none has lies anywhere
    in the ranking.

    Raises
    ------
    NotDefined
        If there was no training without a donor, or that donor has no edges or nothing else.
    """
    if space.new_donor is None:
        raise NotDefined("there was no training without a donor")
    similarity, covered = _mean_similarity(space)
    edges = space.graphs[space.new_donor.position].adjacency
    value = edge_precision(similarity, edges, covered)
    if value is None:
        raise NotDefined("the donor left out has no edges, or nothing else")
    position = space.new_donor.position
    parts = tuple(value if p == position else None for p in range(len(space.graphs)))
    return Score(value, parts=parts)


def _mean_similarity(space: EmbeddingSpace) -> tuple[DoubleArray, Mask]:
    """Return (n, n) mean cosine of the left-out donor's genes in the others, and where any is."""
    left_out = space.new_donor
    assert left_out is not None  # noqa: S101 - asked before
    new = space.graphs[left_out.position]
    total, times = np.zeros((2, new.n_genes, new.n_genes))
    for graph, z in zip(space.graphs, unit_length(left_out.vectors), strict=True):
        if graph is new:
            continue
        known = [g for g, gene in enumerate(new.genes) if gene in graph.index]
        rows = z[[graph.index[new.genes[g]] for g in known]]
        present = np.asarray(known, dtype=np.int64)[rows.any(axis=1)]
        rows = rows[rows.any(axis=1)]
        total[np.ix_(present, present)] += rows @ rows.T
        times[np.ix_(present, present)] += 1
    return rounded(total / np.maximum(times, 1)), times > 0


METRIC = Metric(
    name="new_donor",
    label="New donor",
    function=new_donor,
    low=-1.0,
    headline=True,
    cites="GeneArena",
    equation="( AP - π ) / ( 1 - π )   of the mean over other donors of cos(zᵢ, zⱼ), for its edges",
    remark="The method is trained once more without the donor, another one at each seed.",
    needs=frozenset({"new donor"}),
    group="Headline",
    changes_with=frozenset({"shift"}),
)
