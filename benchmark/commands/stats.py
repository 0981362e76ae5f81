"""``bench stats``: which differences between methods hold."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from genearena.benchmark.commands import result_options
from genearena.benchmark.commands.output import deliver, terminal_text
from genearena.benchmark.commands.stored_records import stored_records
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.run.request import split_names
from genearena.benchmark.show.tables.markdown import to_markdown
from genearena.data.common.collector import paused_collector
from genearena.data.common.errors import UsageError

if TYPE_CHECKING:
    from genearena.benchmark.compare.analysis import Analysis


@click.command("stats")
@result_options.results_folder
@result_options.tissues
@result_options.sources
@result_options.preset
@click.option(
    "--by",
    default="rank",
    show_default=True,
    help="What to compare: rank (Avg Rank), score (Avg Score) or a metric by its name.",
)
@click.option("--bayes", is_flag=True, help="Add Bayesian signed-rank posteriors.")
@click.option(
    "--rope",
    type=float,
    default=0.01,
    show_default=True,
    help="Difference of no importance to --bayes, in units of --by.",
)
@click.option(
    "--alpha",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.05,
    show_default=True,
    help="Level of the tests; intervals hold 1 - alpha.",
)
@click.option("--all-pairs", is_flag=True, help="Show every pair, not only those with the first.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "csv", "md", "json"]),
    default="table",
    show_default=True,
    help="csv and json hold every pair in full precision.",
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
    test, Nemenyi's and Wilcoxon's with Holm's correction. Always: bootstrap intervals of Avg Score
    and Avg Rank (tissues resampled, then seeds), and who leads when one metric, one tissue or one
    method is left out. A method without results on some tissue is not compared.
    """
    from genearena.benchmark.compare.analysis import Options, analyse

    records = stored_records(out)
    if not records:
        raise UsageError(f"no results in {out}; run 'bench run' first, or name a folder with --out")
    boards = build_leaderboards(
        records,
        tissues=split_names(tissues, "--tissue"),
        sources=split_names(sources, "--source"),
        preset=preset,
    )
    analysis = analyse(boards, Options(by=by, alpha=alpha, bayes=bayes, rope=rope))
    text = _text(analysis, style, all_pairs, to_file=output is not None)
    deliver(text, output)


def _text(analysis: "Analysis", style: str, all_pairs: bool, *, to_file: bool) -> str:
    from genearena.benchmark.show.tables.stats_sheets import stats_sheets
    from genearena.benchmark.show.tables.stats_tidy import stats_csv, stats_json

    if style in ("csv", "json"):
        return stats_csv(analysis) if style == "csv" else stats_json(analysis)
    sheets = stats_sheets(analysis, all_pairs=all_pairs or style == "md")
    if style == "md":
        return to_markdown(sheets)
    return terminal_text(sheets, to_file=to_file)
