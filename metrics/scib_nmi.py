"""NMI of scib-metrics: how much clusters tell of labels."""

from functools import partial

from genearena.metrics._shared.scib import NEEDS_LABELS, clusters_against_labels
from genearena.metrics.base import Metric

METRIC = Metric(
    name="scib_nmi",
    label="NMI",
    function=partial(clusters_against_labels, what="nmi"),
    cites="scIB (Luecken et al. 2022); scib-metrics",
    equation="NMI = 2 I( C; L ) / ( H( C ) + H( L ) )",
    remark=(
        "C are Leiden clusters over all data sets at the best of ten resolutions, L the labels. "
        "Not adjusted: chance is above 0 and grows with the clusters."
    ),
    needs=NEEDS_LABELS,
    group="scib",
)
