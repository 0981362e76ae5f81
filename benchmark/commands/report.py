"""``bench report``: all stored results as one HTML file."""

from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.stored_records import warned_scan
from genearena.benchmark.records.results import ResultStore
from genearena.data.common.screen import tell


@click.command("report")
@options.results_folder()
@options.choice(
    "--figures",
    of=("auto", "all", "overall"),
    about="Of each task too, or of all together; 'auto' draws a task's where it is the only one.",
)
@options.output("File to write  [default: report.html in the results folder]")
def command(out: Path, figures: str, output: Path | None) -> None:
    """Write one HTML file that shows all results and needs nothing else.

    Leaderboards over all tissues and per tissue in three views, figures, statistics, how each
    number is computed, and every run behind it. The same results give the same bytes.
    """
    store = ResultStore(out)
    scan = warned_scan(store, needed=True)
    from genearena.benchmark.show.report.page import report_page
    from genearena.data.common.atomic import write_atomically

    path = output or out / "report.html"
    of_tasks = None if figures == "auto" else figures == "all"
    text = report_page(store, scan, of_tasks)
    write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    tell(path)
