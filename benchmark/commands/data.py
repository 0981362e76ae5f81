"""``bench data``: add, simulate, list, check and remove the data of tasks."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from genearena.benchmark.commands import build_options, data_catalog, data_fetch
from genearena.benchmark.commands.data_card import command as card_command
from genearena.benchmark.commands.data_validate_simulator import validate_simulator
from genearena.benchmark.data_views.data_display import note, say, show, warn
from genearena.benchmark.data_views.data_tables import (
    graph_table,
    overlap_table,
    rules_line,
    source_table,
)
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


command.add_command(data_catalog.command)
command.add_command(data_fetch.command)
command.add_command(card_command)


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@tissue_option
@name_option
@click.option("--donor-key", help="Column with the donor of each cell; without it, one sample.")
@click.option("--modality", type=modality, default="scrna", show_default=True)
@click.option("--species", default="human", show_default=True)
@click.option("--species-key", help="Column with the species of each cell.")
@click.option(
    "--gene-key",
    "--gene-column",
    "gene_key",
    help="Column with the names of the genes, instead of the index; equal ones are summed.",
)
@click.option(
    "--gene-names",
    type=click.Path(path_type=Path),
    help="Table of ids and symbols: name the genes by symbols, summing those of one symbol.",
)
@click.option(
    "--orthologs",
    type=click.Path(path_type=Path),
    help="Table of the genes of two species: rename one-to-one pairs, drop other genes.",
)
@click.option("--layer", help="Layer that holds the counts, or 'raw'.")
@click.option("--transpose", is_flag=True, help="A csv or tsv has genes in its rows.")
@click.option(
    "--gtf",
    type=click.Path(path_type=Path),
    help="Genes of the assembly, for scATAC fragments and peaks.",
)
@click.option(
    "--promoter",
    default=2000,
    show_default=True,
    type=click.IntRange(0),
    help="Bases upstream of a gene where fragments and peaks count for it.",
)
@click.option(
    "--biotype",
    default="protein_coding",
    show_default=True,
    help="Kind of gene to take from the GTF; 'all' for every kind.",
)
@click.option(
    "--cells",
    type=click.Path(path_type=Path),
    help="Barcodes of the cells in a fragment file: a list, or a table with columns of cells.",
)
@click.option(
    "--min-fragments",
    type=click.IntRange(0),
    help="Drop barcodes with fewer fragments; by default 1000 without --cells.",
)
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
@build_options.residuals
@build_options.alpha
@build_options.fdr
@build_options.min_genes
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
@click.option("--licence", default="", help="Terms the data are under, for their card.")
@click.option("--citation", default="", help="What to cite for the data, for their card.")
@force_option
@data_dir_option
def add(file: Path, name: str, force: bool, data_dir: Path | None, **options: Any) -> None:
    """Turn the counts in FILE into graphs, one per donor.

    FILE is an h5ad, 10x h5, loom, csv or tsv file, a 10x folder or a Visium folder. Spatial data
    need coordinates: those of a Visium folder, or obsm['spatial'] of an h5ad. With --modality
    scatac, FILE may also be a fragments.tsv.gz or hold cells x peaks (chr1:100-200): --gtf turns
    them into gene activity.
    """
    from genearena.data.add import add_file
    from genearena.data.build import BuildOptions
    from genearena.data.gene_activity import ActivityOptions
    from genearena.data.ingest import ReadOptions
    from genearena.data.quality import QualityControl

    options["activity"] = _picked(ActivityOptions, options)
    card = add_file(
        Store(data_dir),
        file,
        name,
        _picked(ReadOptions, options),
        quality=_picked(QualityControl, options),
        build=_picked(BuildOptions, options),
        licence=options["licence"],
        citation=options["citation"],
        replace=force,
        progress=say,
    )
    _show_graphs(card)
    note(card.origin.notes)
    warn(card.origin.warnings)


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
    card = add_simulated(store, tissue, name, sizes, replace=force, progress=say)
    _show_graphs(card)
    warn(card.origin.warnings)


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
    from genearena.benchmark.data_views.quality_check import (
        check_figure_path,
        draw_quality,
        report_quality,
    )
    from genearena.data.tasks import check_task, find_task, load_task

    if figure is not None:
        check_figure_path(figure)
    task = find_task(tissue, source=source, folder=data_dir)
    _show_graphs(task)
    show(overlap_table(task.graphs))
    loaded = load_task(tissue, source=task.source, folder=data_dir)
    problems = report_quality(loaded, show)
    click.echo(f"{task.n_common} genes in all {task.n_graphs} graphs")
    click.echo(f"fingerprint {task.fingerprint}")
    for name in task.source.split("+"):
        origin = Store(data_dir).card(tissue, name).origin
        note(origin.notes)
        warn(origin.warnings)
    warn(problems)
    if figure is not None:
        draw_quality(loaded, figure)
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


command.add_command(validate_simulator)


def _picked(kind: Callable[..., T], options: dict[str, Any]) -> T:
    """Make a dataclass of options from those of its fields the command line has."""
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in options.items() if name in names})


def _show_graphs(card: "SourceCard | TaskCard") -> None:
    show(graph_table(f"{card.tissue} ({card.source})", card.graphs))
    click.echo(rules_line(card.graphs))
