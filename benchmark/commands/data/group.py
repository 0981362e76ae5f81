"""``bench data``: add, simulate, list, check and remove the data of tasks."""

from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.data import (
    add,
    card,
    catalog,
    fetch,
    simulate,
    validate_simulator,
)
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


for module in (add, card, catalog, fetch, simulate, validate_simulator):
    command.add_command(module.command)


@command.command("list")
@options.data_dir
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
@options.tissue
@options.source
@options.output(
    "Draw degrees, overlaps and depth confounding in this file: png, svg or pdf.", former="--figure"
)
@options.data_dir
def check(tissue: str, source: str, output: Path | None, data_dir: Path | None) -> None:
    """Describe a task: its graphs, their quality, what they share, and what is wrong with it.

    ESNR is the edge signal-to-noise ratio of Dong & Kluger (2023), the depth correlation that of
    the degrees of genes with their mean counts (Spearman).
    """
    from genearena.benchmark.show.plots.style import check_figure_path, write_figure
    from genearena.data.tasks import check_task, data_sets, find_task, load_task, task_warnings

    if output is not None:
        check_figure_path(output)
    task = find_task(tissue, source=source, folder=data_dir)
    show_graphs(task)
    show(overlap_table(task.graphs))
    loaded = load_task(tissue, source=task.source, folder=data_dir)
    problems = show_quality(loaded)
    tell(f"{task.n_common} genes in all {task.n_graphs} graphs")
    tell(f"fingerprint {task.fingerprint}")
    for each in data_sets(Store(data_dir), task.tissue, task.source):
        note(each.origin.notes)
        warn(each.origin.warnings)
    warn((*problems, *task_warnings(task)))
    if output is not None:
        from genearena.benchmark.show.plots.quality import quality_figure

        write_figure(lambda: quality_figure(loaded), output)
        say(f"wrote {output}")
    check_task(task, DEFAULT_DIM)


@command.command()
@options.tissue
@options.name
@options.data_dir
def remove(tissue: str, name: str, data_dir: Path | None) -> None:
    """Delete a stored data set; the file it was made from is untouched."""
    store = Store(data_dir)
    if not store.has(tissue, name):
        have = ", ".join(source for of, source in store.sources() if of == tissue) or "none"
        raise UsageError(f"{tissue} has no data set '{name}'; it has {have}")
    store.remove(tissue, name)
    say(f"removed {tissue} ({name})")
