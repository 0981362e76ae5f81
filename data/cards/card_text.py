"""The card of a data set for people: where it is from, what was done to it, how good it is."""

import math
from collections.abc import Iterable, Iterator, Sequence

from genearena.data.cards.stored_card import DonorOutcome, Origin, SourceCard
from genearena.data.graphs import GeneGraph
from genearena.data.quality.donor_overlap import GraphOverlap, graph_overlaps, overlap_warnings
from genearena.data.quality.graph_quality import GraphQuality, graph_quality, quality_warnings

MAX_PAIRS = 50
NOT_GIVEN = "not given"


def data_card(card: SourceCard, graphs: Sequence[GeneGraph]) -> str:
    """Return the card of a data set as Markdown; its graphs are measured for it."""
    qualities = [graph_quality(graph) for graph in graphs]
    overlaps = graph_overlaps(graphs)
    found = [line for quality in qualities for line in quality_warnings(quality)]
    found += overlap_warnings(overlaps)
    sections = [
        _head(card),
        _section("Quality control", _outcomes(card.origin.donors)),
        _section("Graphs", _graph_table(card, qualities)),
        _section("What graphs share", _overlap_table(overlaps)),
        _section("Notes", _bullets(card.origin.notes)),
        _section("Warnings", _bullets([*card.origin.warnings, *found])),
        _section("Parameters", _parameters(card.origin)),
        _section("Versions", _versions(card.origin)),
    ]
    return "\n".join(sections)


def _head(card: SourceCard) -> str:
    origin = card.origin
    species = sorted({graph.species for graph in card.graphs})
    conditions = sorted({graph.condition for graph in card.graphs} - {""})
    modalities = sorted({graph.modality for graph in card.graphs})
    facts = {
        "Data": "SIMULATED" if card.simulated else "real",
        "File": origin.file,
        "SHA-256": origin.sha256,
        "Licence": origin.licence or ("" if card.simulated else NOT_GIVEN),
        "Citation": origin.citation or ("" if card.simulated else NOT_GIVEN),
        "Species": ", ".join(species),
        "Modality": ", ".join(modalities),
        "Conditions": ", ".join(conditions),
        "Graphs": str(len(card.graphs)),
        "Fingerprint": card.fingerprint,
        "Added": origin.created,
    }
    lines = [f"- {name}: {_text(value)}" for name, value in facts.items() if value]
    return "\n".join([f"# Data card: {card.tissue} ({card.source})", "", *lines, ""])


def _section(title: str, lines: Iterable[str]) -> str:
    return "\n".join([f"## {title}", "", *(list(lines) or ["None."]), ""])


def _outcomes(donors: Sequence[DonorOutcome]) -> Iterator[str]:
    if not donors:
        return
    rows = [
        (d.name, d.cells_read, d.cells_kept, d.genes_read, d.genes_kept, d.refused or "kept")
        for d in donors
    ]
    heads = ("donor", "cells read", "cells kept", "genes read", "genes kept", "outcome")
    yield from _table(heads, rows)


def _graph_table(card: SourceCard, qualities: Sequence[GraphQuality]) -> Iterator[str]:
    heads = (
        "graph", "species", "genes by", "cells", "genes", "edges", "kept back", "density", "ESNR",
        "by chance",
        "median degree", "max degree", "Gini", "isolated", "depth correlation",
    )  # fmt: skip
    rows = [
        (
            graph.name, graph.species, graph.genes_by or "unknown",
            graph.n_cells, graph.n_genes, graph.n_edges,
            "none" if graph.n_replicate_edges is None else graph.n_replicate_edges,
            f"{100 * quality.density:.1f} %",
            _number(quality.esnr), _number(quality.esnr_by_chance), f"{quality.median_degree:g}",
            quality.max_degree, _number(quality.degree_gini), quality.n_isolated,
            _number(quality.depth_confounding),
        )
        for graph, quality in zip(card.graphs, qualities, strict=True)
    ]  # fmt: skip
    yield from _table(heads, rows)
    yield ""
    yield (
        "Kept back: edges of the same genes in the half of the cells that methods do not see. "
        "ESNR: edge signal-to-noise ratio (Dong & Kluger 2023), and the same for random clusters "
        "of genes. Depth correlation: Spearman, of the degrees of genes with their "
        "mean counts."
    )


def _overlap_table(overlaps: Sequence[GraphOverlap]) -> Iterator[str]:
    if not overlaps:
        return
    heads = ("graph", "and", "genes in both", "gene Jaccard", "edge Jaccard", "by chance")
    rows = [
        (
            *(pair.first, pair.second, pair.n_common),
            *map(_number, (pair.gene_jaccard, pair.edge_jaccard, pair.edge_expected)),
        )
        for pair in overlaps[:MAX_PAIRS]
    ]
    yield from _table(heads, rows)
    if len(overlaps) > MAX_PAIRS:
        yield ""
        yield f"The first {MAX_PAIRS} of {len(overlaps)} pairs."


def _parameters(origin: Origin) -> Iterator[str]:
    rows = [
        (step, name, "none" if value is None else value)
        for step, options in origin.parameters.items()
        for name, value in options.items()
    ]
    if rows:
        yield from _table(("step", "option", "value"), rows)


def _versions(origin: Origin) -> Iterator[str]:
    suite = {"genearena": origin.suite_version} if origin.suite_version else {}
    yield from (f"- {name} {version}" for name, version in (suite | origin.versions).items())


def _bullets(lines: Iterable[str]) -> Iterator[str]:
    yield from (f"- {_text(line)}" for line in lines)


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(_text(str(cell)) for cell in row)} |"


def _text(value: str) -> str:
    """Return text that stays in its line and its cell."""
    return " ".join(value.split()).replace("|", "\\|")


def _number(value: float) -> str:
    return "none" if math.isnan(value) else f"{value:.2f}"
