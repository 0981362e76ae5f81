"""What the overview of several tasks leaves out or should warn of."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.show.tables.numbers import NOTHING


def overview_notes(
    boards: Sequence[Leaderboard], incomplete: Sequence[str], names: Sequence[str]
) -> tuple[str, ...]:
    """Return the lines below an overview.

    Parameters
    ----------
    boards
        Leaderboards of at least one task.
    incomplete
        Labels of rows that lack a number on some task, and hence their mean.
    names
        Headings of the tasks.
    """
    return (
        *_missing(boards, incomplete, names),
        *_controls(boards, names),
        *_simulated(boards, names),
    )


def _missing(
    boards: Sequence[Leaderboard], incomplete: Sequence[str], names: Sequence[str]
) -> Iterator[str]:
    tables = [{row.label: row for row in board.rows} for board in boards]
    for label in incomplete:
        reasons: dict[_Reason, list[str]] = {}
        for name, table in zip(names, tables, strict=True):
            row = table.get(label)
            if row is None or row.avg_score is None:
                reasons.setdefault(_reason(row), []).append(name)
        parts = [
            f"{_list(tasks, len(names))} ({reason.of_each if len(tasks) > 1 else reason.of_one})"
            for reason, tasks in reasons.items()
        ]
        if parts:
            yield f"{NOTHING} {label}: no mean, nothing on {'; '.join(parts)}"


def _list(tasks: Sequence[str], n_tasks: int) -> str:
    return f"any of {n_tasks} tasks" if len(tasks) == n_tasks > 1 else ", ".join(tasks)


class _Reason(NamedTuple):
    """Why a row has no number, as said of one task and of several."""

    of_one: str
    of_each: str


def _reason(row: Row | None) -> _Reason:
    if row is None:
        return _Reason("not run", "not run")
    if row.runs.finished:
        return _Reason("a metric without a value", "a metric without a value")
    counts = (f"{count} {status}" for status, count in sorted(row.runs.statuses.items()))
    runs = ", ".join(counts)
    return _Reason(f"runs: {runs}", f"runs of each: {runs}")


def _controls(boards: Sequence[Leaderboard], names: Sequence[str]) -> Iterator[str]:
    lost: dict[str, list[str]] = {}
    for name, board in zip(names, boards, strict=True):
        for metric in board.metrics:
            if metric.scored and board.unbeaten_control(metric) is not None:
                lost.setdefault(metric.label, []).append(name)
    if lost:
        parts = [f"{metric} on {', '.join(tasks)}" for metric, tasks in lost.items()]
        yield f"‡ No method beats the best control: {'; '.join(parts)}"


def _simulated(boards: Sequence[Leaderboard], names: Sequence[str]) -> Iterator[str]:
    simulated = [n for n, board in zip(names, boards, strict=True) if board.task.simulated]
    if 0 < len(simulated) < len(boards):
        yield f"SIMULATED data: {', '.join(simulated)}"
