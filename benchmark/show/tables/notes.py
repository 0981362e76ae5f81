"""The words around a leaderboard: what the task is, what to beware of, how to read it."""

from collections.abc import Iterable, Iterator, Mapping

from genearena.benchmark.compare.aggregate import FARTHEST, is_near
from genearena.benchmark.compare.control_scale import FLOOR, ControlScale, control_scale
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.show.tables.numbers import number, seed_list
from genearena.benchmark.show.tables.sheet import View
from genearena.metrics.registry import is_of_gene_sets

_VALUES: Mapping[View, str] = {
    "raw": "Mean ± standard deviation over seeds",
    "minmax": "Min-max scaled means",
    "control": "Control-scaled means",
}
GAIN_NOTE = (
    "Avg Gain: mean of the scored metrics that are control-scaled (0 the best control, 1 the "
    f"optimum); values below {FLOOR:g} count as {FLOOR:g} (csv has them uncut)"
)


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
        *_lines_of("‡ No method beats the best control on", _lost(board)),
        *_lines_of("§ Not run here:", _origins(board)),
        *_lines_of("Trained on more than the task:", _trained_elsewhere(board)),
        *_flags(board),
        *_metrics(board),
        *_lines_of("Gene sets:", _gene_sets(board)),
        *(_control_scales(board) if view == "control" else ()),
        *_reading(board, view),
    )


def _gene_sets(board: Leaderboard) -> Iterator[str]:
    """Yield the checksum of the gene sets behind every metric of some, which its version tells."""
    for metric in board.metrics:
        if is_of_gene_sets(metric.name):
            yield f"{metric.label} {metric.version.partition(' ')[2]}"


def _lines_of(what: str, parts: Iterable[str]) -> Iterator[str]:
    if text := ", ".join(parts):
        yield f"{what} {text}"


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
        cells = [(m.label, row.cells[m.name]) for m in board.metrics if m.scored]
        lacking = [
            f"{label} ({cell.problems[0][0] if cell.problems else 'no run finished'})"
            for label, cell in cells
            if cell.mean is None
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


def _lost(board: Leaderboard) -> Iterator[str]:
    for metric in board.metrics:
        row = board.unbeaten_control(metric)
        if row is not None:
            yield f"{metric.label} ({row.label} {number(row.cells[metric.name].mean)})"


def _origins(board: Leaderboard) -> Iterator[str]:
    rows = (row for row in board.rows if row.runs.origins)
    return (f"{row.label} ({'; '.join(row.runs.origins)})" for row in rows)


def _trained_elsewhere(board: Leaderboard) -> Iterator[str]:
    for row in board.rows:
        trained_on = row.runs.method.trained_on
        if trained_on not in ("", "nothing", "not stated"):
            yield f"{row.label} ({trained_on})"


def _flags(board: Leaderboard) -> Iterator[str]:
    remarks: dict[tuple[str, str], list[str]] = {}
    for metric in board.metrics:
        for row in board.rows:
            for text, count in row.cells[metric.name].flags:
                total = len(row.runs.finished)
                some = "" if count == total else f" ({count} of {total} runs)"
                remarks.setdefault((metric.label, text), []).append(row.label + some)
    for (label, text), rows in remarks.items():
        yield f"† {label}: {text}: {', '.join(rows)}"


def _metrics(board: Leaderboard) -> Iterator[str]:
    for metric in board.metrics:
        partial: dict[str, list[str]] = {}
        for row in board.rows:
            cell = row.cells[metric.name]
            if cell.n and cell.problems:
                text = f"{cell.n} of {len(row.runs.finished)} runs ({cell.problems[0][0]})"
                partial.setdefault(text, []).append(row.label)
        for text, rows in partial.items():
            yield f"{metric.label}: value from {text}: {', '.join(rows)}"
    for metric in board.metrics:
        # of a metric in the averages another line tells
        lacking = (
            f"{row.label} ({count} {_runs(count)} {reason})"
            for row in board.rows
            if not metric.scored and not row.cells[metric.name].n
            for reason, count in row.cells[metric.name].problems
        )
        yield from _lines_of(f"{metric.label}: no value:", lacking)
    for label, reason in board.left_out.items():
        yield f"{label}: left out, no method has a value ({reason})"
    if board.constant:
        yield f"All methods agree on {', '.join(board.constant)}: neither scaled, ranked nor marked"
    if board.older_data:
        yield f"{board.older_data} {_runs(board.older_data)} on other data of this task not shown"


def _control_scales(board: Leaderboard) -> Iterator[str]:
    """Say how the control-scaled view is to be read, and which metrics have no scale."""
    scales = [(m.label, control_scale(board, m)) for m in board.metrics]
    zeros = (
        f"{label} ({s.control} {number(s.zero)})"
        for label, s in scales
        if isinstance(s, ControlScale)
    )
    yield from _lines_of("Control-scaled: 1 is the metric's optimum, 0 the best control:", zeros)
    for label, scale in scales:
        if isinstance(scale, str):
            yield f"{label}: not control-scaled, {scale}"
    yield GAIN_NOTE


def _reading(board: Leaderboard, view: View) -> Iterator[str]:
    scored = [m.label for m in board.metrics if m.scored and m.label not in board.constant]
    if board.constant and not scored:
        yield "No scored metric tells the methods apart: there are neither scores nor ranks"
    elif sum(row.avg_rank is not None for row in board.rows) < 2:
        yield "Fewer than two methods have every scored metric: scores and ranks say nothing"
    yield f"{_VALUES[view]}; ↑ higher is better, ↓ lower is better; the best method is bold"
    if scored:
        yield (
            f"Avg Score and Avg Rank: {', '.join(scored)} scaled to 0-1 over methods (1 best) "
            f"or ranked (1 best, ties {board.ties}), then averaged; other metrics do not count"
        )
    if few := [row.label for row in board.rows if row.section == "unfinished"]:
        yield (
            f"{', '.join(few)}: fewer than half of the seeds finished, so that its numbers set no "
            "range and take no rank"
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


def _runs(count: int) -> str:
    return "run" if count == 1 else "runs"
