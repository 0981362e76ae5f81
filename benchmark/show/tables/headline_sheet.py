"""The headline of one task, and of several, as sheets."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from genearena.benchmark.compare.bootstrap import LEVEL, RESAMPLES, Place, headline_places
from genearena.benchmark.compare.headline import (
    QUESTIONS,
    by_headline,
    headline,
    headline_metrics,
)
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import ACROSS, STAND_INS
from genearena.benchmark.compare.summary import Cell
from genearena.benchmark.show.tables.notes import notes
from genearena.benchmark.show.tables.numbers import NOTHING, number
from genearena.benchmark.show.tables.overview import overview_sheet
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet, column_of, marked
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
    places = headline_places([board])
    columns, lines = headline_columns(board, places), headline_notes(board, places)
    if not columns:
        whole = task_sheet(board, cost=cost)
        return replace(whole, notes=(*lines, *whole.notes))
    metrics = headline_metrics(board)
    ordered = replace(board, rows=by_headline(board))
    whole = task_sheet(ordered, cost=cost)
    # beside the questions what plugins measure, which their makers look for
    shown = (*metrics, *(m for m in board.metrics if m.name not in METRICS.builtin))
    names = {metric.label for metric in shown}
    asked = [column for column in whole.columns if column.heading in names]
    rest = [c for c in whole.columns if c.group in ("aggregate", "coverage", "cost")]
    asked_only = notes(replace(ordered, metrics=shown, left_out={}, constant=()))
    paper = "Avg Score and Avg Rank are those of the paper's six metrics: --view paper"
    lines += (*asked_only, paper, *(COST_NOTES if cost else ()))
    return replace(whole, columns=(*columns, *asked, *rest), notes=lines)


def headline_columns(board: Leaderboard, places: Mapping[str, Place]) -> tuple[Column, ...]:
    """Return rank, headline and its interval, rows by headline; nothing where nobody has one.

    `places` are those of `headline_places`.
    """
    if not places:
        return ()
    rows = by_headline(board)
    labels, cells = [row.label for row in rows], [headline(board, row) for row in rows]
    remark = "mean of the questions, each 0 by chance and 1 at the optimum"
    return (
        rank_column(labels, places),
        Column("Headline", "aggregate", _entries(rows, cells), "↑", remark=remark),
        interval_column(labels, places),
    )


def headline_notes(board: Leaderboard, places: Mapping[str, Place]) -> tuple[str, ...]:
    """Return what the headline of a task asks, and what its ranks and intervals rest on."""
    if not places:
        return (NO_HEADLINE,)
    return (*_questions(board), *place_notes(places, "donors and seeds"))


def headline_overview(boards: Sequence[Leaderboard]) -> Sheet:
    """Lay out the headline of every method on several tasks, best mean first.

    At least one of them has a headline.
    """
    sheet, places = overview_sheet(boards, "headline"), headline_places(boards)
    titles = {row.title: row.label for board in boards for row in board.rows}
    labels = [titles[title] for title in sheet.labels]
    mean, *tasks = sheet.columns
    columns = (rank_column(labels, places), mean, interval_column(labels, places), *tasks)
    told = place_notes(places, "tasks and of donors and seeds within them")
    return replace(sheet, columns=columns, notes=(*_questions(*boards), *told, *sheet.notes))


def rank_column(labels: Sequence[str], places: Mapping[str, Place]) -> Column:
    """Return the ranks by headline, – for who has none."""
    ranks = [places[label].rank if label in places else None for label in labels]
    entries = (
        Entry(NOTHING if rank is None else str(rank), best=rank == 1, value=rank) for rank in ranks
    )
    remark = "1 and the number of methods that are better beyond chance"
    return Column("Rank", "aggregate", tuple(entries), "↓", remark=remark)


def interval_column(labels: Sequence[str], places: Mapping[str, Place]) -> Column:
    """Return the intervals of the headline, – for who has none."""
    found = [places[label].interval if label in places else None for label in labels]
    texts = [NOTHING if i is None else f"{number(i[0], 2)} to {number(i[1], 2)}" for i in found]
    lows = [None if i is None else i[0] for i in found]
    return column_of("Interval", texts, group="aggregate", arrow="↑", values=lows)


def place_notes(places: Mapping[str, Place], drawn: str) -> Iterator[str]:
    """Yield what ranks and intervals rest on; `drawn` is what was resampled."""
    without = [m for m, place in places.items() if place.interval is None]
    if len(without) < len(places):
        yield (
            f"Rank: 1 and the number of methods whose headline is higher by an interval of the "
            f"difference that leaves out 0; intervals: {100 * LEVEL:g} %, {RESAMPLES} resamples of "
            f"{drawn}, too narrow where there are few"
        )
    if without:
        who = "everyone" if len(without) == len(places) else ", ".join(without)
        yield f"No values of single donors, hence no interval and the plain order: {who}"


def _entries(rows: Sequence[Row], cells: Sequence[Cell]) -> tuple[Entry, ...]:
    best = marked([cell.mean for cell in cells], [row.competes for row in rows])
    return tuple(
        replace(entry, spread="" if cell.sd is None else number(cell.sd), sd=cell.sd)
        for entry, cell in zip(best, cells, strict=True)
    )


def _questions(*boards: Leaderboard) -> Iterator[str]:
    asked = {metric.name: metric for board in boards for metric in headline_metrics(board)}
    for name, metric in asked.items():
        yield f"{metric.label}: {QUESTIONS[name]}"
    yield "Headline: their mean; 0 is chance and 1 the optimum, whatever other methods do"
    questions = QUESTIONS.keys() - STAND_INS.keys()
    lacking = len(questions - {STAND_INS.get(name, name) for name in asked})
    if lacking:
        yield f"{lacking} of {len(questions)} questions cannot be asked of these data"
    if not asked.keys() & ACROSS:
        yield "Nothing here asks whether vectors of different donors can be compared"
