"""``bench embeddings list``: which vectors there are."""

from collections.abc import Iterable, Iterator

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver_rows
from genearena.benchmark.commands.stored_records import StoredRuns
from genearena.benchmark.compare.labels import label_methods
from genearena.benchmark.compare.summary import MethodKey
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.data.common.screen import tell

COLUMNS = ("tissue", "source", "method", "seed", "preset", "rows", "dim", "mb", "file")


@click.command("list")
@options.stored_runs(data=False)
@options.style("table", "csv", "json")
def command(runs: StoredRuns, style: str) -> None:
    """List stored vectors, a file each: an AnnData with a row for every gene of every data set."""
    rows = list(_rows(ResultStore(runs.out), runs.records))
    deliver_rows(COLUMNS, rows, style)
    if style == "table":
        tell(f"{len(rows)} files", err=True)


def _rows(store: ResultStore, records: Iterable[RunRecord]) -> Iterator[dict[str, object]]:
    finished = [record for record in records if record.status == "ok"]
    labels = label_methods(finished)
    for record in finished:
        path = store.embedding_path(record)
        if path.exists():
            values = (
                record.task.tissue, record.task.source, labels[MethodKey.of(record)], record.seed,
                record.preset, record.task.n_rows, record.method.params.get("dim"),
                round(path.stat().st_size / 1e6, 1), str(path),
            )  # fmt: skip
            yield dict(zip(COLUMNS, values, strict=True))
