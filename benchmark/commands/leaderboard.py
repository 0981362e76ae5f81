"""``bench leaderboard``: the tables of stored results."""

from pathlib import Path
from typing import Any

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver, laid_out
from genearena.benchmark.commands.stored_records import stored_boards
from genearena.benchmark.show.tables.overview import overview_sheet
from genearena.benchmark.show.tables.sheet import VIEWS, View
from genearena.benchmark.show.tables.task_sheet import task_sheet
from genearena.benchmark.show.tables.tidy import to_csv
from genearena.data.common.collector import paused_collector


@click.command("leaderboard")
@options.selection
@options.choice(
    "--view",
    of=VIEWS,
    about="Means over seeds; these scaled to 0-1 over the methods; or 0 for the best control and 1 "
    "for the metric's optimum.",
)
@options.style("terminal", "md", "csv", "latex", about="csv holds all views in full precision.")
@click.option(
    "--cost/--no-cost",
    default=True,
    help="Time and memory. Without them the bytes depend on scores alone.",
)
@options.ties
@options.output("Write to this file instead of the screen.")
@paused_collector()
def command(view: View, style: str, cost: bool, output: Path | None, **selected: Any) -> None:
    """Print the leaderboard of every task in the results folder.

    Methods are in order of their average rank, controls below them. With several tasks the
    tables of average scores and ranks over tasks come first.

    The csv format is tidy: one row per task, method and metric, with mean, sd, n, scaled values and
    rank, and the method's averages, coverage and cost repeated on each of its rows. In pandas:
    pd.read_csv(FILE).pivot(index=["tissue", "label"], columns="metric", values="mean")
    """
    boards = stored_boards(**selected)
    if style == "csv":
        deliver(to_csv(boards, cost=cost), output)
        return
    sheets = [overview_sheet(boards, "score"), overview_sheet(boards, "rank")]
    sheets = sheets * (len(boards) > 1) + [task_sheet(b, view=view, cost=cost) for b in boards]
    deliver(laid_out(sheets, style, output), output)
