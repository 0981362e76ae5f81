"""The metrics by name. A new one is one file beside this and one line here."""

from genearena.data.common.registry import Registry
from genearena.metrics.base import Metric

METRICS: Registry[Metric] = Registry(
    "metric",
    {
        "edge_auc": ("genearena.metrics.edge_auc:METRIC", "ROC AUC of cosine similarity for edges"),
        "asw": ("genearena.metrics.asw:METRIC", "data sets mix within clusters (silhouette)"),
        "graph_connectivity": (
            "genearena.metrics.graph_connectivity:METRIC",
            "clusters of common genes hang together",
        ),
        "ilisi": ("genearena.metrics.ilisi:METRIC", "data sets mix within neighbourhoods"),
        "cgr": ("genearena.metrics.cgr:METRIC", "common genes share clusters"),
        "neighbour_overlap": (
            "genearena.metrics.neighbour_overlap:METRIC",
            "genes of a cluster have like neighbours",
        ),
        "heldout_auc": ("genearena.metrics.heldout_auc:METRIC", "ROC AUC for edges never shown"),
        "retrieval": ("genearena.metrics.retrieval:METRIC", "a gene finds itself in other graphs"),
        "programme_recovery": (
            "genearena.metrics.programme_recovery:METRIC",
            "genes of one simulated programme lie close",
        ),
    },
    "genearena.metrics",
)
