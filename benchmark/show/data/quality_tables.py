"""The quality of graphs, and what they share, as terminal tables."""

import math
from collections.abc import Sequence

from rich.table import Table

from genearena.benchmark.show.data.data_tables import new_table
from genearena.data.quality.donor_overlap import GraphOverlap
from genearena.data.quality.graph_quality import GraphQuality

MAX_PAIRS = 15


def quality_table(qualities: Sequence[GraphQuality]) -> Table:
    """Return one row per graph: its noise, degrees and confounding."""
    table = new_table("quality", ("graph",))
    for heading in (
        "ESNR",
        "by chance",
        "median degree",
        "max degree",
        "Gini",
        "isolated",
        "depth correlation",
    ):
        table.add_column(heading, justify="right")
    for quality in qualities:
        table.add_row(
            quality.name,
            two_decimals(quality.esnr),
            two_decimals(quality.esnr_by_chance),
            f"{quality.median_degree:g}",
            str(quality.max_degree),
            two_decimals(quality.degree_gini),
            f"{100 * quality.isolated:.1f} %",
            two_decimals(quality.depth_confounding),
        )
    return table


def edge_overlap_table(overlaps: Sequence[GraphOverlap]) -> Table:
    """Return one row per two graphs, those whose edges are least alike; at most fifteen."""
    alike = sorted(overlaps, key=lambda pair: (math.isnan(pair.lift), pair.lift))
    which = f" (the {MAX_PAIRS} least alike of {len(alike)})" if len(alike) > MAX_PAIRS else ""
    table = new_table(f"edges shared by two graphs{which}", ("graph", "and"))
    for heading in ("genes in both", "gene Jaccard", "edge Jaccard", "by chance", "times chance"):
        table.add_column(heading, justify="right")
    for pair in alike[:MAX_PAIRS]:
        numbers = (pair.gene_jaccard, pair.edge_jaccard, pair.edge_expected, pair.lift)
        table.add_row(pair.first, pair.second, str(pair.n_common), *map(two_decimals, numbers))
    return table


def two_decimals(value: float) -> str:
    """Return a number as text, a dash for NaN."""
    return "–" if math.isnan(value) else f"{value:.2f}"  # noqa: RUF001 - as in other tables
