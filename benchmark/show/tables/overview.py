"""Methods over tasks: Avg Score and Avg Rank on every one, as the paper's Tables 1 and 14."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.scores import task_headings
from genearena.benchmark.compare.summary import SECTIONS, Section
from genearena.benchmark.show.tables.numbers import NOTHING, mean_of_all
from genearena.benchmark.show.tables.sheet import Column, Sheet, marked

What = Literal["score", "rank"]


@dataclass(frozen=True)
class MethodRows:
    """One method: its row on every task, None where it was not run."""

    label: str
    rows: tuple[Row | None, ...]

    @property
    def known(self) -> list[Row]:
        """Rows of the tasks it was run on."""
        return [row for row in self.rows if row is not None]

    @property
    def first(self) -> Row:
        """Row of the first of them."""
        return self.known[0]

    @property
    def section(self) -> Section:
        """Last part of a table that any of them belongs to."""
        return max((row.section for row in self.known), key=SECTIONS.index)

    @property
    def competes(self) -> bool:
        """Whether it competes on all of them."""
        return self.section == "methods"

    def averages(self, what: What) -> list[float | None]:
        """Return Avg Score or Avg Rank on every task."""
        return [None if row is None else getattr(row, f"avg_{what}") for row in self.rows]


def methods_over(boards: Sequence[Leaderboard]) -> list[MethodRows]:
    """Return every method of some boards."""
    tables = [{row.label: row for row in board.rows} for board in boards]
    labels = dict.fromkeys(row.label for board in boards for row in board.rows)
    return [MethodRows(label, tuple(table.get(label) for table in tables)) for label in labels]


def overview_sheet(boards: Sequence[Leaderboard], what: What) -> Sheet:
    """Lay out Avg Score or Avg Rank over tasks.

    Parameters
    ----------
    boards
        Leaderboards of at least one task.
    what
        ``score``, or ``rank``, which only competing methods have.
    """
    everyone = methods_over(boards)
    methods = sorted(
        (m for m in everyone if what == "score" or m.first.competes),
        key=lambda method: _order(method, what),
    )
    values = [method.averages(what) for method in methods]
    means = [mean_of_all(own) for own in values]
    incomplete = [m for m, mean in zip(methods, means, strict=True) if mean is None]
    competes = [method.competes for method in methods]
    headings = task_headings(boards)
    columns = [("Mean", means)]
    columns += [(heading, [own[i] for own in values]) for i, heading in enumerate(headings)]
    simulated = ": SIMULATED data" if all(b.task.simulated for b in boards) else ""
    return Sheet(
        title=f"Avg {what.capitalize()} by task{simulated}",
        subtitle=f"{len(boards)} tasks, {'1 is best of 0-1' if what == 'score' else '1 is best'}",
        key=f"overview-{what}",
        labels=tuple(method.first.title for method in methods),
        sections=tuple(method.section for method in methods),
        columns=tuple(
            Column(heading, "scored", marked(own, competes, lower=what == "rank", digits=2))
            for heading, own in columns
        ),
        notes=(
            *_missing(headings, incomplete),
            *_controls(headings, boards),
            *_simulated(headings, boards),
        ),
    )


def _order(method: MethodRows, what: What) -> tuple[int, bool, float, str]:
    mean = mean_of_all(method.averages(what))
    goodness = 0.0 if mean is None else (-mean if what == "score" else mean)
    return SECTIONS.index(method.section), mean is None, goodness, method.label


def _missing(names: Sequence[str], incomplete: Sequence[MethodRows]) -> Iterator[str]:
    for method in incomplete:
        reasons: dict[tuple[str, str], list[str]] = {}
        for name, row in zip(names, method.rows, strict=True):
            if row is None or row.avg_score is None:
                reasons.setdefault(_reason(row), []).append(name)
        parts = [
            f"{_list(tasks, len(names))} ({of_each if len(tasks) > 1 else of_one})"
            for (of_one, of_each), tasks in reasons.items()
        ]
        if parts:
            yield f"{NOTHING} {method.label}: no mean, nothing on {'; '.join(parts)}"


def _list(tasks: Sequence[str], n_tasks: int) -> str:
    return f"any of {n_tasks} tasks" if len(tasks) == n_tasks > 1 else ", ".join(tasks)


def _reason(row: Row | None) -> tuple[str, str]:
    """Return why a row has no number, as said of one task and of several."""
    if row is None:
        return "not run", "not run"
    if row.runs.finished:
        return "a metric without a value", "a metric without a value"
    counts = (f"{count} {status}" for status, count in sorted(row.runs.statuses.items()))
    runs = ", ".join(counts)
    return f"runs: {runs}", f"runs of each: {runs}"


def _controls(names: Sequence[str], boards: Sequence[Leaderboard]) -> Iterator[str]:
    lost: dict[str, list[str]] = {}
    for name, board in zip(names, boards, strict=True):
        for metric in board.metrics:
            if metric.scored and board.unbeaten_control(metric) is not None:
                lost.setdefault(metric.label, []).append(name)
    if lost:
        parts = [f"{metric} on {', '.join(tasks)}" for metric, tasks in lost.items()]
        yield f"‡ No method beats the best control: {'; '.join(parts)}"


def _simulated(names: Sequence[str], boards: Sequence[Leaderboard]) -> Iterator[str]:
    simulated = [n for n, board in zip(names, boards, strict=True) if board.task.simulated]
    if 0 < len(simulated) < len(boards):
        yield f"SIMULATED data: {', '.join(simulated)}"
