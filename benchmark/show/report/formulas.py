"""How each metric is computed, for readers of the report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from genearena.benchmark.records.declared import declared_metric
from genearena.data.common.errors import DeclarationError
from genearena.metrics.registry import METRICS

FORMULAS: Mapping[str, tuple[str, str]] = {
    "edge_auc": (
        "AUC = P( cos(zᵢ, zⱼ) > cos(zₖ, zₗ) )   for an edge ij and a pair kl that is none",
        "Every pair of different genes of a graph counts once; mean over the graphs.",
    ),
    "asw": (
        "ASW = mean over clusters c of ( 1 - meanᵢ∈c |sᵢ| )",
        "sᵢ is the silhouette of row i with data sets as labels, among the common genes of its "
        "Leiden cluster.",
    ),
    "graph_connectivity": (
        "GC = mean over clusters c of |largest connected component of c| / |c|",
        "In the neighbour graph of all rows, cut down to the common genes.",
    ),
    "ilisi": (
        "iLISI = ( median of 1 / Σ_b p_b² - 1 ) / ( B - 1 )",
        "p_b is the weight of data set b among the 90 nearest common rows, B the number of data "
        "sets.",
    ),
    "cgr": (
        "CGR = Σ_c |c| / n · ( 1 - unique genes of c / |c| )",
        "With B data sets of the same genes the best value is 1 - 1/B.",
    ),
    "neighbour_overlap": (
        "NO = Σ_c |c| / n · mean Jaccard( N(i), N(j) )   for i, j in c of different data sets",
        "N(i) are the co-expression partners of gene i in its own graph.",
    ),
    "heldout_auc": (
        "AUC = P( cos(zᵢ, zⱼ) > cos(zₖ, zₗ) )   for a hidden edge ij and a hidden non-edge kl",
        "The method is trained once more on graphs without the hidden edges.",
    ),
    "retrieval": (
        "MRR = mean of 1 / rank of a gene's own row among all rows of another data set",
        "Ranked by cosine; over common genes and ordered pairs of data sets.",
    ),
    "programme_recovery": (
        "AUC = P( cos(zᵢ, zⱼ) > cos(zₖ, zₗ) )   for ij of one programme and kl of two",
        "The programmes are those the simulator drew; real data have none.",
    ),
}
"""Metric -> equation and remark; plugins have the words of their registration alone."""


@dataclass(frozen=True)
class Explanation:
    """What the page says of one metric."""

    label: str
    summary: str
    equation: str
    remark: str
    direction: str
    cites: str
    scored: bool


def explain(metrics: Iterable[tuple[str, str, bool]]) -> list[Explanation]:
    """Explain metrics, given as (name, label, scored)."""
    return [_explain(*metric) for metric in metrics]


def _explain(name: str, label: str, scored: bool) -> Explanation:
    equation, remark = FORMULAS.get(name, ("", ""))
    # never by a target such as module:object, which a record must not make us import
    if name not in METRICS.names:
        absent = "This metric is not installed here; its values are those of the records."
        return Explanation(label, absent, equation, remark, "", "", scored)
    try:
        known = declared_metric(name)
    except DeclarationError as error:
        return Explanation(label, f"{error}.", equation, remark, "", "", scored)
    better = "higher" if known.higher_is_better else "lower"
    direction = f"{known.low:g} to {known.high:g}, {better} is better"
    summary = METRICS.entry(name).summary
    return Explanation(label, summary, equation, remark, direction, known.cites, scored)
