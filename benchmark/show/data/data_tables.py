"""Stored data sets and their graphs as terminal tables."""

from collections import Counter
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from genearena.data.cards.stored_card import GraphCard, SourceCard

MAX_OVERLAP_COLUMNS = 16


def graph_table(title: str, graphs: Sequence[GraphCard]) -> Table:
    """Return one row per graph: its size, edges, density and isolated genes."""
    table = new_table(title, ("graph", "modality", "species"))
    for heading in ("cells", "genes", "edges", "density", "isolated genes"):
        table.add_column(heading, justify="right")
    for graph in graphs:
        sizes = (graph.n_cells, graph.n_genes, graph.n_edges)
        table.add_row(
            *(graph.name, graph.modality, graph.species),
            *map(str, sizes),
            _percent(graph.density),
            str(graph.n_isolated),
        )
    return table


def rules_line(graphs: Sequence[GraphCard]) -> str:
    """Return how many graphs have their genes by which rule."""
    times = Counter(graph.genes_by or "unknown" for graph in graphs)
    parts = (f"{rule} ({n} graph{'s' if n > 1 else ''})" for rule, n in sorted(times.items()))
    return f"genes by {', '.join(parts)}"


def overlap_table(graphs: Sequence[GraphCard]) -> Table:
    """Return how many genes each two graphs share; past sixteen graphs, only the first columns."""
    table = new_table("genes shared by two graphs", ("", "graph"))
    sets = [set(graph.genes) for graph in graphs]
    for column in range(min(len(sets), MAX_OVERLAP_COLUMNS)):
        table.add_column(str(column + 1), justify="right")
    for row, graph in enumerate(graphs):
        shared = [str(len(sets[row] & other)) for other in sets[:MAX_OVERLAP_COLUMNS]]
        table.add_row(str(row + 1), graph.name, *shared)
    return table


def source_table(cards: Sequence[SourceCard]) -> Table:
    """Return one row per data set; ranges where its graphs differ."""
    table = new_table("", ("tissue", "data set"))
    for heading in ("graphs", "genes", "cells", "density"):
        table.add_column(heading, justify="right")
    table.add_column("simulated")
    table.add_column("fingerprint")
    for card in cards:
        table.add_row(
            *(card.tissue, card.source, str(len(card.graphs))),
            _range([graph.n_genes for graph in card.graphs]),
            _range([graph.n_cells for graph in card.graphs]),
            _percents([graph.density for graph in card.graphs]),
            *("yes" if card.simulated else "", card.fingerprint[:12]),
        )
    return table


def new_table(title: str, left: Sequence[str]) -> Table:
    """Return an empty table in the suite's look, with columns of names on the left."""
    table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD)
    for heading in left:
        table.add_column(heading, no_wrap=True)
    return table


def _range(values: Sequence[int]) -> str:
    low, high = min(values), max(values)
    return str(low) if low == high else f"{low}–{high}"  # noqa: RUF001 - a range takes an en dash


def _percents(shares: Sequence[float]) -> str:
    low, high = f"{100 * min(shares):.1f}", f"{100 * max(shares):.1f}"
    return f"{low} %" if low == high else f"{low}–{high} %"  # noqa: RUF001 - as above


def _percent(share: float) -> str:
    return _percents([share])
