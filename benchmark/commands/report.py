"""``bench report``: all stored results as one HTML file."""

from pathlib import Path
from typing import Any

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.stored_records import warned_scan
from genearena.benchmark.records.results import ResultStore
from genearena.data.common.collector import paused_collector
from genearena.data.common.errors import UsageError
from genearena.data.common.screen import tell


@click.command("report")
@options.results_folder()
@options.choice(
    "--figures",
    of=("none", "overall", "all"),
    about="Draw those of 'bench plot' into the page: over all tasks, or of each task too.",
)
@options.output("File to write  [default: report.html in the results folder]")
@click.option(
    "--site",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write index.html into this folder, ready for static hosting; 'bench serve' shows it.",
)
@paused_collector()
def command(out: Path, figures: Any, output: Path | None, site: Path | None) -> None:
    """Write one HTML file that shows all results and needs nothing else.

    Leaderboards over any choice of tissues and metrics and per tissue in three views, statistics,
    how each number is computed, and every run behind it. The same results give the same bytes.
    """
    if site and output:
        raise UsageError("--site and --output say where to write; give one of them")
    store = ResultStore(out)
    scan = warned_scan(store, needed=True)
    from genearena.benchmark.show.report.page import report_page
    from genearena.data.common.atomic import write_atomically

    path = site / "index.html" if site else output or out / "report.html"
    text = report_page(store, scan, figures)
    if site:
        site.mkdir(parents=True, exist_ok=True)
        # else GitHub's pages are made by Jekyll
        (site / ".nojekyll").touch()
    write_atomically(path, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    tell(path)
