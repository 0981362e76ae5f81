"""``bench embeddings neighbors``: which genes lie nearest to one."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver, laid_out
from genearena.benchmark.commands.stored_records import StoredRuns

PER_DATASET = 10


@click.command("neighbors")
@click.argument("genes", nargs=-1, required=True)
@options.names(
    "--genesets", "genesets", "Gene sets to look both genes up in; see 'bench genesets'."
)
@click.option(
    "--neighbours",
    "nearest",
    default=PER_DATASET,
    type=click.IntRange(1),
    help="Of each data set so many count.",
)
@click.option("--rows", default=15, type=click.IntRange(1), help="Rows of a table.")
@options.style("table", "csv", "md", "latex", about="csv has all rows.")
@options.output("Write to this file instead of the screen.")
@options.stored_runs(
    methods="Runs of these methods  [default: of each task the best by the headline]"
)
def command(
    genes: Sequence[str],
    genesets: Sequence[str],
    nearest: int,
    rows: int,
    style: str,
    output: Path | None,
    runs: StoredRuns,
) -> None:
    """Show which genes lie nearest to GENES by the vectors of stored runs.

    In how many data sets a gene is among the nearest is the first thing to look at; beside it stand
    the co-expression that the method was given, that of cells which were kept back from it, and
    gene sets that both genes are in.
    """
    from genearena.benchmark.biology.neighbours import neighbours
    from genearena.benchmark.show.biology.neighbour_sheets import neighbour_csv, neighbour_sheet
    from genearena.data.genesets.store import GeneSetStore

    sets = [GeneSetStore(runs.data_dir).get(name) for name in genesets]
    each = (partial(neighbours, gene=gene, k=nearest, sets=sets) for gene in genes)
    tables = [table for found in runs.ask(*each, records=runs.best) for table in found]
    if style == "csv":
        deliver(neighbour_csv(tables), output)
    else:
        deliver(laid_out([neighbour_sheet(t, rows) for t in tables], style, output), output)
