"""``bench match``: which genes of a task a file of vectors has, and why not the others."""

from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver
from genearena.data.common.csv_text import csv_text
from genearena.data.common.screen import tell

COLUMNS = ("of", "gene", "vector", "why", "other_name")


@click.command("match")
@click.argument("file", type=options.PATH)
@options.tissue
@options.source
@click.option(
    "--gene-names",
    "table",
    type=options.FILE,
    help="Names of genes: HGNC's symbols, previous symbols, aliases and Ensembl ids, or some of "
    "these.",
)
@options.output("Write what became of every gene of the task and of the file to this csv.")
@options.data_dir
def command(
    file: Path,
    tissue: str,
    source: str,
    table: Path | None,
    output: Path | None,
    data_dir: Path | None,
) -> None:
    """Say which genes of a task the vectors in FILE have, and why they lack the others.

    FILE is what 'bench run --methods vectors:FILE' takes: text as word2vec and gensim write it
    (.txt, .vec, .w2v), .csv, .tsv, .npz, .parquet, .h5ad, or a folder of the Gene Embedding Hub.
    """
    from genearena.benchmark.run.coverage import gene_names
    from genearena.data.tasks import find_task
    from genearena.methods.vectors import matched

    task = find_task(tissue, source=source, folder=data_dir)
    _, matching = matched(file.expanduser(), table, gene_names(task))
    for line in matching.lines():
        tell(line)
    if output is not None:
        sides = (("task", matching.genes), ("file", matching.unused))
        rows = (
            dict(zip(COLUMNS, (of, gene, gene in matching.rows, what, other), strict=True))
            for of, fates in sides
            for gene, (what, other) in fates.items()
        )
        deliver(csv_text(COLUMNS, rows), output)
