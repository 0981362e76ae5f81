"""``bench data``: add, simulate, list, check and remove the data of tasks."""

from pathlib import Path

import click

from genearena.benchmark.commands.data import add as data_add
from genearena.benchmark.commands.data import card as data_card
from genearena.benchmark.commands.data import catalog as data_catalog
from genearena.benchmark.commands.data import fetch as data_fetch
from genearena.benchmark.commands.data import simulate as data_simulate
from genearena.benchmark.commands.data import validate_simulator as data_validate_simulator
from genearena.benchmark.commands.data.options import data_dir_option, name_option, tissue_option
from genearena.benchmark.show.data.data_display import (
    note,
    say,
    show,
    show_graphs,
    show_quality,
    warn,
)
from genearena.benchmark.show.data.data_tables import overlap_table, source_table
from genearena.data.common.errors import StoreError, UsageError
from genearena.data.common.screen import tell
from genearena.data.store import Store

DEFAULT_DIM = 32


@click.group("data")
def command() -> None:
    """Add, simulate, list, check and remove the data of tasks."""


for module in (
    data_add,
    data_card,
    data_catalog,
    data_fetch,
    data_simulate,
    data_validate_simulator,
):
    command.add_command(module.command)


@command.command("list")
@data_dir_option
def list_sources(data_dir: Path | None) -> None:
    """List the stored data sets of all tissues."""
    store = Store(data_dir)
    cards = []
    for tissue, source in store.sources():
        try:
            cards.append(store.card(tissue, source))
        except StoreError as error:
            warn([str(error)])
    if not cards:
        say(f"nothing is stored in {store.folder}; tasks are simulated when first run")
        return
    show(source_table(cards))


@command.command()
@tissue_option
@click.option(
    "--source",
    default="auto",
    show_default=True,
    help="Data sets, comma-separated; auto: all real ones, else the simulated one.",
)
@click.option(
    "--figure",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw degrees, overlaps and depth confounding in this file: png, svg or pdf.",
)
@data_dir_option
def check(tissue: str, source: str, figure: Path | None, data_dir: Path | None) -> None:
    """Describe a task: its graphs, their quality, what they share, and what is wrong with it.

    ESNR is the edge signal-to-noise ratio of Dong & Kluger (2023), the depth correlation that of
    the degrees of genes with their mean counts (Spearman).
    """
    from genearena.benchmark.show.plots.quality import quality_figure
    from genearena.benchmark.show.plots.style import check_figure_path, write_figure
    from genearena.data.tasks import check_task, find_task, load_task, task_warnings

    if figure is not None:
        check_figure_path(figure)
    task = find_task(tissue, source=source, folder=data_dir)
    show_graphs(task)
    show(overlap_table(task.graphs))
    loaded = load_task(tissue, source=task.source, folder=data_dir)
    problems = show_quality(loaded)
    tell(f"{task.n_common} genes in all {task.n_graphs} graphs")
    tell(f"fingerprint {task.fingerprint}")
    for name in task.source.split("+"):
        origin = Store(data_dir).card(tissue, name).origin
        note(origin.notes)
        warn(origin.warnings)
    warn((*problems, *task_warnings(task)))
    if figure is not None:
        write_figure(lambda: quality_figure(loaded), figure)
        say(f"wrote {figure}")
    check_task(task, DEFAULT_DIM)


@command.command()
@tissue_option
@name_option
@data_dir_option
def remove(tissue: str, name: str, data_dir: Path | None) -> None:
    """Delete a stored data set; the file it was made from is untouched."""
    store = Store(data_dir)
    if not store.has(tissue, name):
        have = ", ".join(source for of, source in store.sources() if of == tissue) or "none"
        raise UsageError(f"{tissue} has no data set '{name}'; it has {have}")
    store.remove(tissue, name)
    say(f"removed {tissue} ({name})")
