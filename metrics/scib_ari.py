"""ARI of scib-metrics: whether pairs of rows share a cluster if they share a label."""

from functools import partial

from genearena.metrics._shared.scib import NEEDS_LABELS, clusters_against_labels
from genearena.metrics.base import Metric

METRIC = Metric(
    name="scib_ari",
    label="ARI",
    function=partial(clusters_against_labels, what="ari"),
    low=-0.5,
    cites="Hubert, Arabie 1985; scib-metrics",
    equation="ARI = ( RI - E RI ) / ( max RI - E RI )   of Leiden clusters and labels",
    remark="Over all data sets, at the resolution with the highest NMI of ten; 0 is chance.",
    needs=NEEDS_LABELS,
    group="scib",
)
