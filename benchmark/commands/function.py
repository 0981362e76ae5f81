"""``bench function``: whether stored vectors tell the functions of genes."""

from collections.abc import Sequence
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver, laid_out
from genearena.benchmark.commands.stored_records import StoredRuns


@click.command("function")
@options.genesets
@click.option(
    "--added",
    help="Gene sets of a later date: learn from --genesets, and tell genes that joined one since "
    "from those that are in neither.",
)
@options.names(
    "--ways",
    "ways",
    "Ways to ask: knn, logistic, voting; and svm, as the GO benchmark of Zhong et al. (2025), in "
    "minutes  [default: all others]",
)
@options.renamed("--by", "--ways", multiple=True)
@options.choice(
    "--vectors",
    of=("mean", "per-graph", "concatenated"),
    about="What a gene's vector is for knn and logistic: the mean over graphs, one in each graph, "
    "or those of all graphs in a row.",
)
@options.names("--sets", "only", "Only these sets; genes of other sets are still asked about.")
@options.set_sizes(200)
@click.option("--folds", default=5, type=click.IntRange(2), help="Folds of genes, by name.")
@click.option("--repeats", default=3, type=click.IntRange(1), help="How often they are drawn.")
@click.option("--neighbours", default=5, type=click.IntRange(1), help="Neighbours of knn.")
@click.option(
    "--permutations",
    default=0,
    type=click.IntRange(0),
    help="Permute names so often, for a p of every method (of its first seed); each takes as long "
    "as the method does.",
)
@click.option("--seed", default=0, type=click.IntRange(0), help="Seed of folds and random vectors.")
@options.style("table", "csv", "md", "latex", about="csv has a line for each method and set.")
@options.output("Write to this file instead of the screen.")
@options.stored_runs()
def command(
    genesets: str,
    added: str | None,
    ways: Sequence[str],
    vectors: str,
    only: Sequence[str],
    min_size: int,
    max_size: int,
    folds: int,
    repeats: int,
    neighbours: int,
    permutations: int,
    seed: int,
    style: str,
    output: Path | None,
    runs: StoredRuns,
) -> None:
    """Say whether the vectors of stored runs tell which genes are in which sets.

    Genes are split by name: no gene is predicted from its own vector in another donor. All methods
    are asked about the genes that all of them have, and where they have more, about their own.
    Beside them stand what profiles, chance, expression, degree and the number of a gene's
    annotations tell. knn, logistic and svm predict, voting ranks the genes of one donor by the
    votes of those of others (EGAD).
    """
    from threadpoolctl import threadpool_limits

    from genearena.benchmark.biology.function import function_tables
    from genearena.benchmark.biology.question import USUAL, WAYS, FunctionOptions
    from genearena.benchmark.show.biology.function_sheets import function_csv, function_sheet
    from genearena.benchmark.show.data.data_display import say
    from genearena.data.common.errors import UsageError, did_you_mean
    from genearena.data.genesets.store import GeneSetStore
    from genearena.metrics._annotation.prediction import Splits

    for way in ways:
        if way not in WAYS:
            raise UsageError(f"--ways {way} is no way to ask; {did_you_mean(way, WAYS)}")
    store = GeneSetStore(runs.data_dir)
    sets = store.get(genesets)
    later = None if added is None else store.get(added)
    others = store.besides(sets, *([] if added is None else [added]))
    settings = FunctionOptions(
        ways=tuple(ways) or USUAL,
        vectors=vectors,  # type: ignore[arg-type]
        fewest=min_size,
        most=max_size,
        only=tuple(only),
        splits=Splits(folds, repeats, seed),
        k=neighbours,
        permutations=permutations,
    )
    # threads that wait for each other take longer than one that works
    with threadpool_limits(limits=1):
        found = runs.ask(
            lambda task: function_tables(task, sets, settings, others, say, later),
        )
    tables = [table for of_task in found for table in of_task]
    if style == "csv":
        deliver(function_csv(tables), output)
    else:
        deliver(laid_out([function_sheet(table) for table in tables], style, output), output)
