"""``bench submit``: score gene vectors that were made elsewhere."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from genearena.benchmark.commands.data.options import data_dir_option
from genearena.benchmark.records.results import DEFAULT_FOLDER, ResultStore
from genearena.benchmark.run.request import split_names
from genearena.data.common.errors import DeclarationError, MetricError, UsageError
from genearena.data.common.screen import tell

if TYPE_CHECKING:
    from genearena.benchmark.records.record import RunRecord

LONGEST = 120


@click.command("submit")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--tissue", required=True, help="Tissue of the task the vectors are for.")
@click.option("--source", default="auto", show_default=True, help="Its data, as in 'bench run'.")
@click.option("--method", required=True, help="Name for the tables; none of the suite's own.")
@click.option(
    "--seed", required=True, type=click.IntRange(min=0), help="Number of the repeat, as in a run."
)
@click.option("--by", required=True, help="Who made the vectors; tables name it.")
@click.option("--version", default="1", show_default=True, help="Version of the method.")
@click.option("--param", "params", multiple=True, help="A setting, NAME=VALUE; repeat for more.")
@click.option("--trained-on", default="not stated", help="Outside data the method has seen.")
@click.option(
    "--fingerprint",
    default="",
    help="Data the vectors were made from, if the file does not say; see 'bench data check'.",
)
@click.option(
    "--unstated-data",
    is_flag=True,
    help="Accept vectors that do not say what they were made from; tables mark them.",
)
@click.option(
    "--heldout",
    type=click.Path(path_type=Path),
    help="Vectors trained without the hidden edges, for Held-out AUC.",
)
@click.option(
    "--reads-no-edges",
    is_flag=True,
    help="The method reads no edges, so that its vectors are held-out vectors; tables say so.",
)
@click.option("--metrics", multiple=True, help="Metrics, separated by commas [default: all].")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="Results folder.",
)
@data_dir_option
def command(
    file: Path,
    tissue: str,
    source: str,
    method: str,
    seed: int,
    by: str,
    version: str,
    params: Sequence[str],
    trained_on: str,
    fingerprint: str,
    unstated_data: bool,
    heldout: Path | None,
    reads_no_edges: bool,
    metrics: Sequence[str],
    out: Path,
    data_dir: Path | None,
) -> None:
    """Score the gene vectors in FILE and store them as a run, marked as submitted.

    FILE is an h5ad (dense X, obs columns dataset and gene), an npz (arrays dataset, gene,
    vectors) or a csv (columns dataset, gene, then one per dimension). Genes without a row lower
    the coverage; other genes or data sets than the task's are refused. An h5ad may state the
    fingerprint of its data in uns["fingerprint"] and held-out vectors in obsm["heldout"], an npz
    in arrays of these names.
    """
    from genearena.benchmark.records.declared import declared_metric, usable
    from genearena.benchmark.run.submission.submit import Statement, submit
    from genearena.data.tasks import find_task
    from genearena.metrics.registry import METRICS

    names = split_names(metrics, "--metrics", {"all": METRICS.names}) or METRICS.names
    chosen, broken = usable(names, declared_metric)
    if not chosen:
        raise DeclarationError("; ".join(broken.values()))
    for reason in broken.values():
        tell(f"Warning: left out: {reason}", err=True)
    statement = Statement(
        method=method,
        seed=seed,
        by=_line("--by", by),
        version=_line("--version", version),
        params=dict(_setting(param) for param in params),
        trained_on=_line("--trained-on", trained_on),
        fingerprint=fingerprint,
        unstated_data=unstated_data,
        reads_edges=not reads_no_edges,
    )
    task = find_task(tissue, source=source, folder=data_dir)
    store = ResultStore(out)
    store.check_writable()
    record = submit(file, statement, task, store, heldout=heldout, metrics=tuple(chosen))
    _tell(record, out)
    failed = [name for name, result in record.metrics.items() if result.status == "failed"]
    if failed:
        raise MetricError(f"{', '.join(failed)} could not be computed; the vectors are stored")


def _line(option: str, text: str) -> str:
    line = " ".join(text.split())
    if not line or len(line) > LONGEST or not line.isprintable():
        raise UsageError(f"{option} is {len(line)} characters of text, want 1 to {LONGEST}")
    return line


def _setting(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier() or name == "dim":
        raise UsageError(f"--param '{text}' is no setting; want NAME=VALUE (dim is the width)")
    try:
        read = json.loads(value)
        json.dumps(read, allow_nan=False)
    except (ValueError, RecursionError):
        return name, value
    return name, read


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
