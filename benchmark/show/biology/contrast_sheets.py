"""What moves between two conditions, as tables and as csv."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from genearena.benchmark.biology.clusters import LEVEL, Cluster
from genearena.benchmark.biology.conditions.contrast import Contrast, MethodContrast, distances
from genearena.benchmark.biology.conditions.moved import ClusterContrast, MovedSets
from genearena.benchmark.show.biology.cluster_sheets import best_set
from genearena.benchmark.show.biology.gene_set_tables import cut
from genearena.benchmark.show.tables.numbers import NOTHING, number, share
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet, column_of, marked
from genearena.data.common.csv_text import csv_text
from genearena.data.common.file_names import file_name
from genearena.metrics._shared.nearest_rows import DoubleArray

LEVELS = (0.05, 0.1)
GENES_SHOWN = 4
CSV_COLUMNS = (
    "tissue", "source", "first", "second", "donors", "smallest_p", "method", "runs", "gene",
    "moved", "p", "q", "family_wise", "distance", "distance_within", "expression_change",
    "expression_p",
)  # fmt: skip


def overview_sheet(found: Contrast) -> Sheet:
    """Return a row for each method, control and baseline."""
    ordered = sorted(found.rows, key=lambda row: (row.control, -excess(row)))
    rows = [*ordered, *found.baselines]
    tests = [row.compared for row in rows]
    competes = [not row.control for row in rows]
    expression, degree = (row.compared.share for row in found.baselines)
    chance, least = (number(t.by_chance) for t in tests), found.design.smallest_p
    return Sheet(
        title=found.title[:1].upper() + found.title[1:],
        subtitle=_subtitle(found),
        key=file_name(found.graphs.tissue, found.graphs.source, *found.design.conditions),
        labels=tuple(row.label for row in rows),
        columns=(
            column_of("moved", (number(float(t.share.mean())) for t in tests)),
            column_of("by chance", chance),
            Column("above that", "scored", marked(list(map(excess, rows)), competes), "↑"),
            column_of("p of all", (f"{t.overall:.3g}" for t in tests)),
            column_of("at least p", (_count(t.p, least) for t in tests)),
            *(
                column_of(f"at q {level:g}", (_count(t.q, level) for t in tests))
                for level in LEVELS
            ),
            column_of(
                f"at family-wise {LEVELS[-1]:g}",
                (_count(t.family_wise, LEVELS[-1]) for t in tests),
            ),
            column_of("as expression", (_rank(t.share, expression) for t in tests), group="extra"),
            column_of("as degree", (_rank(t.share, degree) for t in tests), group="extra"),
        ),
        sections=tuple("controls" if row.control else "methods" for row in rows),
        notes=tuple(_notes(found)),
    )


def _count(values: DoubleArray, level: float) -> str:
    return str(int((values <= level * (1 + 1e-9)).sum()))


def excess(row: MethodContrast) -> float:
    """Return how much more moves than by chance."""
    return float(row.compared.share.mean()) - row.compared.by_chance


def _subtitle(found: Contrast) -> str:
    made = found.design
    first, second = made.n_alone
    parts = [f"{made.n_pairs} donors under both"] if made.n_pairs else []
    if first:
        names = made.conditions
        parts.append(f"{first} donors of {names[0]} and {second} of {names[1]}")
    how = "all" if made.exact else "drawn at random"
    return (
        f"{' and '.join(parts)}; {len(made.contrasts)} ways to exchange their conditions ({how}); "
        f"{len(found.genes)} genes that all graphs and methods have"
    )


def _notes(found: Contrast) -> Iterator[str]:
    least = found.design.smallest_p
    yield f"With these donors no p can be below {least:.3g}" + (
        ", so that no gene can be significant: read the order of the genes, and bring more donors"
        if least > LEVELS[-1]
        else ""
    )
    yield (
        f"at least p: number of genes with this p, {least * len(found.genes):.0f} by chance; genes "
        "move together, so that chance gives many or none"
    )
    yield (
        "moved: share of what differs between donors in a gene's similarities to all others that "
        "the conditions explain, mean over genes; p of all: that of this mean"
    )
    yield (
        "q: Benjamini-Hochberg over genes; a gene whose neighbours move is found too. "
        "family-wise: more than any gene moves when conditions are exchanged"
    )
    yield (
        "as expression, as degree: rank correlation over genes with how these two move "
        "(the last rows)"
    )
    if found.design.left_out:
        listed = ", ".join(found.design.left_out)
        yield f"Left out, as no other donor can exchange conditions with them: {listed}"


def _rank(first: DoubleArray, second: DoubleArray) -> str:
    from scipy.stats import spearmanr

    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return NOTHING
    return number(float(spearmanr(first, second).statistic), 2)


def gene_sheet(found: Contrast, row: MethodContrast, most: int) -> Sheet:
    """Return a row for each of the genes that move most by a method."""
    test, order = row.compared, by_move(row)[:most]
    apart, within = distances(row.gram, found.design)
    expression = found.baselines[0].compared
    changes = (f"{found.change[g]:+.2f}" for g in order)
    return Sheet(
        title=f"Genes that move most by {row.label}: {found.title}",
        subtitle=f"{len(order)} of {len(found.genes)}",
        key=file_name(found.graphs.tissue, found.graphs.source, row.label, "genes"),
        labels=tuple(found.genes[g] for g in order),
        columns=(
            column_of("moved", (number(test.share[g]) for g in order), arrow="↑"),
            column_of("p", (_p(test.p[g]) for g in order)),
            column_of("q", (_p(test.q[g]) for g in order)),
            column_of("family-wise", (_p(test.family_wise[g]) for g in order)),
            column_of("distance", (number(apart[g], 2) for g in order), group="extra"),
            column_of("between donors", (number(within[g], 2) for g in order), group="extra"),
            column_of("expression change", changes, group="extra"),
            column_of("p of expression", (_p(expression.p[g]) for g in order), group="extra"),
        ),
        notes=(
            "distance: 1 - correlation of a gene's similarities to all others between the "
            "conditions, those of the same donor where it has both; between donors: the same "
            "under one condition",
            f"expression change: under {found.design.conditions[1]}, in standard deviations of "
            "genes",
        ),
        corner="Gene",
    )


def cluster_sheet(
    found: Contrast,
    row: MethodContrast,
    of_run: ClusterContrast,
    most: int,
    known: Mapping[int, Cluster],
) -> Sheet:
    """Return a row for each cluster of a run, those of one condition first; at most so many.

    `known` are the clusters with their gene sets by number, none if there are no gene sets.
    """
    test = of_run.compared
    order = np.lexsort((-test.share, test.family_wise))[:most].tolist()
    columns = [
        column_of("genes", (str(len(of_run.genes[c])) for c in order), group="extra"),
        *(
            column_of(f"of {name}", (share(of_run.shares[c, side]) for c in order))
            for side, name in enumerate(found.design.conditions)
        ),
        column_of("p", (_p(test.p[c]) for c in order)),
        column_of("q", (_p(test.q[c]) for c in order)),
        column_of("family-wise", (_p(test.family_wise[c]) for c in order)),
    ]
    if known:
        best = (best_set(known[of_run.numbers[c]]) for c in order)
        columns.append(Column("best set", "extra", tuple(map(Entry, best)), kind="text"))
    such = (Entry(" ".join(of_run.genes[c][:GENES_SHOWN])) for c in order)
    columns.append(Column("such as", "extra", tuple(such), kind="text"))
    return Sheet(
        title=f"Clusters of one condition by {row.label}, seed {of_run.seed}: {found.title}",
        subtitle=f"{len(order)} of {len(of_run.numbers)}",
        key=file_name(found.graphs.tissue, found.graphs.source, row.label, "clusters"),
        labels=tuple(str(of_run.numbers[c]) for c in order),
        columns=tuple(columns),
        notes=("of a condition: mean share of a donor's genes that the cluster holds",),
        corner="Cluster",
    )


def set_sheet(found: Contrast, row: MethodContrast, moved: MovedSets, most: int) -> Sheet:
    """Return a row for each gene set of which the genes that move most have many."""
    rows = list(zip(moved.enriched, moved.p_donors, strict=True))[:most]
    n, others = moved.n_found, moved.by_chance
    return Sheet(
        title=f"{moved.sets.name} among the genes that move most by {row.label}: {found.title}",
        subtitle=(
            f"{len(moved.movers)} of {len(found.genes)} genes; {moved.n_sets} "
            f"set{'s' * (moved.n_sets != 1)}, "
            f"{moved.n_genes} genes that are in one; gene sets sha256 {moved.sets.sha256}"
        ),
        key=file_name(found.graphs.tissue, found.graphs.source, row.label, moved.sets.name),
        labels=tuple(cut(each.title or each.key) for each, _ in rows),
        columns=(
            column_of("found", (f"{each.found} of {each.members}" for each, _ in rows)),
            column_of("p", (_p(each.p) for each, _ in rows)),
            column_of("q", (_p(each.q) for each, _ in rows)),
            column_of("p of donors", (_p(p) for _, p in rows)),
        ),
        notes=(
            f"{n or 'no'} set{'s' * (n != 1)} with q < {LEVEL:g}, one-sided Fisher, "
            f"Benjamini-Hochberg; {others.mean():.2g} on average with {len(others)} other ways to "
            "give donors their conditions"
            + (f", as many or more with {(others >= n).sum()} of them" if n else ""),
            "p of donors: share of these ways, the true one among them, by which as many genes of "
            "the set are among those that move most",
        ),
        corner="Set",
    )


def _p(value: float) -> str:
    return f"{value:.2g}"


def by_move(row: MethodContrast) -> list[int]:
    """Return the genes in the order of how much they move."""
    order: list[int] = np.argsort(-row.compared.share, kind="stable").tolist()
    return order


def contrast_csv(tables: Iterable[Contrast]) -> str:
    """Return a line for each gene by each method, control and baseline."""
    return csv_text(CSV_COLUMNS, (line for table in tables for line in contrast_rows(table)))


def contrast_rows(found: Contrast) -> Iterator[dict[str, object]]:
    """Yield the lines of the csv."""
    made, expression = found.design, found.baselines[0].compared
    about = (
        found.graphs.tissue, found.graphs.source, *made.conditions, len(made.blocks),
        made.smallest_p,
    )  # fmt: skip
    for row in (*found.rows, *found.baselines):
        test, (apart, within) = row.compared, distances(row.gram, made)
        for g in by_move(row):
            values = (
                *about, row.label, len(row.runs), found.genes[g], test.share[g], test.p[g],
                test.q[g], test.family_wise[g], apart[g], within[g], found.change[g],
                expression.p[g],
            )  # fmt: skip
            yield dict(zip(CSV_COLUMNS, values, strict=True))
