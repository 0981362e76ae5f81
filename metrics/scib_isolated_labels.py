"""Isolated labels of scib-metrics: whether labels of the fewest data sets stay apart."""

from genearena.metrics._shared.scib import NEEDS_LABELS, labelled_rows, scib_package
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace


def isolated_labels(space: EmbeddingSpace) -> Score:
    """Average the silhouette of the labels that are in the fewest data sets, as (s + 1) / 2.

    ``scib_metrics.isolated_labels``: the mean over each such label's rows, among all rows with a
    label, then over the labels. Where all are in as many data sets, all count.

    Raises
    ------
    NotDefined
        If there are too few labels.
    """
    found = labelled_rows(space)
    with scib_package() as package:
        value = package.isolated_labels(found.rows, found.label, found.dataset)
    return found.score(value)


METRIC = Metric(
    name="scib_isolated_labels",
    label="Isolated labels",
    function=isolated_labels,
    cites="scIB (Luecken et al. 2022); scib-metrics",
    equation="mean over labels of the fewest data sets of mean ( sᵢ + 1 ) / 2",
    remark="sᵢ is the silhouette of row i with the labels as clusters; chance is 0.5.",
    needs=NEEDS_LABELS,
    group="scib",
)
