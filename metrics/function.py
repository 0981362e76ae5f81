"""Annotated function (H3): whether genes of one set lie close across donors, beyond hubs."""

from typing import TYPE_CHECKING

import numpy as np

from genearena.data.common.errors import DataError
from genearena.data.genesets.gene_sets import GeneSets, check_species, membership
from genearena.metrics._annotation.prediction import Splits
from genearena.metrics._annotation.voting import levels, voted
from genearena.metrics._shared.nearest_rows import DoubleArray
from genearena.metrics._shared.preconditions import need_several_datasets
from genearena.metrics.base import Metric, NotDefined, Score
from genearena.metrics.embedding_space import EmbeddingSpace

if TYPE_CHECKING:
    import scipy.sparse

SPLITS = Splits(n_folds=3, n_repeats=3)
"""How `Metric`s split genes; the seed is part of what they are."""


def function_metric(name: str, sets: GeneSets) -> Metric:
    """Return the metric `name` of some gene sets; its version names them by their checksum."""

    def function(space: EmbeddingSpace) -> Score:
        return annotated_function(space, sets)

    return Metric(
        name=name,
        label=f"Function {sets.name}",
        function=function,
        low=-1.0,
        cites="Ballouz, Weber, Pavlidis & Gillis 2017",
        equation="mean over sets of AUROC( votes of genes like it ) - AUROC( degree )",
        remark=f"Voters are of other donors and other names. Gene sets: {sets.label}.",
        changes_with=frozenset({"shift"}),
        version=f"1 sha256:{sets.sha256} as:{sets.content[:12]}",
        summary=f"genes of one set of {sets.name} lie close across donors, beyond hubs",
    )


def annotated_function(space: EmbeddingSpace, sets: GeneSets) -> Score:
    """Average over sets the area under the ROC curve of neighbour votes, less that of the degree.

    See `voting.voted`. 0 is what the degree in the donor's own graph has, .5 less what a guess has.

    Raises
    ------
    NotDefined
        If there is one data set, or no set of the right size has genes of the task.
    """
    need_several_datasets(space)
    try:
        check_species(sets, space.graphs)
        known = membership(sets, space.graphs.all_genes)
    except DataError as reason:
        raise NotDefined(str(reason)) from reason
    folds = SPLITS.of(known.members)
    rows = [known.rows(graph.genes) for graph in space.graphs]
    degrees = [degree(graph.adjacency) for graph in space.graphs]
    parts: list[float | None] = []
    for place in range(len(space.graphs)):
        if (rows[place] < 0).all():
            parts.append(None)
            continue
        own = voted(space.directions, rows, known.members, folds, [place])
        null = levels(degrees, rows, known.members, folds, [place])
        value = own.above(null).value
        parts.append(None if np.isnan(value) else value)
    kept = [value for value in parts if value is not None]
    if not kept:
        raise NotDefined("no donor has genes of a set and others")
    return Score(float(np.mean(kept)), parts=tuple(parts))


def degree(adjacency: "scipy.sparse.csr_array") -> DoubleArray:
    """Return the (n,) degrees of an adjacency."""
    return np.asarray(adjacency.sum(axis=1), dtype=np.float64).ravel()
