"""``bench clusters``: which gene sets clusters of genes have more of than chance."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver, laid_out
from genearena.benchmark.commands.stored_records import StoredRuns, drawn, shown
from genearena.data.common.screen import caution, tell

if TYPE_CHECKING:
    from genearena.benchmark.biology.clusters import MethodClusters, RunClusters
    from genearena.benchmark.biology.stored_vectors import TaskRuns
    from genearena.benchmark.show.biology.cluster_sheets import Division


@click.command("clusters")
@options.genesets
@options.shown
@options.set_sizes(500)
@click.option("--rows", default=20, type=click.IntRange(1), help="Clusters that are listed.")
@click.option("--seed", default=0, type=click.IntRange(0), help="Seed of shuffled names.")
@options.style("table", "csv", "md", "latex", about="csv has all sets of all clusters.")
@options.output("Write to this file instead of the screen.")
@click.option("--figure", type=options.FILE, help="Draw the listed clusters: png, svg, pdf.")
@options.choice(
    "--kind",
    of=("bubbles", "alluvial", "umap"),
    about="Figure: their sets; what their rows are of; or the vectors in the plane.",
)
@click.option(
    "--across",
    type=click.Choice(("dataset", "modality", "species")),
    help="What the alluvial divides clusters by  [default: species or modality if there are "
    "several, else dataset]",
)
@options.names("--mark", "genes", "Genes to point at in the umap.")
@options.renamed("--genes", "--mark", "genes", multiple=True)
@options.stored_runs()
def command(
    genesets: str,
    show: str | None,
    min_size: int,
    max_size: int,
    rows: int,
    seed: int,
    style: str,
    output: Path | None,
    figure: Path | None,
    kind: str,
    across: "Division | None",
    genes: Sequence[str],
    runs: StoredRuns,
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
    from genearena.data.common.errors import UsageError
    from genearena.data.genesets.store import GeneSetStore

    sets = GeneSetStore(runs.data_dir).get(genesets)
    for option, given, wanted in (("--across", across, "alluvial"), ("--mark", genes, "umap")):
        if given and (figure is None or kind != wanted):
            raise UsageError(f"{option} is of --figure FILE --kind {wanted}; add these")
    runs.check_figure(figure)
    found = runs.ask(
        lambda task: (task, clusters(task, sets, min_size, max_size, seed)),
    )
    sheets = []
    for task, of_task in found:
        overview = overview_sheet(of_task)
        method = shown(of_task, show or overview.labels[0])
        run = most_telling(method.runs)
        sheets += [overview, cluster_sheet(method, run, rows)]
        if figure is not None:
            _draw(figure, kind, task, method, run, rows, across, genes)
    if style == "csv":
        deliver(cluster_csv(each for _, of_task in found for each in of_task), output)
    else:
        deliver(laid_out(sheets, style, output), output)


def _draw(
    figure: Path,
    kind: str,
    task: "TaskRuns",
    found: "MethodClusters",
    run: "RunClusters",
    most: int,
    across: "Division | None",
    genes: Sequence[str],
) -> None:
    if kind == "bubbles":
        from genearena.benchmark.show.plots.biology.bubbles import bubble_figure

        if any(cluster.enriched for cluster in run.clusters):
            drawn(partial(bubble_figure, found, run), figure)
        else:
            no_sets = f"no cluster of {found.label} has a set"
            caution(f"{no_sets}, so there is no {figure}")
    elif kind == "alluvial":
        from genearena.benchmark.show.plots.biology.alluvial import alluvial_figure

        drawn(partial(alluvial_figure, found, run, most, across), figure)
    else:
        from genearena.benchmark.show.plots.biology.cluster_umap import cluster_umap

        of_run = next(r for r in task.runs if (r.label, r.seed) == (found.label, run.seed))
        about = (found, run, task.graphs, of_run, genes)
        drawn(partial(cluster_umap, *about, partial(tell, err=True)), figure)
