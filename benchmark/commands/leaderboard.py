"""``bench leaderboard``: the tables of stored results."""

from collections.abc import Sequence
from pathlib import Path

import click

from genearena.benchmark.commands import result_options
from genearena.benchmark.commands.output import deliver, terminal_text
from genearena.benchmark.commands.stored_records import stored_records
from genearena.benchmark.compare.aggregate import Ties
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.run.request import split_names
from genearena.benchmark.show.tables.latex import to_latex
from genearena.benchmark.show.tables.markdown import to_markdown
from genearena.benchmark.show.tables.overview import overview_sheet
from genearena.benchmark.show.tables.sheet import Sheet, View
from genearena.benchmark.show.tables.task_sheet import task_sheet
from genearena.benchmark.show.tables.tidy import to_csv
from genearena.data.common.collector import paused_collector
from genearena.data.common.errors import UsageError


@click.command("leaderboard")
@result_options.results_folder
@result_options.tissues
@result_options.sources
@result_options.preset
@click.option(
    "--view",
    type=click.Choice(["raw", "minmax", "control"]),
    default="raw",
    show_default=True,
    help="Means over seeds; these scaled to 0-1 over the methods; or 0 for the best control and 1 "
    "for the metric's optimum.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["terminal", "md", "csv", "latex"]),
    default="terminal",
    show_default=True,
    help="csv holds all views in full precision.",
)
@click.option(
    "--cost/--no-cost",
    default=True,
    show_default=True,
    help="Time and memory. Without them the bytes depend on scores alone.",
)
@click.option(
    "--ties",
    type=click.Choice(["average", "min"]),
    default="average",
    show_default=True,
    help="Rank of methods with equal values.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file instead of the screen.",
)
@paused_collector()
def command(
    out: Path,
    tissues: tuple[str, ...],
    sources: tuple[str, ...],
    preset: str | None,
    view: View,
    style: str,
    cost: bool,
    ties: Ties,
    output: Path | None,
) -> None:
    """Print the leaderboard of every task in the results folder.

    Methods are in order of their average rank, controls below them. With several tasks the
    tables of average scores and ranks over tasks come first.

    The csv format is tidy: one row per task, method and metric, with mean, sd, n, scaled values and
    rank, and the method's averages, coverage and cost repeated on each of its rows. In pandas:
    pd.read_csv(FILE).pivot(index=["tissue", "label"], columns="metric", values="mean")
    """
    records = stored_records(out)
    if not records:
        raise UsageError(f"no results in {out}; run 'bench run' first, or name a folder with --out")
    boards = build_leaderboards(
        records,
        tissues=split_names(tissues, "--tissue"),
        sources=split_names(sources, "--source"),
        preset=preset,
        ties=ties,
    )
    text = _text(boards, style, view, cost, to_file=output is not None)
    deliver(text, output)


def _text(
    boards: Sequence[Leaderboard], style: str, view: View, cost: bool, *, to_file: bool
) -> str:
    if style == "csv":
        return to_csv(boards, cost=cost)
    sheets = _sheets(boards, view, cost)
    if style == "md":
        return to_markdown(sheets)
    if style == "latex":
        return to_latex(sheets)
    return terminal_text(sheets, to_file=to_file)


def _sheets(boards: Sequence[Leaderboard], view: View, cost: bool) -> list[Sheet]:
    several = len(boards) > 1
    overviews = [overview_sheet(boards, "score"), overview_sheet(boards, "rank")] if several else []
    return overviews + [task_sheet(board, view=view, cost=cost) for board in boards]
