"""``bench data validate-simulator``: compare the edges of simulated data with the truth."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from genearena.data.common.screen import tell

if TYPE_CHECKING:
    from genearena.data.simulation.validation import PairCalls


@click.command("validate-simulator")
@click.option("--tissue", default="lung", show_default=True, help="Tissue to simulate.")
@click.option(
    "--seeds", default=5, show_default=True, type=click.IntRange(1), help="Number of seeds."
)
@click.option("--genes", default=300, show_default=True, help="Genes of each graph.")
@click.option("--cells", default=350, show_default=True, help="Cells of each sample, about.")
@click.option(
    "--figure",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw the result into this png, svg or pdf file.",
)
def command(tissue: str, seeds: int, genes: int, cells: int, figure: Path | None) -> None:
    """Compare the edges of simulated data with the correlations they were drawn with."""
    from genearena.benchmark.show.data.data_display import show
    from genearena.benchmark.show.data.simulator_tables import false_edge_table, power_table
    from genearena.benchmark.show.plots.simulator import simulator_figure
    from genearena.benchmark.show.plots.style import check_figure_path, write_figure
    from genearena.data.simulation.validation import validate_simulator

    if figure is not None:
        check_figure_path(figure)
    calls: list[PairCalls] = []
    for call in validate_simulator(tissue, range(seeds), genes=genes, cells=cells):
        if not calls or calls[-1].seed != call.seed:
            tell(f"{tissue}: seed {call.seed}", err=True)
        calls.append(call)
    show(false_edge_table(calls))
    show(power_table(calls))
    if figure is not None:
        write_figure(lambda: simulator_figure(calls), figure)
        tell(f"wrote {figure}")
