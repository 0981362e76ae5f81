"""``bench data validate-simulator``: compare the edges of simulated data with the truth."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from genearena.benchmark.commands import options
from genearena.data.common.errors import UsageError
from genearena.data.common.screen import tell

if TYPE_CHECKING:
    from genearena.data.simulation.validation import PairCalls

FORMATS = (".png", ".svg", ".pdf")


@click.command("validate-simulator")
@click.option("--tissue", default="lung", help="Tissue to simulate.")
@click.option("--seeds", default=5, type=click.IntRange(1), help="Number of seeds.")
@click.option("--genes", default=300, help="Genes of each graph.")
@click.option("--cells", default=350, help="Cells of each sample, about.")
@options.output("Draw the result into this png, svg or pdf file.", former="--figure")
def command(tissue: str, seeds: int, genes: int, cells: int, output: Path | None) -> None:
    """Compare the edges of simulated data with the correlations they were drawn with."""
    from rich.console import Console

    from genearena.benchmark.show.data.simulator_tables import false_edge_table, power_table
    from genearena.benchmark.show.plots.simulator import simulator_figure
    from genearena.benchmark.show.plots.style import figure_style, save_figure
    from genearena.data.simulation.validation import validate_simulator

    if output is not None and output.suffix not in FORMATS:
        raise UsageError(f"'{output}' is none of {', '.join(FORMATS)}; give the figure a suffix")
    calls: list[PairCalls] = []
    for call in validate_simulator(tissue, range(seeds), genes=genes, cells=cells):
        if not calls or calls[-1].seed != call.seed:
            tell(f"{tissue}: seed {call.seed}", err=True)
        calls.append(call)
    console = Console()
    console = console if console.is_terminal else Console(width=200)
    console.print(false_edge_table(calls))
    console.print(power_table(calls))
    if output is not None:
        with figure_style():
            save_figure(simulator_figure(calls), output)
        tell(f"wrote {output}")
