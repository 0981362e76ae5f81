"""``bench submit``: score gene vectors that were made elsewhere."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from genearena.benchmark.commands import options
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.request import chosen_metrics
from genearena.data.common.errors import DeclarationError, MetricError, UsageError
from genearena.data.common.screen import tell

if TYPE_CHECKING:
    from genearena.benchmark.records.record import RunRecord

LONGEST = 120


def _line(_: click.Context, option: click.Parameter, text: str) -> str:
    line = " ".join(text.split())
    if not line or len(line) > LONGEST or not line.isprintable():
        name = option.opts[0]
        raise UsageError(f"{name} is {len(line)} characters of text, want 1 to {LONGEST}")
    return line


def _settings(_: click.Context, __: click.Parameter, texts: Sequence[str]) -> dict[str, Any]:
    return dict(map(_setting, texts))


def _setting(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier() or name == "dim":
        raise UsageError(f"--set '{text}' is no setting; want NAME=VALUE (dim is the width)")
    try:
        read = json.loads(value)
        json.dumps(read, allow_nan=False)
    except (ValueError, RecursionError):
        return name, value
    return name, read


@click.command("submit")
@click.argument("file", type=options.PATH)
@click.option("--tissue", required=True, help="Tissue of the task the vectors are for.")
@click.option("--source", default="auto", help="Its data, as in 'bench run'.")
@click.option("--method", required=True, help="Name for the tables; none of the suite's own.")
@click.option(
    "--seed", required=True, type=click.IntRange(min=0), help="Number of the repeat, as in a run."
)
@click.option(
    "--origin", "by", required=True, callback=_line, help="Who made the vectors; tables name it."
)
@options.renamed("--by", "--origin", "by")
@click.option("--version", default="1", callback=_line, help="Version of the method.")
@click.option(
    "--set",
    "params",
    multiple=True,
    callback=_settings,
    help="A setting, NAME=VALUE; repeat for more.",
)
@click.option(
    "--trained-on", default="not stated", callback=_line, help="Outside data the method has seen."
)
@click.option(
    "--fingerprint",
    default="",
    show_default=False,
    help="Data the vectors were made from, if the file does not say; see 'bench data check'.",
)
@click.option(
    "--unstated-data",
    is_flag=True,
    help="Accept vectors that do not say what they were made from; tables mark them.",
)
@click.option(
    "--new-donor",
    type=options.PATH,
    help="Vectors trained without the donor left out at the seed (of B donors the seed's "
    "remainder by B, from 0), for New donor.",
)
@click.option(
    "--each-graph",
    is_flag=True,
    help="The method learns from each graph by itself: its vectors are also those without the "
    "donor; tables say so.",
)
@options.metrics
@options.results_folder()
@options.data_dir
def command(
    file: Path,
    tissue: str,
    source: str,
    new_donor: Path | None,
    each_graph: bool,
    metrics: Sequence[str],
    out: Path,
    data_dir: Path | None,
    **stated: Any,
) -> None:
    """Score the gene vectors in FILE and store them as a run, marked as submitted.

    FILE is an h5ad (dense X, obs columns dataset and gene), an npz (arrays dataset, gene,
    vectors) or a csv, tsv or parquet (columns dataset, gene, then one per dimension). Genes
    without a row lower the coverage; other genes or data sets than the task's are refused. An
    h5ad may state the fingerprint of its data in uns["fingerprint"] and such vectors in
    obsm["new_donor"], an npz in arrays of these names. One vector per gene name, whatever the data
    set, is for 'bench run --methods vectors:FILE'.
    """
    from genearena.benchmark.records.declared import declared_metric, usable
    from genearena.benchmark.run.submission.submit import Statement, submit
    from genearena.data.tasks import find_task

    chosen, broken = usable(chosen_metrics(metrics), lambda name: declared_metric(name, data_dir))
    if not chosen:
        raise DeclarationError("; ".join(broken.values()))
    for reason in broken.values():
        tell(f"Warning: left out: {reason}", err=True)
    statement = Statement(each_graph=each_graph, **stated)
    task = find_task(tissue, source=source, folder=data_dir)
    store = ResultStore(out)
    store.check_writable()
    record = submit(file, statement, task, store, new_donor=new_donor, metrics=tuple(chosen))
    _tell(record, out)
    failed = [name for name, result in record.metrics.items() if result.status == "failed"]
    if failed:
        raise MetricError(f"{', '.join(failed)} could not be computed; the vectors are stored")


def _tell(record: "RunRecord", out: Path) -> None:
    width = max(len(result.label) for result in record.metrics.values())
    for result in record.metrics.values():
        value = "-" if result.value is None else f"{result.value:.3f}"
        tell(f"{result.label:<{width}}  {value:>6}  {result.flag}".rstrip())
    if record.gene_coverage is not None and record.gene_coverage < 1:
        tell(f"{record.gene_coverage:.1%} of gene rows have a vector")
    if record.origin is not None and not record.origin.data_stated:
        tell("Warning: nothing says which data they were made from; tables say so", err=True)
    tell(f"Stored {record.run_id}. Next: bench leaderboard --out {out}")
