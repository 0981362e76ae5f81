"""``bench new-experiment``: write an experiment file to start from."""

from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.data.common.errors import StoreError
from genearena.data.common.screen import tell

TEMPLATE = """\
# An experiment of GeneArena:   bench run {name}
# Options of 'bench run' beside the file win over what it says, as --seeds 1.

about = "Does the contrastive term help?"

tissues = ["lung"]             # of the embedded atlas or added with 'bench data add'
sources = ["simulated-scrna"]  # a task for each tissue and source
seeds = 3                      # how many, a list of them, or "3-7"
# preset = "fast"              # or "paper": settings as published
# dim = 32                     # length of the vectors
# metrics = ["default"]        # "scib" and "all" are groups

# Methods as they are, beside the variants below. "default" is all that run without a file.
methods = ["pca", "stacked", "random"]

# A variant is a method with some settings changed, and a row of its own in tables and figures.
# 'bench list methods --parameters musegnn' tells what can be set.
[variants."musegnn as it is"]
method = "musegnn"

[variants."musegnn no contrast"]
method = "musegnn"
contrastive_weight = 0

# A list in place of a value is a grid: a row for every combination.
[variants."gae rate"]
method = "gae"
learning_rate = [1e-4, 1e-3]
epochs = [50, 200]

# Gene vectors made elsewhere: "vectors:FILE" among the methods, or with a table of gene names:
# [variants."published gene2vec"]
# method = "vectors"
# file = "gene2vec.txt"              # text, csv, tsv, npz, parquet, h5ad, or a folder of the Hub
# table = "hgnc_complete_set.txt"    # previous symbols, aliases and Ensembl ids
"""


@click.command("new-experiment")
@click.argument("file", type=options.FILE)
def command(file: Path) -> None:
    """Write a commented experiment into FILE, to change and to run."""
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(TEMPLATE.format(name=file))
    except FileExistsError as error:
        raise StoreError(f"'{file}' exists already; choose another name or remove it") from error
    except OSError as error:
        raise StoreError(f"cannot write '{file}': {error.strerror}") from error
    tell(f"Wrote {file}. Now:")
    tell(f"  bench run {file} --dry-run")
    tell(f"  bench run {file}")
