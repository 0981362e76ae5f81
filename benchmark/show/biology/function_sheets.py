"""How well methods tell functions, as tables and as csv."""

from collections.abc import Iterable, Sequence

import numpy as np

from genearena.benchmark.biology.function import FLOORS, FunctionRow, FunctionTable
from genearena.benchmark.biology.question import SVM, VOTING
from genearena.benchmark.show.biology.estimates import interval, lead
from genearena.benchmark.show.tables.numbers import NOTHING, number
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet, column_of, marked
from genearena.data.common.csv_text import csv_text
from genearena.data.common.file_names import file_name
from genearena.data.genesets.gene_sets import BoolArray
from genearena.metrics._annotation.held_out import HELD_OUT, NEGATIVES
from genearena.metrics._annotation.prediction import PREDICTORS
from genearena.metrics._annotation.support_vectors import COSTS, FOLDS

TITLES = {**PREDICTORS, VOTING: "neighbour voting across donors"}
CSV_COLUMNS = (
    "tissue", "source", "gene_sets", "sha256", "way", "vectors", "method", "control", "runs", "set",
    "title", "members", "genes", "auroc", "precision", "prior", "log2_precision_over_prior",
    "balanced_accuracy", "accuracy", "majority", "genes_of", "added_sets", "added_sha256",
    "members_added",
)  # fmt: skip
SHARED, OWN = "all methods", "the method"


def function_sheet(table: FunctionTable) -> Sheet:
    """Return a row for each method, control and baseline."""
    rows = sorted(table.rows, key=lambda row: (row.control, -_or_low(row.scores.mean().value)))
    competes = [not row.control for row in rows]
    means = [row.scores.mean() for row in rows]
    areas = marked([estimate.value for estimate in means], competes)
    spreads = [_spread(row) for row in rows]
    columns = [
        Column("AUROC", "scored", tuple(map(_with_spread, areas, spreads)), "↑"),
        column_of("95 % interval", map(interval, means)),
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
    later = () if table.added is None else (table.added.name,)
    since = "".join(f", genes added in {name}" for name in later)
    return Sheet(
        title=f"{table.tissue} ({table.source}): {table.sets.name} by {TITLES[table.way]}{since}",
        subtitle=_subtitle(table),
        key=file_name(table.tissue, table.source, table.sets.name, *later, table.way),
        labels=tuple(row.label for row in rows),
        columns=tuple(columns),
        sections=sections,  # type: ignore[arg-type]
        notes=tuple(_notes(table)),
    )


def _subtitle(table: FunctionTable) -> str:
    asked, known = table.asked, table.asked.known
    splits = asked.options.splits
    n_sets = len(known.keys)
    sets = "1 set" if n_sets == 1 else f"{n_sets} sets"
    how = "" if table.way == VOTING else f", vectors {asked.options.vectors}"
    text = (
        f"{sets} of {_sizes(known.members)} of {len(known.genes)} genes that all methods have{how}"
    )
    files = f"gene sets sha256 {table.sets.sha256}"
    if table.added is not None and asked.added is not None:
        text += (
            f"; {_sizes(asked.added)} more in {table.added.name}, told from the genes that are in "
            "neither"
        )
        if table.way != VOTING:
            text += f", {splits.n_repeats} x {splits.n_folds} folds of these"
        files += f" and {table.added.sha256}"
    elif table.way == SVM:
        text += f"; held out {splits.n_repeats} x"
    else:
        text += f"; {splits.n_repeats} x {splits.n_folds} folds of names"
    return f"{text}, seed {splits.seed}; {files}"


def _sizes(members: BoolArray) -> str:
    n = members.sum(axis=0)
    return str(n.min()) if n.min() == n.max() else f"{n.min()} to {n.max()}"


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
    if table.way == SVM:
        yield (
            "As the GO benchmark of Zhong et al. (2025), but vectors have length 1: radial "
            f"kernel, balanced classes, costs {COSTS[0]:g} to {COSTS[-1]:g} by {FOLDS} folds"
        )
        if table.added is None:
            yield (
                f"Held out: {HELD_OUT:.0%} of a set and of {NEGATIVES} times as many others; these "
                "are any of other sets, there of GO slim terms that are not above"
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
    return column_of(f"above {floor}", (lead(table.above(row, floor)) for row in rows))


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
    added = table.added
    later = ("", "") if added is None else (added.name, added.sha256)
    for row in table.rows:
        about = (
            table.tissue, table.source, table.sets.name, table.sets.sha256, table.way,
            table.asked.options.vectors, row.label, row.control, row.n_runs,
        )  # fmt: skip
        answers = [(row.scores, table.asked, SHARED)]
        if row.own is not None and row.own_asked is not None:
            answers.append((row.own, row.own_asked, OWN))
        for own, asked, whose in answers:
            known = asked.known
            values = [own.auroc, own.precision, own.prior, own.gain]
            called = [own.balanced, own.accuracy, own.majority]
            for i, (key, title) in enumerate(zip(known.keys, known.titles, strict=True)):
                numbers: list[float | str] = [float(value[i]) for value in values]
                numbers += [float(v[i]) if table.way != VOTING else "" for v in called]
                line = (
                    *about, key, title, int(known.members[:, i].sum()), len(known.genes), *numbers,
                    whose, *later, "" if asked.added is None else int(asked.added[:, i].sum()),
                )  # fmt: skip
                yield dict(zip(CSV_COLUMNS, line, strict=True))
