"""``bench clusters``: which gene sets clusters of genes have more of than chance."""

from collections.abc import Sequence
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver, laid_out
from genearena.benchmark.commands.stored_records import stored_records


@click.command("clusters")
@click.option("--genesets", required=True, help="Name of the gene sets, see 'bench genesets'.")
@options.names("--methods", "methods", "Only runs of these methods.")
@click.option(
    "--show", help="Method, as tables call it, whose clusters are listed  [default: first]"
)
@click.option(
    "--min-size", default=10, type=click.IntRange(2), help="Genes of the task that a set has."
)
@click.option("--max-size", default=500, type=click.IntRange(2), help="And has at most.")
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
    from genearena.benchmark.biology.stored_vectors import task_runs, tasks_of
    from genearena.benchmark.records.results import ResultStore
    from genearena.benchmark.records.selection import keep
    from genearena.benchmark.show.biology.cluster_sheets import (
        bubble_figure,
        cluster_csv,
        cluster_sheet,
        overview_sheet,
    )
    from genearena.data.common.errors import UsageError, did_you_mean
    from genearena.data.common.screen import tell
    from genearena.data.genesets.store import GeneSetStore

    if max_size < min_size:
        raise UsageError(f"--max-size {max_size} is below --min-size {min_size}")
    sets = GeneSetStore(data_dir).get(genesets)
    records = keep(stored_records(out, needed=True), tissues, sources, methods, preset)
    store = ResultStore(out)
    found = [
        clusters(task_runs(store, own, data_dir), sets, min_size, max_size, seed)
        for own in tasks_of(records).values()
    ]
    if style == "csv":
        deliver(cluster_csv(each for task in found for each in task), output)
    if figure is not None and len(found) > 1:
        raise UsageError(f"--figure is of one task, and there are {len(found)}; choose by --tissue")
    sheets = []
    for task in found:
        overview = overview_sheet(task)
        shown = show or overview.labels[0]
        named = {each.label: each for each in task}
        if shown not in named:
            raise UsageError(f"--show {shown} is no method here; {did_you_mean(shown, named)}")
        run = most_telling(named[shown].runs)
        sheets += [overview, cluster_sheet(named[shown], run, rows)]
        if figure is not None:
            from genearena.benchmark.show.plots.style import figure_style, save_figure

            with figure_style():
                drawn = bubble_figure(named[shown], run)
                if isinstance(drawn, str):
                    tell(f"{task[0].tissue} ({task[0].source}): no figure: {drawn}", err=True)
                else:
                    save_figure(drawn, figure)
                    tell(f"Wrote {figure}", err=True)
    if style != "csv":
        deliver(laid_out(sheets, style, output), output)
