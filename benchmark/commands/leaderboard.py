"""``bench leaderboard``: the tables of stored results."""

from collections.abc import Sequence
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver, laid_out
from genearena.benchmark.commands.stored_records import StoredRuns
from genearena.benchmark.compare.aggregate import Ties
from genearena.benchmark.compare.headline import with_headline
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.show.tables.counting_sheets import (
    counting_sheet,
    rankings_sheet,
    wins_sheet,
)
from genearena.benchmark.show.tables.cut import Cut
from genearena.benchmark.show.tables.headline_sheet import headline_overview
from genearena.benchmark.show.tables.overview import overview_sheet
from genearena.benchmark.show.tables.sheet import Sheet
from genearena.benchmark.show.tables.tidy import to_csv
from genearena.benchmark.show.tables.views import COUNTS, HEADLINE, WORDS, task_view
from genearena.data.common.collector import paused_collector
from genearena.data.common.errors import UsageError


@click.command("leaderboard")
@options.stored_runs(methods="", data=False)
@click.option(
    "--view",
    "words",
    type=click.Choice(WORDS),
    default=HEADLINE,
    help="headline: four questions that chance answers with 0. counts: which metrics tell methods "
    "apart on which task, the rankings by all and by those, and who beats whom. paper: the six "
    "metrics of the "
    "MuSe-GNN paper, with Avg Score and Avg Rank; minmax: these scaled to 0-1 over the methods; "
    "control: or from the best control to the metric's optimum.",
)
@options.style("table", "md", "csv", "latex", about="csv holds all views in full precision.")
@click.option(
    "--cost/--no-cost",
    default=True,
    help="Time and memory. Without them the bytes depend on scores alone.",
)
@options.names("--columns", "columns", "Only these columns, by their headings, in this order.")
@options.names("--methods-shown", "shown", "Only rows of these methods; all count in ranks.")
@click.option("--digits", type=click.IntRange(0, 6), help="Decimals  [default: 3; of ranks 2]")
@click.option("--sd/--no-sd", default=True, help="Standard deviations.")
@options.ties
@options.output("Write to this file instead of the screen.")
@paused_collector()
def command(
    runs: StoredRuns,
    words: str,
    style: str,
    cost: bool,
    columns: Sequence[str],
    shown: Sequence[str],
    digits: int | None,
    sd: bool,
    ties: Ties,
    output: Path | None,
) -> None:
    """Print the leaderboard of every task in the results folder.

    Methods are in order of their headline, or of their average rank in the other views; controls
    stand below them. With several tasks tables over tasks come first.

    LaTeX is set as wide as a column of a journal where the table fits: choose columns.

    The csv format is tidy: one row per task, method and metric, with mean, sd, n, scaled values and
    rank, and the method's averages, coverage and cost repeated on each of its rows. In pandas:
    pd.read_csv(FILE).pivot(index=["tissue", "label"], columns="metric", values="mean")
    """
    cut = Cut(columns, shown, digits, sd)
    if style == "csv" and (digits is not None or not sd):
        raise UsageError("csv is in full precision; leave out --digits and --no-sd")
    if words == COUNTS and style != "csv" and cut != Cut():
        raise UsageError(
            "--view counts is as it is; leave out --columns, --methods-shown, --digits"
        )
    boards = runs.boards(ties)
    if style == "csv":
        deliver(to_csv(boards, cost=cost, cut=cut), output)
        return
    if words == COUNTS:
        sheets = [counting_sheet(boards), rankings_sheet(boards), wins_sheet(boards)]
    else:
        of_headline = words == HEADLINE and with_headline(boards)
        overview = [headline_overview(boards)] if of_headline else _paper(boards)
        sheets = overview * (len(boards) > 1)
        sheets += [task_view(board, words, cost=cost) for board in boards]
    deliver(laid_out(cut.sheets(sheets), style, output), output)


def _paper(boards: Sequence[Leaderboard]) -> list[Sheet]:
    return [overview_sheet(boards, "score"), overview_sheet(boards, "rank")]
