"""The paper's tables, their recomputation and local results as sheets."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from genearena.benchmark.compare.aggregate import Bools, Floats
from genearena.benchmark.show.paper.local import Comparison, Side
from genearena.benchmark.show.paper.published import CITATION, TissueTables
from genearena.benchmark.show.paper.recompute import (
    LABEL_OF,
    TABLE_OF,
    Quantity,
    Recomputed,
    findings,
)
from genearena.benchmark.show.tables.notes import headline, subtitle
from genearena.benchmark.show.tables.numbers import number
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet, one_section


def average_sheets(parts: Sequence[Recomputed]) -> tuple[Sheet, Sheet]:
    """Lay out Table 1 or 14 as printed and as Tables 15-24 give it.

    Parameters
    ----------
    parts
        One quantity of one tissue or more.
    """
    quantity = parts[0].quantity
    table, label = TABLE_OF[quantity], LABEL_OF[quantity]
    printed = [_average_column(p.tissue, p.printed, quantity) for p in parts]
    ours = [_average_column(p.tissue, p.ours, quantity, ~p.explained) for p in parts]
    methods = parts[0].methods
    return (
        _sheet(f"Table {table}: {label} as printed", CITATION, f"paper-{table}", methods, printed),
        _sheet(
            f"{label} recomputed from Tables 15-24",
            "from means printed to two decimals",
            f"paper-{table}-recomputed",
            methods,
            ours,
            findings(parts),
        ),
    )


def metric_sheet(tables: TissueTables, parts: Sequence[Recomputed]) -> Sheet:
    """Lay out one of Tables 15-24 with the tissue's averages, printed and recomputed."""
    columns = [
        Column(name, "scored", _entries(tables.mean[:, j], "↑", tables.sd[:, j]), "↑")
        for j, name in enumerate(tables.metrics)
    ]
    for part in parts:
        label, arrow = LABEL_OF[part.quantity], _arrow(part.quantity)
        ranges = zip(part.low, part.high, strict=True)
        columns += [
            Column(f"{label} printed", "aggregate", _entries(part.printed, arrow), arrow),
            Column(
                f"{label} recomputed",
                "aggregate",
                _entries(part.ours, arrow, flagged=~part.explained),
                arrow,
            ),
            Column(
                f"{label} possible",
                "aggregate",
                tuple(Entry(f"{low:.2f}-{high:.2f}") for low, high in ranges),
            ),
        ]
    return _sheet(
        f"Table {tables.table}: {tables.tissue} as printed",
        CITATION,
        f"paper-{tables.table}",
        tables.methods,
        columns,
        (
            *findings(parts),
            "Mean ± standard deviation over ten seeds; possible: what the averages can be, given "
            "that the metrics were rounded",
        ),
    )


def local_sheet(comparison: Comparison) -> Sheet:
    """Lay out a local task beside the paper's table of the same tissue."""
    paper, here = comparison.paper, comparison.here
    columns = [
        *_triple("Score", paper.avg_score, here.avg_score, "↑"),
        *_triple("Rank", paper.avg_rank, here.avg_rank, "↓"),
        *_metric_columns(comparison, paper, here),
    ]
    return _sheet(
        f"{headline(comparison.board)}, beside Table {comparison.tables.table} "
        f"({comparison.tables.tissue})",
        subtitle(comparison.board),
        f"paper-{comparison.board.task.tissue}-{comparison.board.task.source}",
        tuple(
            _label(c, row.label) for c, row in zip(comparison.names, comparison.rows, strict=True)
        ),
        columns,
        tuple(_local_notes(comparison)),
    )


def _label(name: str, local: str) -> str:
    return name if local.casefold() == name.casefold().replace("-", "") else f"{name} = {local}"


def _triple(what: str, paper: Floats, here: Floats, arrow: str) -> Iterator[Column]:
    yield Column(f"{what} in paper", "scored", _entries(paper, arrow), arrow)
    yield Column(f"{what} here", "scored", _entries(here, arrow), arrow)
    yield Column(f"{what} difference", "scored", tuple(Entry(signed(d)) for d in here - paper))


def _metric_columns(comparison: Comparison, paper: Side, here: Side) -> Iterator[Column]:
    for j, name in enumerate(comparison.tables.metrics):
        pairs = zip(here.means[:, j], here.means[:, j] - paper.means[:, j], strict=True)
        entries = tuple(Entry(f"{number(value, 2)} ({signed(gap)})") for value, gap in pairs)
        yield Column(name, "extra", entries, "↑")


def signed(value: float) -> str:
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
    count = len(comparison.names)
    yield (
        f"Scores and ranks of both sides are over the {count} methods that both have, "
        "so that the paper's differ from those it prints"
    )
    if math.isfinite(comparison.agreement):
        yield f"Spearman correlation of the two Avg Ranks: {comparison.agreement:.2f}"
    reasons = dict.fromkeys(comparison.left_out.values())
    without = {r: [n for n, own in comparison.left_out.items() if own == r] for r in reasons}
    if without:
        parts = (f"{', '.join(names)} ({reason})" for reason, names in without.items())
        yield f"Left out: {'; '.join(parts)}"
    yield "Metrics: mean here, in brackets its difference from the paper's"


def _sheet(
    title: str,
    subtitle: str,
    key: str,
    labels: tuple[str, ...],
    columns: Sequence[Column],
    notes: tuple[str, ...] = (),
) -> Sheet:
    return Sheet(title, subtitle, key, labels, one_section(len(labels)), tuple(columns), notes)


def _average_column(
    heading: str, values: Floats, quantity: Quantity, flagged: Bools | None = None
) -> Column:
    arrow = _arrow(quantity)
    return Column(heading, "scored", _entries(values, arrow, flagged=flagged), arrow)


def _entries(
    values: Floats, arrow: str, spread: Floats | None = None, flagged: Bools | None = None
) -> tuple[Entry, ...]:
    best = values.max() if arrow == "↑" else values.min()
    marks = np.zeros(len(values), dtype=bool) if flagged is None else flagged
    return tuple(
        Entry(
            number(value, 2),
            "" if spread is None else number(spread[i], 2),
            best=bool(value == best),
            flagged=bool(marks[i]),
        )
        for i, value in enumerate(values)
    )


def _arrow(quantity: Quantity) -> str:
    return "↑" if quantity == "avg_score" else "↓"
