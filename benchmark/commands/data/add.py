"""``bench data add``: counts to graphs."""

from pathlib import Path
from typing import Any

import click

from genearena.benchmark.commands import options
from genearena.benchmark.show.data.data_display import note, say, show_graphs, warn
from genearena.data.store import Store


@click.command("add")
@click.argument("file", type=options.PATH)
@options.tissue
@options.name
@click.option("--donor-key", help="Column with the donor of each cell; without it, one sample.")
@click.option("--modality", type=options.MODALITY, default="scrna")
@click.option("--species", default="human")
@click.option("--species-key", help="Column with the species of each cell.")
@click.option("--condition", default="", show_default=False, help="Condition of all cells.")
@click.option(
    "--condition-key",
    help="Column with the condition of each cell: a graph for each of a donor's conditions.",
)
@click.option(
    "--gene-key",
    help="Column with the names of the genes, instead of the index.",
)
@options.renamed("--gene-column", "--gene-key")
@options.choice(
    "--duplicates",
    of=("sum", "keep", "refuse"),
    about="Genes of one name: sum their counts, keep them apart by a number, or refuse the file.",
)
@click.option(
    "--gene-names",
    type=options.PATH,
    help="Table of ids and symbols: name the genes by symbols, summing those of one symbol.",
)
@click.option(
    "--orthologs",
    type=options.PATH,
    help="Table of the genes of two species: rename one-to-one pairs, drop other genes.",
)
@click.option(
    "--names-apart",
    is_flag=True,
    help="Write the species before the names of genes, which no method then takes for those of "
    "another: for 'bench species'.",
)
@click.option("--genome", help="Genome to take the genes of, from a file with several.")
@click.option("--layer", help="Layer that holds the counts, or 'raw'.")
@click.option(
    "--round", "round_counts", is_flag=True, help="Round counts with fractions, as of salmon."
)
@click.option("--transpose", is_flag=True, help="The file has genes in its rows.")
@click.option(
    "--gtf", type=options.PATH, help="Genes of the assembly, for scATAC fragments and peaks."
)
@click.option(
    "--promoter",
    default=2000,
    type=click.IntRange(0),
    help="Bases upstream of a gene where fragments and peaks count for it.",
)
@click.option(
    "--biotype",
    default="protein_coding",
    help="Kind of gene to take from the GTF; 'all' for every kind.",
)
@click.option(
    "--barcodes",
    "cells",
    type=options.PATH,
    help="Table (csv, tsv) of barcodes with columns of cells, such as donors, or a list of "
    "barcodes: other cells are left out.",
)
@options.renamed("--cells", "--barcodes", "cells")
@click.option(
    "--min-fragments",
    type=click.IntRange(0),
    help="Drop barcodes with fewer fragments; by default 1000 without --barcodes.",
)
@options.n_genes
@options.choice(
    "--genes-by",
    of=("auto", "variance", "sparkx"),
    about="Take the most variable genes, or those that depend most on place (SPARK-X); "
    "auto: SPARK-X for spatial data, else variance.",
)
@options.residuals
@options.alpha
@options.fdr
@options.split
@options.min_genes
@click.option(
    "--min-cells", default=3, type=click.IntRange(1), help="Drop genes detected in fewer cells."
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
    type=click.IntRange(2),
    help="Leave out donors with fewer cells.",
)
@click.option(
    "--licence", default="", show_default=False, help="Terms the data are under, for their card."
)
@click.option(
    "--citation", default="", show_default=False, help="What to cite for the data, for their card."
)
@options.force
@options.data_dir
def command(file: Path, name: str, force: bool, data_dir: Path | None, **given: Any) -> None:
    """Turn the counts in FILE into graphs, one per donor and condition.

    FILE is an h5ad, 10x h5, loom, csv or tsv file, a Visium folder, or a folder with a matrix.mtx,
    barcodes and features as of Cell Ranger, STARsolo or kallisto bustools. Spatial data
    need coordinates: those of a Visium folder, or obsm['spatial'] of an h5ad. With --modality
    scatac, FILE may also be a fragments.tsv.gz or hold cells x peaks (chr1:100-200): --gtf turns
    them into gene activity.
    """
    from genearena.data.accessibility.gene_activity import ActivityOptions
    from genearena.data.add import add_file
    from genearena.data.options import BuildOptions, QualityControl
    from genearena.data.reading.ingest import ReadOptions

    given["activity"] = options.picked(ActivityOptions, given)
    card = add_file(
        Store(data_dir),
        file,
        name,
        options.picked(ReadOptions, given),
        quality=options.picked(QualityControl, given),
        build=options.picked(BuildOptions, given),
        licence=given["licence"],
        citation=given["citation"],
        replace=force,
        progress=say,
    )
    show_graphs(card)
    note(card.origin.notes)
    warn(card.origin.warnings)
