"""Read a results folder for a command: name what is no record, and go on without it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from genearena.benchmark.compare.aggregate import Ties
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore, Scan
from genearena.benchmark.records.selection import keep
from genearena.data.common.errors import GeneArenaError, UsageError, did_you_mean
from genearena.data.common.screen import caution, tell

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


def warned_scan(
    store: ResultStore, *, needed: bool = False, warn: Callable[[str], None] = caution
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


@dataclass(frozen=True, eq=False)
class StoredRuns:
    """The runs that a command is about, as `options.stored_runs` asks for them."""

    out: Path
    tissues: Sequence[str]
    sources: Sequence[str]
    preset: str | None
    methods: Sequence[str] = ()
    data_dir: Path | None = None

    @cached_property
    def records(self) -> list[RunRecord]:
        """Their records; UsageError if there are none, or none of what is named."""
        return self.found(needed=True)

    def found(self, *, needed: bool = False) -> list[RunRecord]:
        """Return their records; UsageError if they are `needed` and there are none."""
        records = stored_records(self.out, needed=needed)
        return keep(records, self.tissues, self.sources, self.methods, self.preset)

    def boards(self, ties: Ties = "average") -> tuple[Leaderboard, ...]:
        """Return their leaderboards; UsageError as of `records`."""
        # all that are stored decide on the colours of methods
        return build_leaderboards(
            stored_records(self.out, needed=True),
            tissues=self.tissues,
            sources=self.sources,
            preset=self.preset,
            ties=ties,
        )

    @property
    def best(self) -> list[RunRecord]:
        """The records of the best method of each task, of all where methods are named."""
        if self.methods:
            return self.records
        from genearena.benchmark.compare.headline import by_headline

        kept: list[RunRecord] = []
        for board in build_leaderboards(self.records):
            competing = [row for row in by_headline(board) if row.competes]
            kept += competing[0].runs.runs if competing else ()
        return kept

    def check_figure(self, path: Path | None, option: str = "--figure") -> None:
        """Raise UsageError if a figure of one task cannot be of these, or in such a file."""
        from genearena.benchmark.biology.stored_vectors import tasks_of
        from genearena.benchmark.show.plots.style import check_figure_path

        if path is None:
            return
        check_figure_path(path)
        if (n_tasks := len(tasks_of(self.records))) > 1:
            raise UsageError(
                f"{option} is of one task, and {n_tasks} have runs; choose by --tissue"
            )

    def ask(
        self,
        *questions: "Callable[[TaskRuns], T]",
        records: Sequence[RunRecord] | None = None,
    ) -> list[T]:
        """Return what every task answers, by all or some records.

        Tasks that cannot are warned of.

        Raises
        ------
        GeneArenaError
            If none can: the first reason.
        """
        from genearena.benchmark.biology.stored_vectors import task_runs, tasks_of

        store, found = ResultStore(self.out), list[T]()
        reasons: list[GeneArenaError] = []
        for own in tasks_of(self.records if records is None else records).values():
            try:
                task = task_runs(store, own, self.data_dir)
            except GeneArenaError as reason:
                reasons.append(reason)
                continue
            for answer in questions:
                try:
                    found.append(answer(task))
                except GeneArenaError as reason:
                    reasons.append(reason)
        if not found:
            raise reasons[0]
        for each in reasons:
            caution(f"left out: {each}")
        return found


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
