"""Read a results folder for a command: name what is no record, and go on without it."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from genearena.benchmark.compare.aggregate import Ties
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore, Scan
from genearena.benchmark.records.selection import keep
from genearena.data.common.errors import GeneArenaError, UsageError, did_you_mean
from genearena.data.common.screen import tell

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from genearena.benchmark.biology.stored_vectors import TaskRuns

T = TypeVar("T")


class Labelled(Protocol):
    """What tables call by a label."""

    @property
    def label(self) -> str:
        """The label."""


Row = TypeVar("Row", bound=Labelled)


def _warn(line: str) -> None:
    tell(f"Warning: {line}", err=True)


def warned_scan(
    store: ResultStore, *, needed: bool = False, warn: Callable[[str], None] = _warn
) -> Scan:
    """Scan a folder, warning of every file that is no record.

    Raises
    ------
    UsageError
        If records are `needed` and there are none.
    """
    scan = store.scan()
    for problem in scan.problems:
        warn(f"{problem}; left out")
    if needed and not scan.records:
        raise UsageError(
            f"no results in {store.folder}; run 'bench run' first, or name a folder with --out"
        )
    return scan


def stored_records(folder: Path, *, needed: bool = False) -> list[RunRecord]:
    """Return the readable records of a folder; see `warned_scan`."""
    return list(warned_scan(ResultStore(folder), needed=needed).records)


def stored_boards(
    out: Path,
    tissues: Sequence[str],
    sources: Sequence[str],
    preset: str | None,
    ties: Ties = "average",
) -> tuple[Leaderboard, ...]:
    """Return the leaderboards of what the options of `options.selection` name.

    Raises
    ------
    UsageError
        If there are no results, or none of what is named.
    """
    records = stored_records(out, needed=True)
    return build_leaderboards(records, tissues=tissues, sources=sources, preset=preset, ties=ties)


def selected_records(
    out: Path,
    tissues: Sequence[str],
    sources: Sequence[str],
    methods: Sequence[str],
    preset: str | None,
) -> list[RunRecord]:
    """Return the records of what `options.selection` and ``--methods`` name.

    Raises
    ------
    UsageError
        If there are no results, or none of what is named.
    """
    return keep(stored_records(out, needed=True), tissues, sources, methods, preset)


def check_figure(path: Path | None, records: Iterable[RunRecord], option: str = "--figure") -> None:
    """Raise UsageError if a figure of one task cannot be of these records, or in such a file."""
    from genearena.benchmark.biology.stored_vectors import tasks_of
    from genearena.benchmark.show.plots.style import check_figure_path

    if path is None:
        return
    check_figure_path(path)
    if (n_tasks := len(tasks_of(records))) > 1:
        raise UsageError(f"{option} is of one task, and {n_tasks} have runs; choose by --tissue")


def shown(rows: "Iterable[Row]", label: str | None) -> "Row":
    """Return the first row of a label, the first at all if there is none such to look for.

    Raises
    ------
    UsageError
        If no row has the label.
    """
    named: dict[str, Row] = {}
    for row in rows:
        named.setdefault(row.label, row)
    if label is None:
        return next(iter(named.values()))
    if label not in named:
        raise UsageError(f"--show {label} is no method here; {did_you_mean(label, named)}")
    return named[label]


def drawn(draw: "Callable[[], Figure]", path: Path) -> None:
    """Draw a figure into a file and say so."""
    from genearena.benchmark.show.plots.style import write_figure

    write_figure(draw, path)
    tell(f"Wrote {path}", err=True)


def asked(
    out: Path,
    records: Iterable[RunRecord],
    data_dir: Path | None,
    *questions: "Callable[[TaskRuns], T]",
) -> list[T]:
    """Return what every task of some records answers, with warnings of what cannot be answered.

    Raises
    ------
    GeneArenaError
        If nothing can: the first reason.
    """
    from genearena.benchmark.biology.stored_vectors import task_runs, tasks_of

    store, found = ResultStore(out), list[T]()
    reasons: list[GeneArenaError] = []
    for own in tasks_of(records).values():
        try:
            task = task_runs(store, own, data_dir)
        except GeneArenaError as reason:
            reasons.append(reason)
            continue
        for ask in questions:
            try:
                found.append(ask(task))
            except GeneArenaError as reason:
                reasons.append(reason)
    if not found:
        raise reasons[0]
    for each in reasons:
        _warn(f"left out: {each}")
    return found


def best_runs(records: Sequence[RunRecord]) -> list[RunRecord]:
    """Keep the runs of the best method of each task."""
    from genearena.benchmark.compare.headline import by_headline

    kept: list[RunRecord] = []
    for board in build_leaderboards(records):
        competing = [row for row in by_headline(board) if row.competes]
        kept += competing[0].runs.runs if competing else ()
    return kept
