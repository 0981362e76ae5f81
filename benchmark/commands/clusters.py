"""``bench clusters``: which gene sets clusters of genes have more of than chance."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver, laid_out
from genearena.benchmark.commands.stored_records import (
    asked,
    check_figure,
    drawn,
    selected_records,
    shown,
)


@click.command("clusters")
@options.genesets
@options.names("--methods", "methods", "Only runs of these methods.")
@click.option(
    "--show", help="Method, as tables call it, whose clusters are listed  [default: first]"
)
@options.set_sizes(500)
@click.option("--rows", default=20, type=click.IntRange(1), help="Clusters that are listed.")
@click.option("--seed", default=0, type=click.IntRange(0), help="Seed of shuffled names.")
@options.style("table", "csv", "md", "latex", about="csv has all sets of all clusters.")
@options.output("Write to this file instead of the screen.")
@click.option("--figure", type=options.FILE, help="Draw the listed clusters' sets: png, svg, pdf.")
@options.selection
@options.data_dir
def command(
    genesets: str,
    methods: Sequence[str],
    show: str | None,
    min_size: int,
    max_size: int,
    rows: int,
    seed: int,
    style: str,
    output: Path | None,
    figure: Path | None,
    out: Path,
    tissues: Sequence[str],
    sources: Sequence[str],
    preset: str | None,
    data_dir: Path | None,
) -> None:
    """Say which gene sets the clusters of stored runs have more of than chance.

    The first table has all methods: the share of their clusters with a set, beside that which
    shuffled names give. The second lists the clusters of one of them, of the run with most sets.
    """
    from genearena.benchmark.biology.clusters import clusters, most_telling
    from genearena.benchmark.show.biology.cluster_sheets import (
        cluster_csv,
        cluster_sheet,
        overview_sheet,
    )
    from genearena.data.common.screen import tell
    from genearena.data.genesets.store import GeneSetStore

    sets = GeneSetStore(data_dir).get(genesets)
    records = selected_records(out, tissues, sources, methods, preset)
    check_figure(figure, records)
    found = asked(
        out, records, data_dir, lambda task: [clusters(task, sets, min_size, max_size, seed)]
    )
    sheets = []
    for task in found:
        overview = overview_sheet(task)
        method = shown(task, show or overview.labels[0])
        run = most_telling(method.runs)
        sheets += [overview, cluster_sheet(method, run, rows)]
        if figure is not None and any(cluster.enriched for cluster in run.clusters):
            from genearena.benchmark.show.plots.bubbles import bubble_figure

            drawn(partial(bubble_figure, method, run), figure)
        elif figure is not None:
            no_sets = f"no cluster of {method.label} has a set"
            tell(f"Warning: {no_sets}, so there is no {figure}", err=True)
    if style == "csv":
        deliver(cluster_csv(each for task in found for each in task), output)
    else:
        deliver(laid_out(sheets, style, output), output)
