"""``bench paper``: the published tables, what follows from them, and local results beside."""

import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from genearena.benchmark.commands.output import deliver
from genearena.benchmark.commands.stored_records import stored_records
from genearena.benchmark.compare.aggregate import Ties
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.records.results import DEFAULT_FOLDER
from genearena.benchmark.run.request import split_names
from genearena.benchmark.show.paper.local import Comparison, compare
from genearena.benchmark.show.paper.published import (
    RANK_TABLE,
    SCORE_TABLE,
    TissueTables,
    published,
)
from genearena.benchmark.show.paper.recompute import Quantity, Recomputed, recompute
from genearena.benchmark.show.paper.sheets import average_sheets, local_sheet, metric_sheet
from genearena.benchmark.show.paper.tidy import to_csv
from genearena.benchmark.show.tables.markdown import to_markdown
from genearena.benchmark.show.tables.sheet import Sheet
from genearena.benchmark.show.tables.terminal import to_terminal
from genearena.data.common.errors import UsageError
from genearena.data.common.screen import tell

AVERAGES: dict[int, Quantity] = {SCORE_TABLE: "avg_score", RANK_TABLE: "avg_rank"}
FILE_WIDTH = 160


@click.command("paper")
@click.option(
    "--table",
    "tables",
    multiple=True,
    help="Tables 1, 14 and 15 to 24; repeat, separate by commas, or 'all' [default: 1,14].",
)
@click.option("--tissue", "tissues", multiple=True, help="Only these tissues, likewise.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="Results folder to put beside the paper's numbers.",
)
@click.option("--preset", help="Only local runs under this preset.")
@click.option(
    "--released", is_flag=True, help="Compare released variants, where they were run here."
)
@click.option(
    "--ties",
    type=click.Choice(["average", "min"]),
    default="average",
    show_default=True,
    help="Rank of methods with equal values.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "csv", "md"]),
    default="table",
    show_default=True,
    help="csv is tidy and in full precision.",
)
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
    are put beside the paper's, with the differences in score and rank.
    """
    known = (*AVERAGES, *(table.table for table in published()))
    every_table = {"all": tuple(map(str, known))}
    every_tissue = {"all": tuple(table.tissue for table in published())}
    names = split_names(tables, "--table", every_table) or (str(SCORE_TABLE), str(RANK_TABLE))
    numbers = _numbers(names, known)
    shown = _tissues(split_names(tissues, "--tissue", every_tissue))
    averages = tuple(AVERAGES[n] for n in numbers if n in AVERAGES)
    metrics = tuple(table for table in shown if table.table in numbers)
    comparisons = _comparisons(shown if averages else metrics, out, preset, released, ties)
    everything = [recompute(t, q, ties) for q in averages for t in shown]
    if style == "csv":
        deliver(to_csv(metrics, everything, comparisons), None)
        return
    sheets = _sheets(metrics, everything, comparisons, ties)
    deliver(to_markdown(sheets) if style == "md" else _terminal(sheets), None)


def _numbers(names: Sequence[str], known: Sequence[int]) -> tuple[int, ...]:
    chosen: list[int] = []
    for name in names:
        first, _, last = name.removeprefix("table").strip().partition("-")
        span = range(int(first), int(last or first) + 1) if _is_span(first, last) else ()
        if not span or not set(span) <= set(known):
            raise UsageError(f"the paper's table '{name}' is not here; choose from 1, 14 to 24")
        chosen += span
    return tuple(sorted(set(chosen)))


def _is_span(first: str, last: str) -> bool:
    return all(re.fullmatch("[0-9]{1,3}", text) for text in (first, last or first))


def _tissues(names: Sequence[str]) -> tuple[TissueTables, ...]:
    known = {table.tissue.casefold(): table for table in published()}
    for name in names:
        if name.casefold() not in known:
            raise UsageError(f"the paper has no tissue '{name}'; choose from {', '.join(known)}")
    wanted = {name.casefold() for name in names}
    return tuple(table for name, table in known.items() if not wanted or name in wanted)


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


def _sheets(
    metrics: Sequence[TissueTables],
    averages: Sequence[Recomputed],
    comparisons: Sequence[Comparison],
    ties: Ties,
) -> list[Sheet]:
    sheets: list[Sheet] = []
    for quantity in dict.fromkeys(part.quantity for part in averages):
        sheets += average_sheets([part for part in averages if part.quantity == quantity])
    for table in metrics:
        sheets.append(metric_sheet(table, [recompute(table, q, ties) for q in AVERAGES.values()]))
    return sheets + [local_sheet(comparison) for comparison in comparisons]


def _terminal(sheets: Sequence[Sheet]) -> str:
    screen = sys.stdout.isatty()
    width = shutil.get_terminal_size((FILE_WIDTH, 24)).columns if screen else FILE_WIDTH
    return to_terminal(sheets, width=width, colour=screen)
