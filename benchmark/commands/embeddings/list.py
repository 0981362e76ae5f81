"""``bench embeddings list``: which vectors there are."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver_rows
from genearena.benchmark.commands.stored_records import stored_records
from genearena.benchmark.compare.labels import label_methods
from genearena.benchmark.compare.summary import MethodKey
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.records.selection import keep
from genearena.data.common.screen import tell

COLUMNS = ("tissue", "source", "method", "seed", "preset", "rows", "dim", "mb", "file")


@click.command("list")
@options.selection
@options.names("--methods", "methods", "Only these methods, likewise.")
@options.style("terminal", "csv", "json")
def command(
    out: Path,
    tissues: Sequence[str],
    sources: Sequence[str],
    methods: Sequence[str],
    preset: str | None,
    style: str,
) -> None:
    """List stored vectors, a file each: an AnnData with a row for every gene of every data set."""
    records = keep(stored_records(out, needed=True), tissues, sources, methods, preset)
    rows = list(_rows(ResultStore(out), records))
    deliver_rows(COLUMNS, rows, style)
    if style == "terminal":
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
