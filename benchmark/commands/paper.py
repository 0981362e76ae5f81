"""``bench paper``: the published tables, what follows from them, and local results beside."""

import re
from collections.abc import Sequence
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver, laid_out
from genearena.benchmark.commands.stored_records import stored_records
from genearena.benchmark.compare.aggregate import Ties
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.show.paper.local import Comparison, compare
from genearena.benchmark.show.paper.others import other_sheet, other_tables
from genearena.benchmark.show.paper.published import (
    RANK_TABLE,
    SCORE_TABLE,
    TissueTables,
    published,
)
from genearena.benchmark.show.paper.recompute import Quantity, recompute
from genearena.benchmark.show.paper.sheets import average_sheets, local_sheet, metric_sheet
from genearena.benchmark.show.paper.tidy import to_csv
from genearena.benchmark.show.tables.sheet import Sheet
from genearena.data.common.errors import UsageError
from genearena.data.common.screen import tell

AVERAGES: dict[int, Quantity] = {SCORE_TABLE: "avg_score", RANK_TABLE: "avg_rank"}


@click.command("paper")
@options.names(
    "--table",
    "tables",
    "Tables 1 and 3 to 24; repeat, separate by commas, or 'all' [default: 1,14].",
)
@options.names("--tissue", "tissues", "Only these tissues, likewise.")
@options.results_folder("Results folder to put beside the paper's numbers.")
@click.option("--preset", help="Only local runs under this preset.")
@click.option(
    "--released", is_flag=True, help="Compare released variants, where they were run here."
)
@options.ties
@options.style("table", "csv", "md", about="csv is tidy and in full precision.")
def command(
    tables: Sequence[str],
    tissues: Sequence[str],
    out: Path,
    preset: str | None,
    released: bool,
    ties: Ties,
    style: str,
) -> None:
    """Show the tables of the MuSe-GNN paper and what follows from them.

    Tables 1 and 14 (Avg Score, Avg Rank) are computed again from the metrics in Tables 15 to 24;
    entries that no rounding to two decimals can explain are marked and named. Results in --out
    are put beside the paper's, with the differences in score and rank. Tables 3 to 13 (ablations,
    encoders, sizes, tuning) are shown with what in them cannot be; 'bench reproduce' runs them.
    """
    numbers = _numbers(tables)
    shown = _tissues(tissues)
    averages = tuple(AVERAGES[n] for n in numbers if n in AVERAGES)
    metrics = tuple(table for table in shown if table.table in numbers)
    comparisons = _comparisons(shown if averages else metrics, out, preset, released, ties)
    recomputed = {q: [recompute(t, q, ties) for t in shown] for q in averages}
    others = [table for n, table in other_tables().items() if n in numbers]
    if style == "csv":
        everything = [part for parts in recomputed.values() for part in parts]
        deliver(to_csv(metrics, everything, comparisons, others))
        return
    sheets: list[Sheet] = [s for parts in recomputed.values() for s in average_sheets(parts)]
    sheets += map(other_sheet, others)
    sheets += [metric_sheet(t, [recompute(t, q, ties) for q in AVERAGES.values()]) for t in metrics]
    sheets += map(local_sheet, comparisons)
    deliver(laid_out(sheets, style))


def _numbers(names: Sequence[str]) -> tuple[int, ...]:
    known = (*AVERAGES, *other_tables(), *(table.table for table in published()))
    chosen: set[int] = set()
    for name in names or map(str, AVERAGES):
        span = re.fullmatch("([0-9]{1,3})(?:-([0-9]{1,3}))?", name.removeprefix("table").strip())
        named = set(range(int(span[1]), int(span[2] or span[1]) + 1)) if span else set()
        if name == "all":
            named = set(known)
        if not named or not named <= set(known):
            raise UsageError(f"the paper's table '{name}' is not here; choose from 1, 3 to 24")
        chosen |= named
    return tuple(sorted(chosen))


def _tissues(names: Sequence[str]) -> tuple[TissueTables, ...]:
    known = {table.tissue.casefold(): table for table in published()}
    wanted = {name.casefold() for name in names}
    for name in names:
        if name.casefold() not in (*known, "all"):
            raise UsageError(f"the paper has no tissue '{name}'; choose from {', '.join(known)}")
    every = not wanted or "all" in wanted
    return tuple(table for name, table in known.items() if every or name in wanted)


def _comparisons(
    tables: Sequence[TissueTables], out: Path, preset: str | None, released: bool, ties: Ties
) -> tuple[Comparison, ...]:
    names = {table.tissue.casefold() for table in tables}
    records = [r for r in stored_records(out) if r.task.tissue.casefold() in names]
    if not records:
        tell(f"No results in {out} to put beside the paper's; 'bench run' makes some", err=True)
        return ()
    boards = build_leaderboards(records, preset=preset, ties=ties)
    found = (compare(board, tables, released=released, ties=ties) for board in boards)
    return tuple(comparison for comparison in found if comparison is not None)
