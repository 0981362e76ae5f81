"""How well methods tell functions, as tables and as csv."""

from collections.abc import Iterable, Sequence

import numpy as np

from genearena.benchmark.biology.function import (
    FLOORS,
    VOTING,
    FunctionRow,
    FunctionTable,
)
from genearena.benchmark.show.tables.numbers import NOTHING, number
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet, column_of, marked
from genearena.data.common.csv_text import csv_text
from genearena.data.common.file_names import file_name
from genearena.metrics._annotation.evidence import Estimate
from genearena.metrics._annotation.prediction import PREDICTORS

TITLES = {**PREDICTORS, VOTING: "neighbour voting across donors"}
CSV_COLUMNS = (
    "tissue", "source", "gene_sets", "sha256", "way", "vectors", "method", "control", "runs", "set",
    "title", "members", "genes", "auroc", "precision", "prior", "log2_precision_over_prior",
    "balanced_accuracy", "accuracy", "majority",
)  # fmt: skip


def function_sheet(table: FunctionTable) -> Sheet:
    """Return a row for each method, control and baseline."""
    rows = sorted(table.rows, key=lambda row: (row.control, -_or_low(row.scores.mean().value)))
    competes = [not row.control for row in rows]
    means = [row.scores.mean() for row in rows]
    areas = marked([estimate.value for estimate in means], competes)
    spreads = [_spread(row) for row in rows]
    columns = [
        Column("AUROC", "scored", tuple(map(_with_spread, areas, spreads)), "↑"),
        column_of("95 % interval", (_interval(estimate) for estimate in means)),
        *(_above(table, rows, floor) for floor in FLOORS),
        _numbers("log2 AUPRC/prior", [_mean(row.scores.gain) for row in rows], competes, 2),
    ]
    if table.way != VOTING:
        for heading, name in (("balanced accuracy", "balanced"), ("accuracy", "accuracy")):
            values = [_mean(getattr(row.scores, name)) for row in rows]
            columns.append(_numbers(heading, values, competes))
    if any(row.p is not None for row in rows):
        texts = (NOTHING if row.p is None else f"{row.p:.3g}" for row in rows)
        columns.append(column_of("p of permuted names", texts))
    if any(row.own is not None for row in rows):
        own = [row.own or row.scores for row in rows]
        columns.append(_numbers("AUROC of its own genes", [e.mean().value for e in own], competes))
        columns.append(column_of("its own genes", (str(each.n_genes) for each in own)))
    sections = tuple("controls" if row.control else "methods" for row in rows)
    return Sheet(
        title=f"{table.tissue} ({table.source}): {table.sets.name} by {TITLES[table.way]}",
        subtitle=_subtitle(table),
        key=file_name(table.tissue, table.source, table.sets.name, table.way),
        labels=tuple(row.label for row in rows),
        columns=tuple(columns),
        sections=sections,  # type: ignore[arg-type]
        notes=tuple(_notes(table)),
    )


def _subtitle(table: FunctionTable) -> str:
    known, splits = table.known, table.options.splits
    n = known.members.sum(axis=0)
    sizes = str(n.min()) if n.min() == n.max() else f"{n.min()} to {n.max()}"
    sets = "1 set" if n.size == 1 else f"{n.size} sets"
    how = "" if table.way == VOTING else f", vectors {table.options.vectors}"
    return (
        f"{sets} of {sizes} of {len(known.genes)} genes that all "
        f"methods have{how}; {splits.n_repeats} x {splits.n_folds} folds of names, seed "
        f"{splits.seed}; gene sets sha256 {table.sets.sha256}"
    )


def _notes(table: FunctionTable) -> Iterable[str]:
    better = ", ".join(table.better) or "none"
    yield f"Methods whose leads on {' and '.join(FLOORS)} have intervals above 0: {better}"
    yield (
        "AUROC is a mean over sets, ± the sd over repeats and seeds; intervals are those of other "
        "genes and other sets"
    )
    yield (
        "Precision is above the share of members by chance too where folds hold few: random "
        "vectors tell by how much"
    )
    if table.way != VOTING:
        majority = _mean(table.rows[0].scores.majority)
        yield f"Calling all genes what most are has accuracy {number(majority)}, balanced 0.500"
    yield from table.notes


def _numbers(
    heading: str, values: Sequence[float | None], competes: Sequence[bool], digits: int = 3
) -> Column:
    return Column(heading, "scored", marked(values, competes, digits=digits), "↑")


def _above(table: FunctionTable, rows: Sequence[FunctionRow], floor: str) -> Column:
    leads = (table.above(row, floor) for row in rows)
    texts = (NOTHING if lead is None else f"{lead.value:+.3f} {_interval(lead)}" for lead in leads)
    return column_of(f"above {floor}", texts)


def _interval(estimate: Estimate) -> str:
    return f"{number(estimate.low)} to {number(estimate.high)}"


def _spread(row: FunctionRow) -> str:
    values = row.scores.of_repeat
    return number(float(values.std(ddof=1))) if len(values) > 1 else ""


def _with_spread(entry: Entry, spread: str) -> Entry:
    return Entry(entry.text, spread, best=entry.best, value=entry.value)


def _mean(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float | None:
    kept = values[np.isfinite(values)]
    return float(kept.mean()) if kept.size else None


def _or_low(value: float) -> float:
    return -1.0 if np.isnan(value) else value


def function_csv(tables: Iterable[FunctionTable]) -> str:
    """Return a line for each method and set."""
    return csv_text(CSV_COLUMNS, (line for table in tables for line in function_rows(table)))


def function_rows(table: FunctionTable) -> Iterable[dict[str, object]]:
    """Yield a row of the csv for each method and set, by the names of its columns."""
    known = table.known
    sizes = known.members.sum(axis=0)
    for row in table.rows:
        for i, (key, title) in enumerate(zip(known.keys, known.titles, strict=True)):
            own = row.scores
            values = (own.auroc, own.precision, own.prior, own.gain)
            called = (own.balanced, own.accuracy, own.majority) if table.way != VOTING else ()
            numbers = [float(value[i]) for value in (*values, *called)]
            about = (
                table.tissue, table.source, table.sets.name, table.sets.sha256, table.way,
                table.options.vectors, row.label, row.control, row.n_runs, key, title,
                int(sizes[i]), len(known.genes),
            )  # fmt: skip
            yield dict(zip(CSV_COLUMNS, (*about, *numbers), strict=False))
