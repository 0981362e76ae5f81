"""``bench results``: the records of a results folder themselves."""

import click

from genearena.benchmark.commands.results.export import export
from genearena.benchmark.commands.results.gc import gc
from genearena.benchmark.commands.results.list import list_runs
from genearena.benchmark.commands.results.migrate import migrate
from genearena.benchmark.commands.results.show import show
from genearena.benchmark.commands.results.verify import verify


@click.group("results")
def command() -> None:
    """List, show, verify, tidy and export stored runs."""


for _subcommand in (list_runs, show, verify, gc, migrate, export):
    command.add_command(_subcommand)
