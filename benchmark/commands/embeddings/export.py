"""``bench embeddings export``: stored vectors for other programs."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.stored_records import StoredRuns
from genearena.data.common.errors import UsageError
from genearena.data.common.screen import caution, tell

if TYPE_CHECKING:
    from genearena.benchmark.biology.joint import Stored

JOINT = ".h5ad"


@click.command("export")
@options.names(
    "--methods",
    "methods",
    "Methods, as tables call them; one but for .h5ad  [default: the best by the headline]",
)
@click.option(
    "--seed",
    "seeds",
    type=int,
    multiple=True,
    help="Seed; repeat it for several  [default: .h5ad: all; else the first]",
)
@options.choice(
    "--vectors",
    of=("mean", "per-graph", "concatenated"),
    about="One vector per gene, the mean of those of all data sets or all in a row, or those of "
    "every data set. .h5ad always has the latter.",
)
@options.output(
    "File to write; its ending says how: .h5ad, .txt, .vec or .w2v (word2vec), .npz, .parquet, "
    ".csv, .tsv.",
    required=True,
)
@options.stored_runs(methods="", data=False)
def command(
    methods: Sequence[str],
    seeds: Sequence[int],
    vectors: str,
    output: Path,
    runs: StoredRuns,
) -> None:
    """Write the vectors of runs on one task to a file.

    .h5ad is one AnnData over data sets, methods and seeds, for scanpy: obsm has an array for each
    run. The others have the vectors of one run. What is one per gene can be run on another task,
    with 'bench run --methods vectors:FILE'; 'bench submit' takes what is of data sets. Means are of
    vectors of length 1, and say something only where a method puts data sets into one space.
    """
    from genearena.benchmark.biology.joint import gene_vectors, joint, stored_runs
    from genearena.benchmark.records.results import ResultStore
    from genearena.data.common.atomic import write_atomically
    from genearena.data.write_vectors import check_vector_path, write_vectors

    if output.suffix != JOINT:
        check_vector_path(output)
    records = runs.records if methods else runs.best
    found = stored_runs(ResultStore(runs.out), records, methods, seeds, caution)
    if output.suffix == JOINT:
        table = joint(found)
        write_atomically(output, table.write_h5ad)
    else:
        found = _one_run(found, seeds)
        write_vectors(gene_vectors(found[0], vectors), output)  # type: ignore[arg-type]
    told = ", ".join(f"{each.label} seed {each.run.seed}" for each in found)
    tell(f"Wrote {output}: {found[0].where}, {told}", err=True)


def _one_run(found: "list[Stored]", seeds: Sequence[int]) -> "list[Stored]":
    labels = list(dict.fromkeys(each.label for each in found))
    if len(labels) > 1:
        raise UsageError(
            f"this file holds one method, and there are {', '.join(labels)}; choose with --methods"
        )
    if len(seeds) > 1:
        raise UsageError("this file holds one run; give one --seed, or write an .h5ad")
    return found[:1]
