"""BRAS of scib-metrics: whether the data sets mix within labels, by a silhouette made for it."""

import numpy as np

from genearena.metrics._shared.preconditions import need_several_datasets
from genearena.metrics._shared.scib import NEEDS_LABELS, labelled_rows, scib_package
from genearena.metrics.base import Metric, NotDefined, Score
from genearena.metrics.embedding_space import EmbeddingSpace


def bras(space: EmbeddingSpace) -> Score:
    """Average 1 - abs(silhouette of the data sets) over labels, by cosine distance.

    ``scib_metrics.bras``: the silhouette sets a row's mean distance to the rows of its data set
    against that to all others of its label, whereas ASW takes the nearest other data set alone.
    Labels in one data set, or with as many data sets as rows, do not count.

    Raises
    ------
    NotDefined
        If there is one data set, or too few labels, or none that is in two data sets.
    """
    need_several_datasets(space)
    found = labelled_rows(space)
    members = (found.dataset[found.label == each] for each in np.unique(found.label))
    if not any(1 < len(np.unique(dataset)) < len(dataset) for dataset in members):
        raise NotDefined("no label has rows to compare in two data sets")
    with scib_package() as package:
        return found.score(package.bras(found.rows, found.label, found.dataset))


METRIC = Metric(
    name="scib_bras",
    label="BRAS",
    function=bras,
    cites="Rautenstrauch, Ohler 2025; scib-metrics",
    equation="BRAS = mean over labels of ( 1 - mean |sᵢ| )   with sᵢ = (b - a) / max(a, b)",
    remark=(
        "a and b are the mean cosine distances to the label's rows of the same data set and of "
        "all others. Noise mixes best: on simulated lung no method beats it."
    ),
    needs=NEEDS_LABELS,
    group="scib",
    changes_with=frozenset({"shift"}),
)
