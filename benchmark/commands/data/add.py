"""``bench data add``: counts to graphs."""

from pathlib import Path
from typing import Any

import click

from genearena.benchmark.commands.data import build_options
from genearena.benchmark.commands.data.options import (
    data_dir_option,
    force_option,
    modality,
    name_option,
    picked,
    tissue_option,
)
from genearena.benchmark.show.data.data_display import note, say, show_graphs, warn
from genearena.data.store import Store


@click.command("add")
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
    help="Column with the names of the genes, instead of the index.",
)
@click.option(
    "--duplicates",
    type=click.Choice(["sum", "keep", "refuse"]),
    default="sum",
    show_default=True,
    help="Genes of one name: sum their counts, keep them apart by a number, or refuse the file.",
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
@click.option("--genome", help="Genome to take the genes of, from a file with several.")
@click.option("--layer", help="Layer that holds the counts, or 'raw'.")
@click.option(
    "--round", "round_counts", is_flag=True, help="Round counts with fractions, as of salmon."
)
@click.option("--transpose", is_flag=True, help="The file has genes in its rows.")
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
    help="Table (csv, tsv) of barcodes with columns of cells, such as donors, or a list of "
    "barcodes: other cells are left out.",
)
@click.option(
    "--min-fragments",
    type=click.IntRange(0),
    help="Drop barcodes with fewer fragments; by default 1000 without --cells.",
)
@build_options.n_genes
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
def command(file: Path, name: str, force: bool, data_dir: Path | None, **options: Any) -> None:
    """Turn the counts in FILE into graphs, one per donor.

    FILE is an h5ad, 10x h5, loom, csv or tsv file, a Visium folder, or a folder with a matrix.mtx,
    barcodes and features as of Cell Ranger, STARsolo or kallisto bustools. Spatial data
    need coordinates: those of a Visium folder, or obsm['spatial'] of an h5ad. With --modality
    scatac, FILE may also be a fragments.tsv.gz or hold cells x peaks (chr1:100-200): --gtf turns
    them into gene activity.
    """
    from genearena.data.accessibility.gene_activity import ActivityOptions
    from genearena.data.add import add_file
    from genearena.data.build import BuildOptions
    from genearena.data.quality.filtering import QualityControl
    from genearena.data.reading.ingest import ReadOptions

    options["activity"] = picked(ActivityOptions, options)
    card = add_file(
        Store(data_dir),
        file,
        name,
        picked(ReadOptions, options),
        quality=picked(QualityControl, options),
        build=picked(BuildOptions, options),
        licence=options["licence"],
        citation=options["citation"],
        replace=force,
        progress=say,
    )
    show_graphs(card)
    note(card.origin.notes)
    warn(card.origin.warnings)
