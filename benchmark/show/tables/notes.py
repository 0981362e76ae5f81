"""The words around a leaderboard: what the task is, what to beware of, how to read it."""

from collections.abc import Iterator, Mapping
from typing import Literal

from genearena.benchmark.compare.aggregate import FARTHEST, is_near
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.summary import Cell
from genearena.benchmark.show.tables.control_view import control_notes
from genearena.benchmark.show.tables.numbers import number, seed_list

View = Literal["raw", "minmax", "control"]


_VALUES: Mapping[View, str] = {
    "raw": "Mean ± standard deviation over seeds",
    "minmax": "Min-max scaled means",
    "control": "Control-scaled means",
}


def headline(board: Leaderboard) -> str:
    """Return the name of the task; simulated data are called so in capitals."""
    return board.task.label + (": SIMULATED data" if board.task.simulated else "")


def subtitle(board: Leaderboard) -> str:
    """Return what the runs have in common: data, seeds, preset."""
    task = board.task
    presets = "presets" if len(board.presets) > 1 else "preset"
    seeds = "seeds" if len(board.seeds) > 1 else "seed"
    return " · ".join(
        [
            f"{task.n_graphs} graphs, {task.n_rows:,} gene rows",
            f"{seeds} {seed_list(board.seeds)}",
            f"{presets} {', '.join(board.presets)}",
            f"data {task.fingerprint[:8]}",
        ]
    )


def notes(board: Leaderboard, view: View = "raw") -> tuple[str, ...]:
    """Return the lines below the table, most important first."""
    return (
        *_failures(board),
        *_unranked(board),
        *_controls(board),
        *_origins(board),
        *_flags(board),
        *_metrics(board),
        *(control_notes(board) if view == "control" else ()),
        *_reading(board, view),
    )


def _failures(board: Leaderboard) -> Iterator[str]:
    for row in board.rows:
        parts = [f"{count} {_runs(count)} {reason}" for reason, count in row.runs.failures]
        if row.runs.missing:
            parts.append(f"{row.runs.missing} {_runs(row.runs.missing)} not done yet")
        if parts:
            yield f"{row.label}: {'; '.join(parts)}"


def _unranked(board: Leaderboard) -> Iterator[str]:
    for row in board.rows:
        if row.avg_score is not None or not row.runs.finished:
            continue
        lacking = [
            f"{m.label} ({_first_problem(row.cells[m.name])})"
            for m in board.metrics
            if m.scored and row.cells[m.name].mean is None
        ]
        if lacking:
            yield f"{row.label}: no average, it lacks {', '.join(lacking)}"
        elif not row.competes and (far := _far_metrics(board, row)):
            yield (
                f"{row.label}: no average, it lies over {FARTHEST:g} ranges of the methods away "
                f"on {', '.join(far)}"
            )


def _far_metrics(board: Leaderboard, row: Row) -> list[str]:
    return [
        m.label
        for m in board.metrics
        if m.scored and (value := row.scaled[m.name]) is not None and not is_near(value)
    ]


def _first_problem(cell: Cell) -> str:
    return cell.problems[0][0] if cell.problems else "no run finished"


def _controls(board: Leaderboard) -> Iterator[str]:
    lost = [(m, board.unbeaten_control(m)) for m in board.metrics]
    parts = [
        f"{m.label} ({row.label} {number(row.cells[m.name].mean)})"
        for m, row in lost
        if row is not None
    ]
    if parts:
        yield f"‡ No method beats the best control on {', '.join(parts)}"


def _origins(board: Leaderboard) -> Iterator[str]:
    parts = [
        f"{row.label} ({'; '.join(row.runs.origins)})" for row in board.rows if row.runs.origins
    ]
    if parts:
        yield f"§ Not run here: {', '.join(parts)}"


def _flags(board: Leaderboard) -> Iterator[str]:
    remarks: dict[tuple[str, str], list[str]] = {}
    for metric in board.metrics:
        for row in board.rows:
            for text, count in row.cells[metric.name].flags:
                remarks.setdefault((metric.label, text), []).append(_with_count(row, count))
    for (label, text), rows in remarks.items():
        yield f"† {label}: {text}: {', '.join(rows)}"


def _with_count(row: Row, count: int) -> str:
    total = len(row.runs.finished)
    return row.label if count == total else f"{row.label} ({count} of {total} runs)"


def _metrics(board: Leaderboard) -> Iterator[str]:
    for metric in board.metrics:
        partial = [
            f"{row.label} ({row.cells[metric.name].n} of {len(row.runs.finished)} runs: "
            f"{row.cells[metric.name].problems[0][0]})"
            for row in board.rows
            if row.cells[metric.name].n and row.cells[metric.name].problems
        ]
        if partial:
            yield f"{metric.label}: value from part of the runs: {', '.join(partial)}"
    yield from _without_value(board)
    for label, reason in board.left_out.items():
        yield f"{label}: left out, no method has a value ({reason})"
    if board.constant:
        yield f"All methods agree on {', '.join(board.constant)}: neither scaled, ranked nor marked"
    if board.older_data:
        yield f"{board.older_data} {_runs(board.older_data)} on other data of this task not shown"


def _without_value(board: Leaderboard) -> Iterator[str]:
    """Name rows without a value of a metric outside the averages, which no other line tells of."""
    for metric in board.metrics:
        rows = [] if metric.scored else board.rows
        lacking = [
            f"{row.label} ({count} {_runs(count)} {reason})"
            for row in rows
            if not row.cells[metric.name].n
            for reason, count in row.cells[metric.name].problems
        ]
        if lacking:
            yield f"{metric.label}: no value: {', '.join(lacking)}"


def _reading(board: Leaderboard, view: View) -> Iterator[str]:
    scored = [m.label for m in board.metrics if m.scored and m.label not in board.constant]
    if board.constant and not scored:
        yield "No scored metric tells the methods apart: there are neither scores nor ranks"
    elif _n_ranked(board) < 2:
        yield "Fewer than two methods have every scored metric: scores and ranks say nothing"
    yield f"{_VALUES[view]}; ↑ higher is better, ↓ lower is better; the best method is bold"
    if scored:
        yield (
            f"Avg Score and Avg Rank: {', '.join(scored)} scaled to 0-1 over methods (1 best) "
            f"or ranked (1 best, ties {board.ties}), then averaged; other metrics do not count"
        )
    if any(row.section == "released" for row in board.rows):
        yield (
            "NAME:released is the method as its published script runs it, bugs included; it sets "
            "no range and takes no rank, and its scores may lie outside 0-1"
        )
    if any(row.runs.outside for row in board.rows):
        yield (
            "Runs merged from elsewhere (§) stand beside those made here: they set no range, take "
            "no rank and are no control to beat; their scores may lie outside 0-1"
        )
    if any(row.section == "unstated" for row in board.rows):
        yield (
            "Submitted vectors that do not say which data they were made from set no range and "
            "take no rank; their scores may lie outside 0-1"
        )
    if any(row.control for row in board.rows):
        yield "Controls set no range and take no rank; their scores may lie outside 0-1"
    yield "Runs: finished of all seeds seen; Genes: share of gene rows with a non-zero vector"


def _n_ranked(board: Leaderboard) -> int:
    return sum(row.avg_rank is not None for row in board.rows)


def _runs(count: int) -> str:
    return "run" if count == 1 else "runs"
