"""``bench data simulate``: a tissue in another size than the embedded one."""

from pathlib import Path
from typing import Any

import click

from genearena.benchmark.commands.data.options import (
    data_dir_option,
    force_option,
    modality,
    name_option,
    picked,
    tissue_option,
)
from genearena.benchmark.show.data.data_display import say, show_graphs, warn
from genearena.data.store import Store


@click.command("simulate")
@tissue_option
@name_option
@click.option("--donors", type=int, help="Donors; by default as many as the catalogue says.")
@click.option("--genes", default=300, show_default=True, help="Genes of each graph.")
@click.option("--cells", default=350, show_default=True, help="Cells of each sample, about.")
@click.option(
    "--modality",
    "modalities",
    type=modality,
    multiple=True,
    help="Modalities, repeatable; by default all that the paper has of the tissue.",
)
@click.option("--second-species", is_flag=True, help="Add samples of other species.")
@click.option("--seed", default=0, show_default=True)
@force_option
@data_dir_option
def command(tissue: str, name: str, force: bool, data_dir: Path | None, **options: Any) -> None:
    """Simulate donors of a tissue in other sizes than the embedded ones."""
    from genearena.data.add import add_simulated, check_new_name
    from genearena.data.simulate import Simulation

    store = Store(data_dir)
    check_new_name(store, tissue, name, force)
    options["modalities"] = options["modalities"] or None
    sizes = picked(Simulation, options)
    card = add_simulated(store, tissue, name, sizes, replace=force, progress=say)
    show_graphs(card)
    warn(card.origin.warnings)
