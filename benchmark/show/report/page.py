"""The page: everything in it, gathered and put into the templates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from genearena import __version__
from genearena.benchmark.compare.analysis import Analysis, Options, analyse
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.scores import task_headings
from genearena.benchmark.compare.sentences import conclusion, stability_sentence
from genearena.benchmark.records.results import ResultStore, Scan
from genearena.benchmark.show.plots.source import Source
from genearena.benchmark.show.report.addresses import task_address
from genearena.benchmark.show.report.assets import content_policy, script, style
from genearena.benchmark.show.report.figures import InlineFigure, summary_figures, task_figures
from genearena.benchmark.show.report.formulas import Explanation, explain
from genearena.benchmark.show.report.overview_tables import overview_tables
from genearena.benchmark.show.report.payload import payload
from genearena.benchmark.show.report.table import VIEWS, ReportTable
from genearena.benchmark.show.report.task_table import task_table
from genearena.benchmark.show.tables.stats_sheets import stats_sheets


@dataclass(frozen=True, eq=False)
class TaskPage:
    """One task."""

    board: Leaderboard
    heading: str
    address: str
    table: ReportTable
    figures: tuple[InlineFigure, ...]

    @property
    def n_runs(self) -> int:
        """Number of runs behind the table."""
        return sum(len(row.runs.runs) for row in self.board.rows)

    @property
    def n_finished(self) -> int:
        """Number of them that ended well."""
        return sum(len(row.runs.finished) for row in self.board.rows)


def report_page(store: ResultStore, scan: Scan) -> str:
    """Return the HTML of everything in a results folder, the same bytes for the same results.

    Parameters
    ----------
    store
        The folder, for training curves.
    scan
        What it holds; at least one record.
    """
    boards = build_leaderboards(scan.records)
    analysis = analyse(boards, Options())
    return (
        _templates()
        .get_template("report.html")
        .render(
            version=__version__,
            policy=content_policy(),
            style=Markup(style()),  # noqa: S704 - our own file
            script=Markup(script()),  # noqa: S704 - our own file
            views=VIEWS,
            simulated=_simulated(boards),
            tasks=_tasks(boards, store),
            overview=overview_tables(boards),
            conclusion=conclusion(analysis),
            stability=_stability(analysis),
            statistics=stats_sheets(analysis, all_pairs=True),
            figures=[*summary_figures(boards, Source(store))],
            explanations=_explanations(boards),
            damaged=[(problem.path.name, problem.text) for problem in scan.problems],
            data=payload(scan.records, boards),
        )
    )


def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("genearena.benchmark.show.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    compact: dict[str, Any] = {"separators": (",", ":"), "ensure_ascii": False, "allow_nan": False}
    environment.policies["json.dumps_kwargs"] = compact
    return environment


def _tasks(boards: Sequence[Leaderboard], store: ResultStore) -> list[TaskPage]:
    return [
        TaskPage(
            board=board,
            heading=heading,
            address=task_address(board.task),
            table=task_table(board),
            figures=tuple(task_figures(board, Source(store), f"task{i}")),
        )
        for i, (board, heading) in enumerate(zip(boards, task_headings(boards), strict=True))
    ]


def _simulated(boards: Sequence[Leaderboard]) -> str:
    simulated = [board.task.label for board in boards if board.task.simulated]
    if len(simulated) == len(boards):
        return "All data are SIMULATED"
    return f"SIMULATED data: {', '.join(simulated)}" if simulated else ""


def _stability(analysis: Analysis) -> str:
    return stability_sentence(analysis.stability) if analysis.stability else ""


def _explanations(boards: Sequence[Leaderboard]) -> list[Explanation]:
    metrics = dict.fromkeys((m.name, m.label, m.scored) for b in boards for m in b.metrics)
    return explain(metrics)
