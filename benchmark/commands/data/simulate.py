"""``bench data simulate``: a tissue in another size than the embedded one."""

from pathlib import Path
from typing import Any

import click

from genearena.benchmark.commands import options
from genearena.benchmark.show.data.data_display import say, show_graphs, warn
from genearena.data.store import Store


@click.command("simulate")
@options.tissue
@options.name
@click.option("--donors", type=int, help="Donors; by default as many as the catalogue says.")
@click.option("--genes", default=300, help="Genes of each graph.")
@click.option(
    "--cells",
    default=350,
    help="Cells of each graph, about; as many again are kept back.",
)
@click.option(
    "--modality",
    "modalities",
    type=options.MODALITY,
    multiple=True,
    help="Modalities, repeatable; by default all that the paper has of the tissue.",
)
@click.option("--second-species", is_flag=True, help="Add samples of other species.")
@click.option(
    "--rewired",
    default=0.0,
    help="Share of programme genes in another programme in every second donor: two conditions.",
)
@click.option("--seed", default=0)
@options.split
@options.force
@options.data_dir
def command(tissue: str, name: str, force: bool, data_dir: Path | None, **given: Any) -> None:
    """Simulate donors of a tissue in other sizes than the embedded ones."""
    from genearena.data.add import add_simulated, check_new_name
    from genearena.data.options import Simulation

    store = Store(data_dir)
    check_new_name(store, tissue, name, force)
    given["modalities"] = given["modalities"] or None
    sizes = options.picked(Simulation, given)
    card = add_simulated(
        store,
        tissue,
        name,
        sizes,
        protocol=given["protocol"],
        split_seed=given["split_seed"],
        replace=force,
        progress=say,
    )
    show_graphs(card)
    warn(card.origin.warnings)
