"""``bench merge``: take over runs from another results folder."""

from collections import Counter
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.records.results import ResultStore
from genearena.data.common.errors import DataError, UsageError
from genearena.data.common.screen import tell


@click.command("merge")
@click.argument("folder", type=options.PATH)
@click.option("--origin", help="What tables call the origin [default: the folder's name].")
@options.renamed("--by", "--origin")
@click.option(
    "--rescore/--no-rescore",
    default=True,
    help="Compute scores again from the vectors and refuse runs whose scores differ.",
)
@options.results_folder("Results folder to merge into.")
@options.data_dir
def command(
    folder: Path, origin: str | None, rescore: bool, out: Path, data_dir: Path | None
) -> None:
    """Take over the runs of another results FOLDER that stand every check.

    Each record must keep the schema, be the run it says it is, and stand on the data that are
    stored here; its vectors must fit these data and give its scores. A run that is here already
    is left alone; one that is here with other numbers is refused, as is all that fails a check,
    each with its reason: methods and metrics that are not what they are here, failures of methods
    that ran here, numbers and dates that cannot be. Runs taken over are rows of their own, marked
    §; they change nothing in other rows, and 'bench run' does not take them for its own.
    """
    from genearena.benchmark.run.submission.foreign_record import LONGEST_NAME
    from genearena.benchmark.run.submission.merge import Merger

    name = " ".join((origin or folder.resolve().name).split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise UsageError(f"--origin has {len(name)} characters, want 1 to {LONGEST_NAME}")
    counts: Counter[str] = Counter()
    for decision in Merger(ResultStore(out), name, data_dir, rescore=rescore).merge(folder):
        counts[decision.verdict] += 1
        if decision.verdict == "refused":
            tell(f"refused {decision.file}: {decision.reason}", err=True)
    tell(
        f"{counts['merged']} runs merged into {out}, {counts['stored']} were there, "
        f"{counts['refused']} refused"
    )
    if counts["refused"]:
        raise DataError(f"{counts['refused']} of {counts.total()} records of '{folder}' refused")
