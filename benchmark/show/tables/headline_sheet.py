"""The headline of one task, and of several, as sheets."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from genearena.benchmark.compare.headline import (
    QUESTIONS,
    by_headline,
    headline,
    headline_metrics,
    with_headline,
)
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.summary import Cell
from genearena.benchmark.show.tables.notes import notes
from genearena.benchmark.show.tables.numbers import number
from genearena.benchmark.show.tables.overview import overview_sheet
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet, marked
from genearena.benchmark.show.tables.task_sheet import COST_NOTES, task_sheet
from genearena.metrics.registry import METRICS

NO_HEADLINE = "No method has a headline here: the paper's averages instead"


def headline_sheet(board: Leaderboard, *, cost: bool = True) -> Sheet:
    """Lay out the headline of one task, its questions and plugins' metrics, best method first.

    Parameters
    ----------
    board
        The leaderboard; without any question of the headline the paper's table takes its place.
    cost
        Whether to show time and memory.
    """
    if not with_headline([board]):
        whole = task_sheet(board, cost=cost)
        return replace(whole, notes=(NO_HEADLINE, *whole.notes))
    metrics = headline_metrics(board)
    ordered = replace(board, rows=by_headline(board))
    whole = task_sheet(ordered, cost=cost)
    cells = [headline(board, row) for row in ordered.rows]
    remark = "mean of the questions, each 0 by chance and 1 at the optimum"
    # beside the questions what plugins measure, which their makers look for
    shown = (*metrics, *(m for m in board.metrics if m.name not in METRICS.builtin))
    labels = {metric.label for metric in shown}
    asked = [column for column in whole.columns if column.heading in labels]
    rest = [c for c in whole.columns if c.group in ("aggregate", "coverage", "cost")]
    columns = (
        Column("Headline", "aggregate", _entries(ordered.rows, cells), "↑", remark=remark),
        *asked,
        *rest,
    )
    asked_only = notes(replace(ordered, metrics=shown, left_out={}, constant=()))
    paper = "Avg Score and Avg Rank are those of the paper's six metrics: --view paper"
    lines = (*_questions(board), *asked_only, paper, *(COST_NOTES if cost else ()))
    return replace(whole, columns=columns, notes=lines)


def headline_overview(boards: Sequence[Leaderboard]) -> Sheet:
    """Lay out the headline of every method on several tasks, best mean first.

    At least one of them has a headline.
    """
    sheet = overview_sheet(boards, "headline")
    return replace(sheet, notes=(*_questions(*boards), *sheet.notes))


def _entries(rows: Sequence[Row], cells: Sequence[Cell]) -> tuple[Entry, ...]:
    best = marked([cell.mean for cell in cells], [row.competes for row in rows])
    return tuple(
        replace(entry, spread="" if cell.sd is None else number(cell.sd))
        for entry, cell in zip(best, cells, strict=True)
    )


def _questions(*boards: Leaderboard) -> Iterator[str]:
    asked = {metric.name: metric for board in boards for metric in headline_metrics(board)}
    for name, metric in asked.items():
        yield f"{metric.label}: {QUESTIONS[name]}"
    yield "Headline: their mean; 0 is chance and 1 the optimum, whatever other methods do"
    lacking = len(QUESTIONS) - len(asked)
    if lacking:
        yield f"{lacking} of {len(QUESTIONS)} questions cannot be asked of these data"
