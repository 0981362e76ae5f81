"""``bench data card``: print the cards of data sets."""

from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver
from genearena.data.common.one_line import every_line


@click.command("card")
@options.tissue
@options.source
@options.data_dir
def command(tissue: str, source: str, data_dir: Path | None) -> None:
    """Print the card of a data set: source, terms, quality control, graphs, parameters."""
    from genearena.data.store import Store
    from genearena.data.tasks import find_task

    store = Store(data_dir)
    for name in find_task(tissue, source=source, folder=data_dir).source.split("+"):
        deliver(every_line(store.text(store.card(tissue, name))) + "\n")
