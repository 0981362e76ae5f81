"""``bench data card``: print the cards of data sets."""

from pathlib import Path

import click

from genearena.benchmark.commands.data.options import data_dir_option, tissue_option
from genearena.benchmark.commands.output import deliver
from genearena.data.common.one_line import every_line


@click.command("card")
@tissue_option
@click.option(
    "--source",
    default="auto",
    show_default=True,
    help="Data sets, comma-separated; auto: all real ones, else the simulated one.",
)
@data_dir_option
def command(tissue: str, source: str, data_dir: Path | None) -> None:
    """Print the card of a data set: source, terms, quality control, graphs, parameters."""
    from genearena.data.store import Store
    from genearena.data.tasks import find_task

    store = Store(data_dir)
    for name in find_task(tissue, source=source, folder=data_dir).source.split("+"):
        deliver(every_line(store.text(store.card(tissue, name))) + "\n", None)
