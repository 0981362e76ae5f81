"""What counts, the rankings it leads to, and how often one method beats another."""

from collections.abc import Sequence

import numpy as np

from genearena.benchmark.compare.headline import (
    SPREAD,
    counting_standings,
    why_not,
    win_rates,
)
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.scores import task_headings
from genearena.benchmark.show.tables.numbers import NOTHING, mean_of_all, number
from genearena.benchmark.show.tables.overview import MethodRows, methods_over
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet, column_of, marked

COUNTS = "✓"


def counting_sheet(boards: Sequence[Leaderboard]) -> Sheet:
    """Lay out which metrics count on which tasks, and what speaks against the others."""
    known = {m.name: m for board in boards for m in board.metrics if m.headline or m.scored}
    columns = []
    for metric in sorted(known.values(), key=lambda m: not m.headline):
        texts = []
        for board in boards:
            own = [m for m in board.metrics if m.name == metric.name]
            texts.append((why_not(board, own[0]) or COUNTS) if own else NOTHING)
        columns.append(column_of(metric.label, texts))
    return Sheet(
        title="What counts",
        subtitle=f"{len(boards)} task{'s' * (len(boards) > 1)}",
        key="counting",
        labels=task_headings(boards),
        columns=tuple(columns),
        notes=(
            f"{COUNTS}: the best method beats every control, and methods differ by {SPREAD:g} of "
            "their mean or more; the graphs themselves (neighbourhood) are a control of the "
            "questions across donors alone",
            "A name is that of a control no method beats; alike: methods differ by less",
        ),
        corner="Task",
    )


def rankings_sheet(boards: Sequence[Leaderboard]) -> Sheet:
    """Lay out the headline beside the paper's averages, of all six metrics and of what counts."""
    methods = [method for method in methods_over(boards) if method.competes]
    counting = [counting_standings(board) for board in boards]
    # a task on which nothing counts is none
    used = [i for i, found in enumerate(counting) if not np.isnan(found.avg_score).all()]

    def of_counting(method: MethodRows, what: str) -> float | None:
        values = []
        for i in used:
            row, averages = method.rows[i], getattr(counting[i], what)
            values.append(np.nan if row is None else averages[boards[i].rows.index(row)])
        return float(np.mean(values)) if values and not np.isnan(values).any() else None

    columns: dict[str, tuple[list[float | None], bool]] = {
        "Headline": ([mean_of_all(m.averages("headline")) for m in methods], False),
        "Avg Score": ([mean_of_all(m.averages("score")) for m in methods], False),
        "Avg Rank": ([mean_of_all(m.averages("rank")) for m in methods], True),
        "Avg Score, counting": ([of_counting(m, "avg_score") for m in methods], False),
        "Avg Rank, counting": ([of_counting(m, "avg_rank") for m in methods], True),
    }
    order = sorted(range(len(methods)), key=lambda i: -_or_last(columns["Headline"][0][i]))
    competes = [True] * len(methods)
    return Sheet(
        title="Three rankings",
        subtitle=f"means over {len(boards)} task{'s' * (len(boards) > 1)}",
        key="rankings",
        labels=tuple(methods[i].first.title for i in order),
        columns=tuple(
            Column(
                heading,
                "aggregate",
                marked([values[i] for i in order], competes, lower=lower),
                "↓" if lower else "↑",
            )
            for heading, (values, lower) in columns.items()
        ),
        notes=(
            "Counting: of the paper's six metrics those that count on a task; tasks on which none "
            f"does are left out ({len(used)} of {len(boards)} are used)",
        ),
    )


def _or_last(value: float | None) -> float:
    return -np.inf if value is None else value


def wins_sheet(boards: Sequence[Leaderboard]) -> Sheet:
    """Lay out the share of tasks and questions on which the row's method beats the column's."""
    everyone = [method for method in methods_over(boards) if method.competes]
    rates = win_rates(boards, [method.label for method in everyone])
    known = ~np.isnan(rates)
    total = np.where(known, rates, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    order = np.argsort(-total, kind="stable")
    titles = [everyone[i].first.title for i in order]
    columns = [
        Column(
            titles[place],
            "scored",
            tuple(
                Entry(NOTHING if np.isnan(rates[i, j]) else number(rates[i, j], 2), value=None)
                for i in order
            ),
        )
        for place, j in enumerate(order)
    ]
    return Sheet(
        title="Wins",
        subtitle="share of tasks and headline questions on which the row beats the column",
        key="wins",
        labels=tuple(titles),
        columns=tuple(columns),
        notes=("Equal values count half; rows are in the order of their mean",),
    )
