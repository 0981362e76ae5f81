"""Options that several commands on data take, and what they are turned into."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import click

T = TypeVar("T")

modality = click.Choice(["scrna", "scatac", "spatial"])
data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    help="Where graphs are stored; by default $GENEARENA_DATA or the user's data folder.",
)
tissue_option = click.option("--tissue", required=True, help="Tissue of the data.")
name_option = click.option("--name", required=True, help="Name of the data set.")
force_option = click.option("--force", is_flag=True, help="Replace a data set of this name.")


def picked(kind: Callable[..., T], options: dict[str, Any]) -> T:
    """Make a dataclass of options from those of its fields the command line has."""
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in options.items() if name in names})
