"""``bench embeddings``: the vectors that runs left."""

import click

from genearena.benchmark.commands import neighbors
from genearena.benchmark.commands.embeddings import export, list, umap  # noqa: A004 - a module


@click.group("embeddings")
def command() -> None:
    """List, export, search and draw the vectors that runs left."""


for module in (list, export, neighbors, umap):
    command.add_command(module.command)
