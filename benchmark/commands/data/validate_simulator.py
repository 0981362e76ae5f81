"""``bench data validate-simulator``: compare the edges of simulated data with the truth."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from genearena.benchmark.commands import options
from genearena.data.common.screen import tell

if TYPE_CHECKING:
    from genearena.data.simulation.validation import PairCalls


@click.command("validate-simulator")
@click.option("--tissue", default="lung", help="Tissue to simulate.")
@click.option("--seeds", default=5, type=click.IntRange(1), help="Number of seeds.")
@click.option("--genes", default=300, help="Genes of each graph.")
@click.option("--cells", default=350, help="Cells of each sample, about.")
@options.output("Draw the result into this png, svg or pdf file.", former="--figure")
def command(tissue: str, seeds: int, genes: int, cells: int, output: Path | None) -> None:
    """Compare the edges of simulated data with the correlations they were drawn with."""
    from genearena.benchmark.show.data.data_display import show
    from genearena.benchmark.show.data.simulator_tables import false_edge_table, power_table
    from genearena.benchmark.show.plots.simulator import simulator_figure
    from genearena.benchmark.show.plots.style import check_figure_path, write_figure
    from genearena.data.simulation.validation import validate_simulator

    if output is not None:
        check_figure_path(output)
    calls: list[PairCalls] = []
    for call in validate_simulator(tissue, range(seeds), genes=genes, cells=cells):
        if not calls or calls[-1].seed != call.seed:
            tell(f"{tissue}: seed {call.seed}", err=True)
        calls.append(call)
    show(false_edge_table(calls))
    show(power_table(calls))
    if output is not None:
        write_figure(lambda: simulator_figure(calls), output)
        tell(f"wrote {output}")
