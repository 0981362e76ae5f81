"""The metrics by name. A new one is one file beside this and one line here."""

from pathlib import Path

from genearena.data.common.registry import Registry
from genearena.metrics.base import Metric

OF_GENE_SETS = "function:"
"""Before the name of gene sets of the user, a metric of theirs; runs have it only if asked."""

METRICS: Registry[Metric] = Registry(
    "metric",
    {
        "replicated_edges": (
            "genearena.metrics.replicated_edges:METRIC",
            "edges of cells that were kept back",
        ),
        "new_donor": ("genearena.metrics.new_donor:METRIC", "edges of a donor never seen"),
        "shared_function": (
            "genearena.metrics.shared_function:METRIC",
            "genes of one function lie close across donors",
        ),
        "specific_function": (
            "genearena.metrics.specific_function:METRIC",
            "genes whose function differs between donors lie apart",
        ),
        "shared_partners": (
            "genearena.metrics.shared_partners:METRIC",
            "partners in kept-back cells lie close across donors",
        ),
        "rewiring": (
            "genearena.metrics.rewiring:METRIC",
            "genes whose partners differ between donors lie apart",
        ),
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
        "new_edges": (
            "genearena.metrics.new_edges:METRIC",
            "replicated edges that the graph does not show",
        ),
        "edges_over_degree": (
            "genearena.metrics.edges_over_degree:METRIC",
            "replicated edges beyond those of hubs",
        ),
        "retrieval": ("genearena.metrics.retrieval:METRIC", "a gene finds itself in other graphs"),
        "programme_recovery": (
            "genearena.metrics.programme_recovery:METRIC",
            "genes of one simulated programme lie close",
        ),
        "latent_edges": (
            "genearena.metrics.latent_edges:METRIC",
            "pairs correlated in simulated truth lie close",
        ),
        "programme_clusters": (
            "genearena.metrics.programme_clusters:METRIC",
            "clusters of a donor are simulated programmes",
        ),
        "scib_bras": (
            "genearena.metrics.scib_bras:METRIC",
            "data sets mix within programmes (BRAS)",
        ),
        "scib_kbet": ("genearena.metrics.scib_kbet:METRIC", "neighbourhoods hold all data sets"),
        "scib_ilisi": ("genearena.metrics.scib_ilisi:METRIC", "iLISI, computed by scib-metrics"),
        "scib_isolated_labels": (
            "genearena.metrics.scib_isolated_labels:METRIC",
            "programmes of few data sets stay apart",
        ),
        "scib_nmi": ("genearena.metrics.scib_nmi:METRIC", "clusters tell of programmes"),
        "scib_ari": ("genearena.metrics.scib_ari:METRIC", "pairs share clusters and programmes"),
        "scib_graph_connectivity": (
            "genearena.metrics.scib_graph_connectivity:METRIC",
            "programmes hang together",
        ),
    },
    "genearena.metrics",
)


def is_scib(name: str) -> bool:
    """Tell whether a metric is of the group `scib`, which runs are scored with only if asked."""
    return name in METRICS.builtin and name.startswith("scib_")


def is_of_gene_sets(name: str) -> bool:
    """Tell whether a metric is one of gene sets, ``function:NAME``."""
    return name.startswith(OF_GENE_SETS)


def load_metric(name: str, folder: Path | None = None) -> Metric:
    """Import and return a metric, ``function:NAME`` of the gene sets in a data folder too.

    Raises
    ------
    UsageError
        If there is no such metric, or no such gene sets.
    StoreError
        If the gene sets are damaged.
    DeclarationError
        If it cannot be imported.
    """
    if not is_of_gene_sets(name):
        return METRICS.load(name)
    from genearena.data.genesets.store import GeneSetStore
    from genearena.metrics.function import function_metric

    return function_metric(name, GeneSetStore(folder).get(name.removeprefix(OF_GENE_SETS)))
