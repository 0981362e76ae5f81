"""The paper's tables, their recomputation and local results as sheets."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from genearena.benchmark.compare.aggregate import Bools, Floats
from genearena.benchmark.show.paper.local import Comparison
from genearena.benchmark.show.paper.published import CITATION, TissueTables
from genearena.benchmark.show.paper.recompute import LABEL_OF, TABLE_OF, Recomputed, findings
from genearena.benchmark.show.tables.notes import headline, subtitle
from genearena.benchmark.show.tables.numbers import number
from genearena.benchmark.show.tables.sheet import Column, Sheet, column_of, marked


def average_sheets(parts: Sequence[Recomputed]) -> tuple[Sheet, Sheet]:
    """Lay out Table 1 or 14, of the tissues given, as printed and as Tables 15-24 give it."""
    table, label = TABLE_OF[parts[0].quantity], LABEL_OF[parts[0].quantity]
    printed = Sheet(
        title=f"Table {table}: {label} as printed",
        subtitle=CITATION,
        key=f"paper-{table}",
        labels=parts[0].methods,
        columns=tuple(_column(p.tissue, p.printed, _arrow(p)) for p in parts),
    )
    ours = Sheet(
        title=f"{label} recomputed from Tables 15-24",
        subtitle="from means printed to two decimals",
        key=f"paper-{table}-recomputed",
        labels=parts[0].methods,
        columns=tuple(_column(p.tissue, p.ours, _arrow(p), flagged=~p.explained) for p in parts),
        notes=findings(parts),
    )
    return printed, ours


def metric_sheet(tables: TissueTables, parts: Sequence[Recomputed]) -> Sheet:
    """Lay out one of Tables 15-24 with the tissue's averages, printed and recomputed."""
    columns = [
        _column(name, tables.mean[:, j], spread=tables.sd[:, j])
        for j, name in enumerate(tables.metrics)
    ]
    for part in parts:
        label, arrow = LABEL_OF[part.quantity], _arrow(part)
        possible = (f"{low:.2f}-{high:.2f}" for low, high in zip(part.low, part.high, strict=True))
        columns += [
            _column(f"{label} printed", part.printed, arrow),
            _column(f"{label} recomputed", part.ours, arrow, flagged=~part.explained),
            column_of(f"{label} possible", possible),
        ]
    return Sheet(
        title=f"Table {tables.table}: {tables.tissue} as printed",
        subtitle=CITATION,
        key=f"paper-{tables.table}",
        labels=tables.methods,
        columns=tuple(columns),
        notes=(
            *findings(parts),
            "Mean ± standard deviation over ten seeds; possible: what the averages can be, given "
            "that the metrics were rounded",
        ),
    )


def local_sheet(comparison: Comparison) -> Sheet:
    """Lay out a local task beside the paper's table of the same tissue."""
    paper, here, tables = comparison.paper, comparison.here, comparison.tables
    gaps = here.means - paper.means
    metrics = (
        column_of(
            name,
            [
                f"{number(value, 2)} ({_signed(gap)})"
                for value, gap in zip(here.means[:, j], gaps[:, j], strict=True)
            ],
            group="extra",
            arrow="↑",
        )
        for j, name in enumerate(tables.metrics)
    )
    pairs = zip(comparison.names, comparison.rows, strict=True)
    task = comparison.board.task
    return Sheet(
        title=f"{headline(comparison.board)}, beside Table {tables.table} ({tables.tissue})",
        subtitle=subtitle(comparison.board),
        key=f"paper-{task.tissue}-{task.source}",
        labels=tuple(_label(name, row.label) for name, row in pairs),
        columns=(
            *_triple("Score", paper.avg_score, here.avg_score, "↑"),
            *_triple("Rank", paper.avg_rank, here.avg_rank, "↓"),
            *metrics,
        ),
        notes=tuple(_local_notes(comparison)),
    )


def _label(name: str, local: str) -> str:
    return name if local.casefold() == name.casefold().replace("-", "") else f"{name} = {local}"


def _triple(what: str, paper: Floats, here: Floats, arrow: str) -> Iterator[Column]:
    yield _column(f"{what} in paper", paper, arrow)
    yield _column(f"{what} here", here, arrow)
    yield column_of(f"{what} difference", map(_signed, here - paper))


def _signed(value: float) -> str:
    """Return a difference with its sign; 0.00 has none."""
    text = f"{value:+.2f}"
    return text[1:] if float(text) == 0 else text


def _local_notes(comparison: Comparison) -> Iterator[str]:
    if comparison.board.task.simulated:
        yield (
            "The local data are SIMULATED, the paper's are real: a difference says how methods "
            "fare on other data, not that either number is wrong"
        )
    else:
        yield "The local data need not be the paper's: compare its list of data sets first"
    yield (
        f"Scores and ranks of both sides are over the {len(comparison.names)} methods that both "
        "have, so that the paper's differ from those it prints"
    )
    if math.isfinite(comparison.agreement):
        yield f"Spearman correlation of the two Avg Ranks: {comparison.agreement:.2f}"
    without: dict[str, list[str]] = {}
    for name, reason in comparison.left_out.items():
        without.setdefault(reason, []).append(name)
    if without:
        parts = (f"{', '.join(names)} ({reason})" for reason, names in without.items())
        yield f"Left out: {'; '.join(parts)}"
    yield "Metrics: mean here, in brackets its difference from the paper's"


def _column(
    heading: str,
    values: Floats,
    arrow: str = "↑",
    *,
    spread: Floats | None = None,
    flagged: Bools | None = None,
) -> Column:
    entries = marked(values.tolist(), [True] * len(values), lower=arrow == "↓", digits=2)
    if spread is not None:
        pairs = zip(entries, spread, strict=True)
        entries = tuple(replace(entry, spread=number(sd, 2)) for entry, sd in pairs)
    if flagged is not None:
        marks = zip(entries, flagged.tolist(), strict=True)
        entries = tuple(replace(entry, flagged=mark) for entry, mark in marks)
    return Column(heading, "scored", entries, arrow)


def _arrow(part: Recomputed) -> str:
    return "↑" if part.quantity == "avg_score" else "↓"
