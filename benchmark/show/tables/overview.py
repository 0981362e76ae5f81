"""Avg Score and Avg Rank of every method on every task, as the paper's Tables 1 and 14."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.scores import task_headings
from genearena.benchmark.compare.summary import SECTIONS, Section
from genearena.benchmark.show.tables.numbers import number
from genearena.benchmark.show.tables.overview_notes import overview_notes
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet

What = Literal["score", "rank"]


@dataclass(frozen=True)
class _Line:
    """One method over all tasks; None where it has no number."""

    label: str
    title: str
    section: Section
    values: tuple[float | None, ...]

    @property
    def competes(self) -> bool:
        return self.section == "methods"

    @property
    def mean(self) -> float | None:
        known = [v for v in self.values if v is not None]
        return math.fsum(known) / len(known) if len(known) == len(self.values) else None


def overview_sheet(boards: Sequence[Leaderboard], what: What) -> Sheet:
    """Lay out Avg Score or Avg Rank over tasks.

    Parameters
    ----------
    boards
        Leaderboards of at least one task.
    what
        ``score``, or ``rank``, which only competing methods have.
    """
    lines = sorted(_lines(boards, what), key=lambda line: _order(line, what))
    columns = [_column("Mean", [line.mean for line in lines], lines, what)]
    for i, heading in enumerate(task_headings(boards)):
        columns.append(_column(heading, [line.values[i] for line in lines], lines, what))
    simulated = ": SIMULATED data" if all(b.task.simulated for b in boards) else ""
    return Sheet(
        title=f"Avg {what.capitalize()} by task{simulated}",
        subtitle=f"{len(boards)} tasks, {'1 is best of 0-1' if what == 'score' else '1 is best'}",
        key=f"overview-{what}",
        labels=tuple(line.title for line in lines),
        sections=tuple(line.section for line in lines),
        columns=tuple(columns),
        notes=overview_notes(
            boards, [x.label for x in lines if x.mean is None], task_headings(boards)
        ),
    )


def _lines(boards: Sequence[Leaderboard], what: What) -> list[_Line]:
    tables = [{row.label: row for row in board.rows} for board in boards]
    rows = {label: row for table in reversed(tables) for label, row in table.items()}
    return [
        _Line(
            label,
            rows[label].title,
            max((t[label].section for t in tables if label in t), key=SECTIONS.index),
            tuple(_value(t.get(label), what) for t in tables),
        )
        for label in sorted(rows)
        if what == "score" or rows[label].competes
    ]


def _value(row: Row | None, what: What) -> float | None:
    if row is None:
        return None
    return row.avg_score if what == "score" else row.avg_rank


def _order(line: _Line, what: What) -> tuple[int, bool, float, str]:
    mean = line.mean
    goodness = 0.0 if mean is None else (-mean if what == "score" else mean)
    return SECTIONS.index(line.section), mean is None, goodness, line.label


def _column(
    heading: str, values: Sequence[float | None], lines: Sequence[_Line], what: What
) -> Column:
    known = [v for v, x in zip(values, lines, strict=True) if v is not None and x.competes]
    best = (max if what == "score" else min)(known) if known else None
    entries = [
        Entry(number(v, 2), best=v is not None and v == best and line.competes)
        for v, line in zip(values, lines, strict=True)
    ]
    return Column(heading, "scored", tuple(entries), values=tuple(values))
