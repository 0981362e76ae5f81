"""``bench data``: add, simulate, list, check and remove the data of tasks."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from genearena.benchmark.commands.data_validate_simulator import validate_simulator
from genearena.benchmark.data_tables import graph_table, overlap_table, rules_line, source_table
from genearena.data.errors import StoreError, UsageError
from genearena.data.store import Store

if TYPE_CHECKING:
    from genearena.data.cards import SourceCard
    from genearena.data.tasks import TaskCard

T = TypeVar("T")

DEFAULT_DIM = 32

modality = click.Choice(["scrna", "scatac", "spatial"])
data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    help="Where graphs are stored; by default $GENEARENA_DATA or the user's data folder.",
)
tissue_option = click.option("--tissue", required=True, help="Tissue of the data.")
name_option = click.option("--name", required=True, help="Name of the data set.")
force_option = click.option("--force", is_flag=True, help="Replace a data set of this name.")


@click.group("data")
def command() -> None:
    """Add, simulate, list, check and remove the data of tasks."""


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@tissue_option
@name_option
@click.option("--donor-key", help="Column with the donor of each cell; without it, one sample.")
@click.option("--modality", type=modality, default="scrna", show_default=True)
@click.option("--species", default="human", show_default=True)
@click.option("--species-key", help="Column with the species of each cell.")
@click.option("--gene-key", help="Column with the names of the genes, instead of the index.")
@click.option("--layer", help="Layer that holds the counts, or 'raw'.")
@click.option("--transpose", is_flag=True, help="A csv or tsv has genes in its rows.")
@click.option(
    "--genes",
    "n_genes",
    default=1000,
    show_default=True,
    type=click.IntRange(2),
    help="Genes of each donor, the nodes of its graph.",
)
@click.option(
    "--genes-by",
    type=click.Choice(["auto", "variance", "sparkx"]),
    default="auto",
    show_default=True,
    help="Take the most variable genes, or those that depend most on place (SPARK-X); "
    "auto: SPARK-X for spatial data, else variance.",
)
@click.option(
    "--residuals",
    default="sctransform",
    show_default=True,
    help="Null model of the profiles: sctransform (version 2) or analytic (Pearson, theta 100).",
)
@click.option(
    "--alpha",
    default=0.005,
    show_default=True,
    type=click.FloatRange(0, 1, min_open=True),
    help="Pairs with p below it are edges.",
)
@click.option("--fdr", is_flag=True, help="Adjust p for multiple testing (Benjamini-Hochberg).")
@click.option(
    "--min-genes",
    default=200,
    show_default=True,
    type=click.IntRange(0),
    help="Drop cells with fewer detected genes.",
)
@click.option(
    "--min-cells",
    default=3,
    show_default=True,
    type=click.IntRange(1),
    help="Drop genes detected in fewer cells.",
)
@click.option("--max-genes", type=click.IntRange(1), help="Drop cells with more detected genes.")
@click.option(
    "--max-pct-mt",
    type=click.FloatRange(0, 100),
    help="Drop cells with a larger percentage of mitochondrial counts.",
)
@click.option(
    "--min-donor-cells",
    default=40,
    show_default=True,
    type=click.IntRange(2),
    help="Leave out donors with fewer cells.",
)
@force_option
@data_dir_option
def add(file: Path, name: str, force: bool, data_dir: Path | None, **options: Any) -> None:
    """Turn the counts in FILE into graphs, one per donor.

    FILE is an h5ad, 10x h5, loom, csv or tsv file, a 10x folder or a Visium folder. Spatial data
    need coordinates: those of a Visium folder, or obsm['spatial'] of an h5ad.
    """
    from genearena.data.add import add_file
    from genearena.data.build import BuildOptions
    from genearena.data.ingest import ReadOptions
    from genearena.data.quality import QualityControl

    card = add_file(
        Store(data_dir),
        file,
        name,
        _picked(ReadOptions, options),
        quality=_picked(QualityControl, options),
        build=_picked(BuildOptions, options),
        replace=force,
        progress=_say,
    )
    _show_graphs(card)
    _warn(card.origin.warnings)


@command.command()
@tissue_option
@name_option
@click.option("--donors", type=int, help="Donors; by default as many as the catalogue says.")
@click.option("--genes", default=300, show_default=True, help="Genes of each graph.")
@click.option("--cells", default=350, show_default=True, help="Cells of each sample, about.")
@click.option(
    "--modality",
    "modalities",
    type=modality,
    multiple=True,
    help="Modalities, repeatable; by default all that the paper has of the tissue.",
)
@click.option("--second-species", is_flag=True, help="Add samples of other species.")
@click.option("--seed", default=0, show_default=True)
@force_option
@data_dir_option
def simulate(tissue: str, name: str, force: bool, data_dir: Path | None, **options: Any) -> None:
    """Simulate donors of a tissue in other sizes than the embedded ones."""
    from genearena.data.add import Simulation, add_simulated, check_new_name

    store = Store(data_dir)
    check_new_name(store, tissue, name, force)
    options["modalities"] = options["modalities"] or None
    sizes = _picked(Simulation, options)
    card = add_simulated(store, tissue, name, sizes, replace=force, progress=_say)
    _show_graphs(card)
    _warn(card.origin.warnings)


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
            _warn([str(error)])
    if not cards:
        _say(f"nothing is stored in {store.folder}; tasks are simulated when first run")
        return
    _show(source_table(cards))


@command.command()
@tissue_option
@click.option(
    "--source",
    default="auto",
    show_default=True,
    help="Data sets, comma-separated; auto: all real ones, else the simulated one.",
)
@data_dir_option
def check(tissue: str, source: str, data_dir: Path | None) -> None:
    """Describe a task: its graphs, the genes they share, and what is wrong with it."""
    from genearena.data.tasks import check_task, find_task

    task = find_task(tissue, source=source, folder=data_dir)
    _show_graphs(task)
    _show(overlap_table(task.graphs))
    click.echo(f"{task.n_common} genes in all {task.n_graphs} graphs")
    click.echo(f"fingerprint {task.fingerprint}")
    for name in task.source.split("+"):
        _warn(Store(data_dir).card(tissue, name).origin.warnings)
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
    _say(f"removed {tissue} ({name})")


command.add_command(validate_simulator)


def _picked(kind: Callable[..., T], options: dict[str, Any]) -> T:
    """Make a dataclass of options from those of its fields the command line has."""
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in options.items() if name in names})


def _show_graphs(card: "SourceCard | TaskCard") -> None:
    _show(graph_table(f"{card.tissue} ({card.source})", card.graphs))
    click.echo(rules_line(card.graphs))


def _show(table: Any) -> None:
    from rich.console import Console

    console = Console()
    # where nobody watches, do not cut columns to a guessed width
    (console if console.is_terminal else Console(width=200)).print(table)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _warn(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(f"Warning: {line}", err=True)
