"""``bench genesets add``: a file of gene sets of the user's."""

import warnings
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.show.data.data_display import note, say

GENE_NAMES = click.option(
    "--gene-names",
    type=options.FILE,
    help="Table of ids, symbols, previous symbols or aliases, as HGNC's: ids become symbols, and "
    "genes are found by their other names.",
)
ORTHOLOGS = click.option(
    "--orthologs",
    type=options.FILE,
    help="Table of the genes of two species, where the file has the other one's: one-to-one pairs "
    "are renamed, other genes dropped.",
)


@click.command("add")
@click.argument("name")
@click.argument("file", type=options.PATH)
@click.option("--species", required=True, help="Species whose genes the sets are to name.")
@click.option("--licence", default="", show_default=False, help="Terms the file is under.")
@click.option("--origin", default="", show_default=False, help="Where it came from.")
@GENE_NAMES
@ORTHOLOGS
@click.option(
    "--gene-key",
    "gene_column",
    default="",
    show_default=False,
    help="Column of a table with genes.",
)
@click.option(
    "--set-key", "set_column", default="", show_default=False, help="Column with names of sets."
)
@options.force
@options.data_dir
def command(
    name: str,
    file: Path,
    species: str,
    licence: str,
    origin: str,
    gene_names: Path | None,
    orthologs: Path | None,
    gene_column: str,
    set_column: str,
    force: bool,
    data_dir: Path | None,
) -> None:
    """Keep the gene sets in FILE under a NAME.

    FILE is a GMT (.gmt), or a table with tabs, commas or semicolons: a gene and a set a line, a
    transcription factor and a target a line (TRRUST, CollecTRI), a gene a line and a column with
    yes or 1 for each set, or a list of genes, which is one set. All may be gzipped. A folder with
    entities.csv and outcomes.csv is a task of gene-benchmark, whose classes are sets.
    """
    from genearena.data.genesets.reading import Columns
    from genearena.data.genesets.store import GeneSetStore, Statement

    columns = Columns(gene_column, set_column)
    said = Statement(species, licence, origin, gene_names, orthologs, columns)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sets = GeneSetStore(data_dir).add(file, name, said, replace=force)
    note(sets.notes)
    say(f"stored {name}: {len(sets.sets)} sets of {len(sets.genes)} {sets.species} genes")
