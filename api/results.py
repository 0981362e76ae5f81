"""``ga.Results``: stored runs as tables and vectors."""

import warnings
from collections.abc import Sequence
from functools import cached_property
from html import escape
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from genearena.api._tables import frame
from genearena.benchmark.commands.stored_records import warned_scan
from genearena.benchmark.compare.analysis import Options, analyse
from genearena.benchmark.compare.bootstrap import headline_places
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.comparison import ROPE
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.export import long_table
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import DEFAULT_FOLDER, ResultStore
from genearena.benchmark.records.selection import keep
from genearena.benchmark.show.tables import stats_tidy
from genearena.benchmark.show.tables.counting_sheets import counting_sheet
from genearena.benchmark.show.tables.numbers import NOTHING
from genearena.benchmark.show.tables.sheet import Sheet
from genearena.benchmark.show.tables.views import COUNTS, HEADLINE, WORDS, task_view
from genearena.data.common.errors import UsageError, did_you_mean
from genearena.data.graphs import GraphCollection
from genearena.data.tasks import load_task

if TYPE_CHECKING:
    from anndata import AnnData
    from pandas import DataFrame

Names = str | Sequence[str]
INTERVAL = "Interval"


class Results:
    """The runs in a results folder, as they were when they are first asked for.

    Parameters
    ----------
    folder
        Results folder of ``bench run`` or `run`.
    tissue, source
        Only runs on these tissues and data; all where nothing is said.
    preset
        Only runs under this preset.
    data_dir
        Where the graphs of the tasks are stored.

    Raises
    ------
    UsageError
        When asked, if the folder has no results, or none of what is named.
    """

    def __init__(
        self,
        folder: str | Path = DEFAULT_FOLDER,
        tissue: Names = (),
        source: Names = (),
        *,
        preset: str | None = None,
        data_dir: str | Path | None = None,
    ) -> None:
        self.store = ResultStore(Path(folder))
        self.tissues = (tissue,) if isinstance(tissue, str) else tuple(tissue)
        self.sources = (source,) if isinstance(source, str) else tuple(source)
        self.preset = preset
        self.data_dir = None if data_dir is None else Path(data_dir)

    @cached_property
    def records(self) -> tuple[RunRecord, ...]:
        """The records of the runs; files that are none are warned of."""

        def warn(line: str) -> None:
            warnings.warn(line, UserWarning, stacklevel=2)

        found = warned_scan(self.store, needed=True, warn=warn).records
        return tuple(keep(found, self.tissues, self.sources, preset=self.preset))

    @cached_property
    def _boards(self) -> tuple[Leaderboard, ...]:
        """The leaderboard of every task, which tables and figures show."""
        return build_leaderboards(self.records)

    def leaderboard(self, view: str = HEADLINE, *, cost: bool = True) -> "DataFrame":
        """Return the tables of ``bench leaderboard`` with their numbers in full.

        Parameters
        ----------
        view
            ``headline``: four questions that chance answers with 0; ``paper``: the metrics of the
            MuSe-GNN paper; ``minmax`` and ``control``: these scaled; ``counts``: which metrics tell
            methods apart on which task.
        cost
            Whether to add seconds and bytes.

        Returns
        -------
        A row for each task and method, in the order of the view; of ``counts`` one for each task.
        """
        import pandas as pd

        if view not in WORDS:
            raise UsageError(f"unknown view '{view}'; {did_you_mean(view, WORDS)}")
        if view == COUNTS:
            return _frame(counting_sheet(self._boards))
        return pd.concat([_task(board, view, cost=cost) for board in self._boards])

    def stats(
        self, by: str = HEADLINE, *, alpha: float = 0.05, bayes: bool = False, rope: float = ROPE
    ) -> "DataFrame":
        """Return every number of ``bench stats``: which differences between methods hold.

        Parameters
        ----------
        by
            What to compare: ``headline``, ``rank``, ``score`` or a metric by its name.
        alpha
            Level of the tests; intervals hold 1 - alpha.
        bayes, rope
            Whether to add Bayesian posteriors, and the difference of no importance to them.

        Returns
        -------
        A row for each ``statistic`` of a ``method``, or of one against an ``other``, or with
        something ``removed``: its ``value``, and the ends of its interval (``low``, ``high``).
        """
        analysis = analyse(self._boards, Options(by=by, alpha=alpha, bayes=bayes, rope=rope))
        return frame(stats_tidy.COLUMNS, stats_tidy.statistics_of(analysis))

    def to_pandas(self) -> "DataFrame":
        """Return a row for each run and metric, with all that is known of the run on each."""
        return long_table(self.records)

    def embedding(
        self,
        method: Names = (),
        seed: int | Sequence[int] | None = None,
        *,
        tissue: str | None = None,
        source: str | None = None,
    ) -> "AnnData":
        """Return stored vectors as `tl.embed` does.

        Parameters
        ----------
        method
            What tables call it, or several.
        seed
            One or several; by default all, each with an array of its own.
        tissue, source
            Which task, if there are several.

        Raises
        ------
        UsageError
            If no such run ended well, or they are on several tasks.
        DataError
            If the vectors are missing or not those of their run.
        """
        from genearena.benchmark.biology.joint import joint, stored_runs

        records = keep(self.records, [tissue] if tissue else (), [source] if source else ())
        labels = (method,) if isinstance(method, str) else tuple(method)
        seeds = (seed,) if isinstance(seed, int) else tuple(seed or ())
        return joint(stored_runs(self.store, records, labels, seeds))

    def graphs(self, *, tissue: str | None = None, source: str | None = None) -> GraphCollection:
        """Load the graphs of a task, as they are stored now.

        Parameters
        ----------
        tissue, source
            Which task, if there are several.

        Raises
        ------
        UsageError
            If there are several, or the data are not there.
        """
        task = self._board(tissue, source).task
        return load_task(task.tissue, source=task.source, folder=self.data_dir)

    def _board(self, tissue: str | None = None, source: str | None = None) -> Leaderboard:
        """Return the leaderboard of a task; UsageError if these do not name one."""
        found = [
            board
            for board in self._boards
            if tissue in (None, board.task.tissue) and source in (None, board.task.source)
        ]
        if len(found) != 1:
            there = ", ".join(board.task.label for board in found or self._boards)
            raise UsageError(f"this is of one task; choose by tissue and source from {there}")
        return found[0]

    def __repr__(self) -> str:
        return "\n  ".join([f"Results {self.store.folder}", *map(_told, self._boards)])

    def _repr_html_(self) -> str:
        parts = []
        for board in self._boards:
            table = _task(board, HEADLINE, cost=False).drop(columns=["tissue", "source"])
            shown = table.to_html(
                float_format="{:.3f}".format,
                formatters={"Rank": _place},
                na_rep=NOTHING,
            )
            parts.append(f"<p><b>{escape(_told(board))}</b></p>{shown}")
        return "".join(parts)


def _told(board: Leaderboard) -> str:
    data = ", SIMULATED data" if board.task.simulated else ""
    n_runs = sum(len(row.runs.finished) for row in board.rows)
    return f"{board.task.label}{data}: {len(board.rows)} methods, {n_runs} runs that ended well"


def _place(rank: float | None) -> str:
    return NOTHING if rank is None or isnan(rank) else f"{rank:.0f}"


def _task(board: Leaderboard, view: str, *, cost: bool) -> "DataFrame":
    sheet = task_view(board, view, cost=cost)
    labels = {row.title: row.label for row in board.rows}
    table = _frame(sheet).rename(index=labels)
    if INTERVAL in table:
        places = headline_places([board])
        ends = [(places[m].interval if m in places else None) or (None, None) for m in table.index]
        place = table.columns.get_loc(INTERVAL)
        del table[INTERVAL]
        for offset, name in enumerate(("Low", "High")):
            table.insert(place + offset, name, [end[offset] for end in ends])
    about = {"tissue": board.task.tissue, "source": board.task.source, "section": sheet.sections}
    for offset, (name, values) in enumerate(about.items()):
        table.insert(offset, name, values)
    return table


def _frame(sheet: Sheet) -> "DataFrame":
    """Return a sheet as a data frame: numbers in full, texts where there are none."""
    import pandas as pd

    columns = {
        column.heading: [entry.value for entry in column.entries]
        if any(entry.value is not None for entry in column.entries)
        else [entry.text for entry in column.entries]
        for column in sheet.columns
    }
    return pd.DataFrame(columns, index=pd.Index(sheet.labels, name=sheet.corner.lower()))
