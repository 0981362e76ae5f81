"""Data sets, their graphs and donors as tables."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from genearena.benchmark.show.tables.numbers import NOTHING
from genearena.benchmark.show.tables.sheet import Sheet, listing

if TYPE_CHECKING:
    from genearena.data.cards.stored_card import GraphCard, PublishedDataset, SourceCard
    from genearena.data.census.plan import DonorSample, FetchPlan
    from genearena.data.quality.donor_overlap import GraphOverlap
    from genearena.data.quality.graph_quality import GraphQuality

MAX_OVERLAP_COLUMNS = 16
MAX_PAIRS = 15
MEGABYTE = 1e6


def graph_table(title: str, graphs: "Sequence[GraphCard]") -> Sheet:
    """Return one row per graph: its size, edges, density, isolated genes, edges kept back."""
    known = any(graph.condition for graph in graphs)
    rows = (
        (
            *(g.name, g.modality, g.species, *[g.condition or NOTHING] * known),
            *(str(g.n_cells), str(g.n_genes), str(g.n_edges)),
            *(_percents([g.density]), str(g.n_isolated)),
            NOTHING if g.n_replicate_edges is None else str(g.n_replicate_edges),
        )
        for g in graphs
    )
    names = ("graph", "modality", "species", *["condition"] * known)
    numbers = ("cells", "genes", "edges", "density", "isolated genes", "edges kept back")
    return listing(title, rows, names=names, numbers=numbers)


def rules_line(graphs: "Sequence[GraphCard]") -> str:
    """Return how many graphs have their genes by which rule."""
    times = Counter(graph.genes_by or "unknown" for graph in graphs)
    parts = (f"{rule} ({n} graph{'s' if n > 1 else ''})" for rule, n in sorted(times.items()))
    return f"genes by {', '.join(parts)}"


def overlap_table(graphs: "Sequence[GraphCard]") -> Sheet:
    """Return how many genes each two graphs share; past sixteen graphs, only the first columns."""
    sets = [set(graph.genes) for graph in graphs]
    first = sets[:MAX_OVERLAP_COLUMNS]
    rows = (
        (str(i), graph.name, *(str(len(own & other)) for other in first))
        for i, (graph, own) in enumerate(zip(graphs, sets, strict=True), 1)
    )
    numbers = [str(i) for i in range(1, len(first) + 1)]
    return listing("genes shared by two graphs", rows, names=("", "graph"), numbers=numbers)


def source_table(cards: "Sequence[SourceCard]") -> Sheet:
    """Return one row per data set; ranges where its graphs differ."""
    rows = (
        (
            *(card.tissue, card.source, str(len(card.graphs))),
            _range(list(map(str, sorted(graph.n_genes for graph in card.graphs)))),
            _range(list(map(str, sorted(graph.n_cells for graph in card.graphs)))),
            _percents([graph.density for graph in card.graphs]),
            *("split" if card.split else "paper", "yes" if card.simulated else ""),
            card.fingerprint[:12],
        )
        for card in cards
    )
    numbers = ("graphs", "genes", "cells", "density")
    texts = ("protocol", "simulated", "fingerprint")
    return listing("", rows, names=("tissue", "data set"), numbers=numbers, texts=texts)


def quality_table(qualities: "Sequence[GraphQuality]") -> Sheet:
    """Return one row per graph: its noise, degrees and confounding."""
    rows = (
        (
            *(q.name, _two_decimals(q.esnr), _two_decimals(q.esnr_by_chance)),
            *(f"{q.median_degree:g}", str(q.max_degree), _two_decimals(q.degree_gini)),
            *(f"{100 * q.isolated:.1f} %", _two_decimals(q.depth_confounding)),
        )
        for q in qualities
    )
    degrees = ("median degree", "max degree", "Gini", "isolated")
    numbers = ("ESNR", "by chance", *degrees, "depth correlation")
    return listing("quality", rows, names=("graph",), numbers=numbers)


def edge_overlap_table(overlaps: "Sequence[GraphOverlap]") -> Sheet:
    """Return one row per two graphs, those whose edges are least alike; at most fifteen."""
    alike = sorted(overlaps, key=lambda pair: (math.isnan(pair.lift), pair.lift))
    which = f" (the {MAX_PAIRS} least alike of {len(alike)})" if len(alike) > MAX_PAIRS else ""
    rows = (
        (
            *(pair.first, pair.second, str(pair.n_common), _two_decimals(pair.gene_jaccard)),
            *(_two_decimals(pair.edge_jaccard), _two_decimals(pair.edge_expected)),
            _two_decimals(pair.lift),
        )
        for pair in alike[:MAX_PAIRS]
    )
    numbers = ("genes in both", "gene Jaccard", "edge Jaccard", "by chance", "times chance")
    title = f"edges shared by two graphs{which}"
    return listing(title, rows, names=("graph", "and"), numbers=numbers)


def sample_table(plan: "FetchPlan", is_kept: "Callable[[DonorSample], bool]") -> Sheet:
    """Return one row per donor: what there is of it, and what would be taken."""
    rows = (
        (
            *(s.name, s.assay, s.suspension, str(s.n_available), str(len(s.cells))),
            *(f"{s.n_bytes / MEGABYTE:.1f}", "yes" if is_kept(s) else ""),
            s.dataset.title or s.dataset.dataset_id,
        )
        for s in plan.samples
    )
    return listing(
        f"{', '.join(plan.tissues)} of {plan.organism}, release {plan.version}",
        rows,
        names=("donor", "assay", "suspension"),
        numbers=("cells", "taken", "MB"),
        texts=("here already", "dataset"),
    )


def dataset_table(datasets: "Sequence[PublishedDataset]") -> Sheet:
    """Return one row per dataset: its collection and DOI."""
    rows = ((d.dataset_id, d.title, d.collection, d.doi) for d in datasets)
    return listing("datasets", rows, texts=("dataset", "title", "collection", "DOI"))


def _range(ordered: Sequence[str], unit: str = "") -> str:
    low, high = ordered[0], ordered[-1]
    return f"{low}{unit}" if low == high else f"{low}{NOTHING}{high}{unit}"


def _percents(shares: Iterable[float]) -> str:
    return _range([f"{100 * share:.1f}" for share in sorted(shares)], " %")


def _two_decimals(value: float) -> str:
    return NOTHING if math.isnan(value) else f"{value:.2f}"
