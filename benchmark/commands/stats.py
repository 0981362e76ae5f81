"""``bench stats``: which differences between methods hold."""

from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver, laid_out
from genearena.benchmark.commands.stored_records import StoredRuns
from genearena.data.common.collector import paused_collector


@click.command("stats")
@options.stored_runs(methods="", data=False)
@click.option(
    "--by",
    default="headline",
    help="What to compare: headline, rank (Avg Rank), score (Avg Score) or a metric by its name; "
    "without any headline rank.",
)
@click.option("--bayes", is_flag=True, help="Add Bayesian signed-rank posteriors.")
@click.option(
    "--rope",
    type=float,
    default=0.01,
    help="Difference of no importance to --bayes, in units of --by.",
)
@click.option(
    "--alpha",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.05,
    help="Level of the tests; intervals hold 1 - alpha.",
)
@click.option("--all-pairs", is_flag=True, help="Show every pair, not only those with the first.")
@options.style(
    "table", "csv", "md", "json", about="csv and json hold every pair in full precision."
)
@options.output("Write to this file instead of the screen.")
@paused_collector()
def command(
    runs: StoredRuns,
    by: str,
    bayes: bool,
    rope: float,
    alpha: float,
    all_pairs: bool,
    style: str,
    output: Path | None,
) -> None:
    """Say which methods are told apart, and how far the order can be trusted.

    Tissues are the blocks and seeds are repeats within them. From five tissues on: Friedman's
    test, Nemenyi's and Wilcoxon's with Holm's correction. Always: bootstrap intervals of the
    headline (tissues resampled, then donors and seeds) or of Avg Score and Avg Rank (tissues, then
    seeds), and who leads when one question or metric, one tissue or one method is left out. A
    method without results on some tissue is not compared.
    """
    from genearena.benchmark.compare.analysis import Options, analyse
    from genearena.benchmark.show.tables.stats_sheets import stats_sheets
    from genearena.benchmark.show.tables.stats_tidy import stats_csv, stats_json

    boards = runs.boards()
    analysis = analyse(boards, Options(by=by, alpha=alpha, bayes=bayes, rope=rope))
    if style == "csv":
        text = stats_csv(analysis)
    elif style == "json":
        text = stats_json(analysis)
    else:
        sheets = stats_sheets(analysis, all_pairs=all_pairs or style == "md")
        text = laid_out(sheets, style, output)
    deliver(text, output)
