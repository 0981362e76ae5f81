"""Methods over tasks: the headline on every one, Avg Score and Avg Rank as in Tables 1 and 14."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from genearena.benchmark.compare.headline import headline, with_headline
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.scores import AVERAGES, Average, task_headings
from genearena.benchmark.compare.summary import SECTIONS, Section
from genearena.benchmark.show.tables.numbers import NOTHING, mean_of_all
from genearena.benchmark.show.tables.sheet import Column, Sheet, marked

READING: Mapping[Average, tuple[str, int]] = {
    "headline": ("0 is chance, 1 the optimum", 3),
    "score": ("1 is best of 0-1", 2),
    "rank": ("1 is best", 2),
}
"""How an average is to be read, and with how many decimals it is printed."""


@dataclass(frozen=True)
class MethodRows:
    """One method: its row on each of some tasks, None where it was not run."""

    label: str
    boards: tuple[Leaderboard, ...]
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

    def averages(self, what: Average) -> list[float | None]:
        """Return one of the averages on every task."""
        pairs = zip(self.boards, self.rows, strict=True)
        return [None if row is None else average_of(board, row, what) for board, row in pairs]


def average_of(board: Leaderboard, row: Row, what: Average) -> float | None:
    """Return one of the averages of a row, None if it has none."""
    if what == "headline":
        return headline(board, row).mean
    return row.avg_score if what == "score" else row.avg_rank


def methods_over(boards: Sequence[Leaderboard]) -> list[MethodRows]:
    """Return every method of some boards."""
    tables = [{row.label: row for row in board.rows} for board in boards]
    labels = dict.fromkeys(row.label for board in boards for row in board.rows)
    return [
        MethodRows(label, tuple(boards), tuple(table.get(label) for table in tables))
        for label in labels
    ]


def overview_sheet(everything: Sequence[Leaderboard], what: Average) -> Sheet:
    """Lay out an average over tasks, best mean first.

    Parameters
    ----------
    everything
        Leaderboards of at least one task; those without a headline are left out of it.
    what
        The average; ``rank`` is that of competing methods alone.
    """
    boards = with_headline(everything) if what == "headline" else tuple(everything)
    everyone = methods_over(boards)
    methods = sorted(
        (m for m in everyone if what != "rank" or m.first.competes),
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
    (label, higher), (reading, digits) = AVERAGES[what], READING[what]
    return Sheet(
        title=f"{label} by task{simulated}",
        subtitle=f"{len(boards)} task{'s' * (len(boards) > 1)}, {reading}",
        key=f"overview-{what}",
        labels=tuple(method.first.title for method in methods),
        sections=tuple(method.section for method in methods),
        columns=tuple(
            Column(heading, "scored", marked(own, competes, lower=not higher, digits=digits))
            for heading, own in columns
        ),
        notes=(
            *_without(everything, boards),
            *_missing(headings, incomplete, what),
            *_controls(headings, boards, what),
            *_simulated(headings, boards),
        ),
    )


def _order(method: MethodRows, what: Average) -> tuple[int, bool, float, str]:
    mean = mean_of_all(method.averages(what))
    goodness = 0.0 if mean is None else (-mean if AVERAGES[what][1] else mean)
    return SECTIONS.index(method.section), mean is None, goodness, method.label


def _without(everything: Sequence[Leaderboard], boards: Sequence[Leaderboard]) -> Iterator[str]:
    pairs = zip(task_headings(everything), everything, strict=True)
    if lacking := [name for name, board in pairs if board not in boards]:
        yield f"No method has a headline on {', '.join(lacking)}: left out"


def _missing(
    names: Sequence[str], incomplete: Sequence[MethodRows], what: Average
) -> Iterator[str]:
    for method in incomplete:
        reasons: dict[tuple[str, str], list[str]] = {}
        for name, row, value in zip(names, method.rows, method.averages(what), strict=True):
            if value is None:
                reasons.setdefault(_reason(row, what), []).append(name)
        parts = [
            f"{_list(tasks, len(names))} ({of_each if len(tasks) > 1 else of_one})"
            for (of_one, of_each), tasks in reasons.items()
        ]
        if parts:
            yield f"{NOTHING} {method.label}: no mean, nothing on {'; '.join(parts)}"


def _list(tasks: Sequence[str], n_tasks: int) -> str:
    return f"any of {n_tasks} tasks" if len(tasks) == n_tasks > 1 else ", ".join(tasks)


def _reason(row: Row | None, what: Average) -> tuple[str, str]:
    """Return why a row has no number, as said of one task and of several."""
    if row is None:
        return "not run", "not run"
    if what == "rank" and row.avg_score is not None:
        return "takes no rank", "takes no rank"
    if row.runs.finished:
        return "a metric without a value", "a metric without a value"
    counts = (f"{count} {status}" for status, count in sorted(row.runs.statuses.items()))
    runs = ", ".join(counts)
    return f"runs: {runs}", f"runs of each: {runs}"


def _controls(names: Sequence[str], boards: Sequence[Leaderboard], what: Average) -> Iterator[str]:
    lost: dict[str, list[str]] = {}
    for name, board in zip(names, boards, strict=True):
        for metric in board.metrics:
            counts = metric.headline if what == "headline" else metric.scored
            if counts and board.unbeaten_control(metric) is not None:
                lost.setdefault(metric.label, []).append(name)
    if lost:
        parts = [f"{metric} on {', '.join(tasks)}" for metric, tasks in lost.items()]
        yield f"‡ No method beats the best control: {'; '.join(parts)}"


def _simulated(names: Sequence[str], boards: Sequence[Leaderboard]) -> Iterator[str]:
    simulated = [n for n, board in zip(names, boards, strict=True) if board.task.simulated]
    if 0 < len(simulated) < len(boards):
        yield f"SIMULATED data: {', '.join(simulated)}"
