"""The page: everything in it, gathered and put into the templates."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from genearena import __version__
from genearena.benchmark.compare.analysis import Options, analyse
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.headline import QUESTIONS, headline_metrics, with_headline
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.compare.scores import PAPER, Average, task_headings
from genearena.benchmark.compare.sentences import conclusion, stability_sentence
from genearena.benchmark.records.declared import declared_metric
from genearena.benchmark.records.results import ResultStore, Scan
from genearena.benchmark.show.plots.registry import FIGURES, Source, draw_figure, overall_kinds
from genearena.benchmark.show.report.addresses import task_address
from genearena.benchmark.show.report.function import function_sheet
from genearena.benchmark.show.report.payload import packed, payload
from genearena.benchmark.show.report.tables import PageTable, task_table
from genearena.benchmark.show.tables.overview import overview_sheet
from genearena.benchmark.show.tables.sheet import VIEWS
from genearena.benchmark.show.tables.stats_sheets import stats_sheets
from genearena.data.common.errors import StoreError, UsageError
from genearena.metrics.registry import METRICS, is_of_gene_sets

STYLES = ("page.css", "table.css", "panel.css", "print.css")
SCRIPTS = (
    "numbers.js",
    "resample.js",
    "elements.js",
    "state.js",
    "tables.js",
    "choice.js",
    "overview.js",
    "panel.js",
    "download.js",
    "start.js",
)


Drawn = Literal["none", "overall", "all"]


@dataclass(frozen=True)
class InlineFigure:
    """A figure as SVG; `absent` says why there is none."""

    title: str
    svg: str = ""
    absent: str = ""


@dataclass(frozen=True, eq=False)
class TaskPage:
    """One task."""

    board: Leaderboard
    heading: str
    address: str
    table: PageTable
    figures: tuple[InlineFigure, ...]

    @property
    def n_runs(self) -> int:
        """Number of runs behind the table."""
        return sum(len(row.runs.runs) for row in self.board.rows)

    @property
    def n_finished(self) -> int:
        """Number of them that ended well."""
        return sum(len(row.runs.finished) for row in self.board.rows)


@dataclass(frozen=True)
class Explanation:
    """What the page says of one metric, which its declaration says."""

    label: str
    counts: str
    summary: str
    equation: str = ""
    remark: str = ""
    direction: str = ""
    cites: str = ""


def report_page(store: ResultStore, scan: Scan, figures: Drawn = "none") -> str:
    """Return the HTML of everything in a results folder, the same bytes for the same results.

    Parameters
    ----------
    store
        The folder, for training curves.
    scan
        What it holds; at least one record.
    figures
        Which figures of `bench plot` to draw into it: none, those over all tasks, or those of each
        task too. They take most of the time.
    """
    boards = build_leaderboards(scan.records)
    analysis = analyse(boards, Options())
    kinds = overall_kinds(_drawn(), len(boards)) if figures != "none" else ()
    # one scope, so that nothing leaks into the page
    script = f"(async () => {{\n'use strict';\n{_static(SCRIPTS)}}})();\n"
    return (
        _templates()
        .get_template("report.html")
        .render(
            version=__version__,
            policy=_content_policy(script),
            style=Markup(_static(STYLES)),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            views=VIEWS,
            simulated=_simulated(boards),
            tasks=_tasks(boards, store, figures == "all"),
            conclusion=conclusion(analysis),
            stability=stability_sentence(analysis.stability) if analysis.stability else "",
            statistics=stats_sheets(analysis, all_pairs=True),
            figures=_figures(kinds, boards, Source(store), "all"),
            functions=function_sheet(boards),
            questions=_questions(boards),
            lines=_lines(boards),
            notes=_notes(boards),
            explanations=_explanations(boards),
            damaged=[(problem.path.name, problem.text) for problem in scan.problems],
            n_records=len(scan.records),
            data=packed(payload(scan.records, boards)),
        )
    )


def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("genearena.benchmark.show.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _drawn() -> list[str]:
    return [kind for kind, about in FIGURES.items() if not about.on_request]


def _tasks(boards: Sequence[Leaderboard], store: ResultStore, drawn: bool) -> list[TaskPage]:
    kinds = [kind for kind in _drawn() if FIGURES[kind].per_task and drawn]
    return [
        TaskPage(
            board=board,
            heading=heading,
            address=task_address(board.task),
            table=task_table(board),
            figures=_figures(kinds, [board], Source(store), f"task{i}"),
        )
        for i, (board, heading) in enumerate(zip(boards, task_headings(boards), strict=True))
    ]


def _figures(
    kinds: Iterable[str], boards: Sequence[Leaderboard], source: Source, prefix: str
) -> tuple[InlineFigure, ...]:
    """Draw figures; ids of their parts begin with `prefix`."""
    return tuple(_figure(kind, boards, source, f"{prefix}-{kind}-") for kind in kinds)


def _figure(kind: str, boards: Sequence[Leaderboard], source: Source, prefix: str) -> InlineFigure:
    from genearena.benchmark.show.plots.style import figure_style
    from genearena.benchmark.show.report.svg import inline_svg

    about = FIGURES[kind]
    title = about.summary[:1].upper() + about.summary[1:]
    with figure_style():
        figure = draw_figure(kind, boards, source)
        if isinstance(figure, str):
            return InlineFigure(title, absent=figure)
        return InlineFigure(title, inline_svg(figure, prefix, title, crop=about.crop))


def _simulated(boards: Sequence[Leaderboard]) -> str:
    simulated = [board.task.label for board in boards if board.task.simulated]
    if len(simulated) == len(boards):
        return "All data are SIMULATED"
    return f"SIMULATED data: {', '.join(simulated)}" if simulated else ""


def _static(names: Sequence[str]) -> str:
    folder = files("genearena.benchmark.show.report") / "static"
    return "".join((folder / name).read_text(encoding="utf-8") for name in names)


def _content_policy(script: str) -> str:
    """Return the policy that lets the browser run this script alone, and load nothing."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _explanations(boards: Sequence[Leaderboard]) -> list[Explanation]:
    found = {m.name: m for b in boards for m in b.metrics}
    asked = {m.name for b in boards for m in b.metrics if m.headline}
    return [
        _explanation(name, m.label, "headline" if name in asked else "paper" if m.scored else "")
        for name, m in sorted(found.items(), key=lambda metric: metric[0] not in asked)
    ]


def _questions(boards: Sequence[Leaderboard]) -> list[tuple[str, str]]:
    asked = {m.name: m.label for board in boards for m in headline_metrics(board)}
    return [(label, QUESTIONS[name]) for name, label in asked.items()]


def _lines(boards: Sequence[Leaderboard]) -> list[tuple[str, str]]:
    """Return a line on each number of the first screen."""
    if not (questions := _questions(boards)):
        return [
            (
                "Avg Rank",
                "mean rank over the metrics of the paper among competing methods; 1 is best",
            ),
            (
                "Avg Score",
                "mean over them of values scaled to 0 for the worst, 1 for the best method",
            ),
        ]
    return [
        ("Headline", "mean of the questions below; 0 is chance, 1 the optimum"),
        (
            "Interval",
            "where the headline lies when tissues, donors and seeds are drawn again, 95 %",
        ),
        (
            "Rank",
            "1 and the number of methods better beyond these draws; those not told apart share it",
        ),
        *questions,
    ]


def _notes(boards: Sequence[Leaderboard]) -> tuple[str, ...]:
    averages: list[Average] = ["headline"] if with_headline(boards) else []
    sheets = [overview_sheet(boards, what) for what in (*averages, *PAPER)]
    return tuple(dict.fromkeys(note for sheet in sheets for note in sheet.notes))


def _explanation(name: str, label: str, counts: str) -> Explanation:
    # never by a target such as module:object, which a record must not make us import
    if name not in METRICS.names and not is_of_gene_sets(name):
        absent = "This metric is not installed here; its values are those of the records."
        return Explanation(label, counts, absent)
    try:
        known = declared_metric(name)
    except (UsageError, StoreError) as error:
        return Explanation(label, counts, f"{error}.")
    better = "higher" if known.higher_is_better else "lower"
    return Explanation(
        label,
        counts,
        known.summary or METRICS.entry(name).summary,
        known.equation,
        known.remark,
        f"{known.low:g} to {known.high:g}, {better} is better",
        known.cites,
    )
