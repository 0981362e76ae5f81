"""``bench contrast``: which genes have other neighbours under one condition than another."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver, laid_out
from genearena.benchmark.commands.stored_records import StoredRuns, drawn, shown


@click.command("contrast")
@options.choice(
    "--by", of=("condition", "species", "modality"), about="What of the data sets is compared."
)
@options.names("--between", "between", "The two to compare, where there are more: FIRST,SECOND.")
@options.shown
@click.option("--genesets", help="Gene sets to look the genes that move most up in.")
@options.set_sizes(500)
@click.option(
    "--movers",
    default=0,
    type=click.IntRange(0),
    show_default=False,
    help="How many genes move most and are looked up  [default: a tenth]",
)
@click.option("--rows", default=20, type=click.IntRange(1), help="Rows of a table.")
@click.option(
    "--seed", default=0, type=click.IntRange(0), help="Seed of exchanges, if not all are tried."
)
@options.style("table", "csv", "md", "latex", about="csv has all genes by all methods.")
@options.output("Write to this file instead of the screen.")
@click.option("--figure", type=options.FILE, help="Draw the genes by condition: png, svg or pdf.")
@options.stored_runs()
def command(
    by: str,
    between: Sequence[str],
    show: str | None,
    genesets: str | None,
    min_size: int,
    max_size: int,
    movers: int,
    rows: int,
    seed: int,
    style: str,
    output: Path | None,
    figure: Path | None,
    runs: StoredRuns,
) -> None:
    """Say which genes move between conditions more than between donors under one.

    A gene moves if other genes are similar to it under one condition than under the other.
    Conditions are exchanged between donors, within those that have both, in all ways or many; so
    few donors allow no small p, which the tables say. The first table has all methods beside
    expression and degree alone, the others the genes and clusters of one method.
    """
    from genearena.benchmark.biology.clusters import clusters
    from genearena.benchmark.biology.conditions.contrast import contrast
    from genearena.benchmark.biology.conditions.moved import cluster_contrast, moved_sets
    from genearena.benchmark.biology.stored_vectors import TaskRuns
    from genearena.benchmark.show.biology.contrast_sheets import (
        cluster_sheet,
        contrast_csv,
        gene_sheet,
        overview_sheet,
        set_sheet,
    )
    from genearena.data.genesets.store import GeneSetStore

    sets = None if genesets is None else GeneSetStore(runs.data_dir).get(genesets)
    runs.check_figure(figure)
    found = runs.ask(lambda task: contrast(task, by, between, seed))
    sheets = []
    for each in found:
        overview = overview_sheet(each)
        method = shown(each.rows, show or overview.labels[0])
        run, known, of_sets = method.runs[0], {}, []
        if sets is not None:
            (own,) = clusters(TaskRuns(each.graphs, (run,)), sets, min_size, max_size)
            known = {cluster.number: cluster for cluster in own.runs[0].clusters}
            moved = moved_sets(each, method, sets, min_size, max_size, movers)
            of_sets = [set_sheet(each, method, moved, rows)]
        of_clusters = cluster_sheet(each, method, cluster_contrast(each, run), rows, known)
        sheets += [overview, gene_sheet(each, method, rows), *of_sets, of_clusters]
        if figure is not None:
            from genearena.benchmark.show.plots.biology.contrast import contrast_figure

            drawn(partial(contrast_figure, each, method), figure)
    if style == "csv":
        deliver(contrast_csv(found), output)
    else:
        deliver(laid_out(sheets, style, output), output)
