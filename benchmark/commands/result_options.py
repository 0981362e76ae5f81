"""Options of the commands that read a results folder."""

from pathlib import Path

import click

from genearena.benchmark.records.results import DEFAULT_FOLDER

results_folder = click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="Results folder.",
)
tissues = click.option(
    "--tissue", "tissues", multiple=True, help="Only these tissues; repeat or separate by commas."
)
sources = click.option(
    "--source", "sources", multiple=True, help="Only these data sources, likewise."
)
preset = click.option("--preset", help="Only runs under this preset.")
