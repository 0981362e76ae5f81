"""``bench species``: whether vectors of stored runs bring orthologs together."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver, laid_out
from genearena.benchmark.commands.stored_records import StoredRuns, drawn


@click.command("species")
@click.option(
    "--orthologs",
    type=options.FILE,
    help="Table of the genes of two species  [default: genes of one name, in any case]",
)
@options.names("--between", "between", "Which two species, of a task with more.")
@options.style("table", "csv", "md", "latex", about="csv has a line for each number.")
@options.output("Write to this file instead of the screen.")
@click.option(
    "--figure", type=options.FILE, help="Draw orthologs beside other pairs: png, svg, pdf."
)
@options.stored_runs()
def command(
    orthologs: Path | None,
    between: Sequence[str],
    style: str,
    output: Path | None,
    figure: Path | None,
    runs: StoredRuns,
) -> None:
    """Say whether stored runs find the orthologs of two species that nobody told them of.

    Methods join data sets by the names of genes. So the genes of the species must bear names of
    their own, as human CD3D and mouse Cd3d do, or 'bench data add --names-apart' makes them: the
    orthologs are used here alone, to see who finds them.
    """
    from threadpoolctl import threadpool_limits

    from genearena.benchmark.biology.orthology.species import species_table
    from genearena.benchmark.show.biology.species_sheets import species_csv, species_sheet

    runs.check_figure(figure)
    with threadpool_limits(limits=1):
        tables = runs.ask(lambda task: species_table(task, orthologs, between))
    if figure is not None:
        from genearena.benchmark.show.plots.biology.orthologs import ortholog_figure

        drawn(partial(ortholog_figure, tables[0]), figure)
    if style == "csv":
        deliver(species_csv(tables), output)
    else:
        deliver(laid_out([species_sheet(table) for table in tables], style, output), output)
