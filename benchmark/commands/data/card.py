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
    from genearena.data.tasks import data_sets, find_task

    store, task = Store(data_dir), find_task(tissue, source=source, folder=data_dir)
    for card in data_sets(store, task.tissue, task.source):
        deliver(every_line(store.text(card)) + "\n")
