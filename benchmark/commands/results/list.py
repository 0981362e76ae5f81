"""``bench results list``: one line per stored run."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import get_args

import click

from genearena.benchmark.commands import result_options
from genearena.benchmark.commands.output import deliver
from genearena.benchmark.commands.stored_records import stored_records
from genearena.benchmark.records.record import RunRecord, Status
from genearena.benchmark.records.selection import keep
from genearena.benchmark.run.request import split_names
from genearena.benchmark.show.tables.numbers import NOT_MEASURED
from genearena.data.common.csv_text import csv_text
from genearena.data.common.screen import tell

COLUMNS = (
    "tissue", "source", "method", "seed", "preset", "status", "seconds", "added_mb", "created",
    "run_id",
)  # fmt: skip


@click.command("list")
@result_options.results_folder
@result_options.tissues
@result_options.sources
@click.option("--method", "methods", multiple=True, help="Only these methods, likewise.")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(get_args(Status)),
    help="Only runs that ended so; repeat for several.",
)
@result_options.preset
@click.option(
    "--format",
    "style",
    type=click.Choice(["terminal", "csv", "json"]),
    default="terminal",
    show_default=True,
)
def list_runs(
    out: Path,
    tissues: tuple[str, ...],
    sources: tuple[str, ...],
    methods: tuple[str, ...],
    statuses: tuple[str, ...],
    preset: str | None,
    style: str,
) -> None:
    """List stored runs, one line each: how they ended, and what they took of time and memory.

    added_mb is the memory that a run added to what its process held before.
    """
    wanted = {
        "tissue": split_names(tissues, "--tissue"),
        "source": split_names(sources, "--source"),
        "method": split_names(methods, "--method"),
        "preset": () if preset is None else (preset,),
    }
    records = stored_records(out)
    for what, names in wanted.items():
        records = keep(records, what, names)
    STYLES[style]([_row(record) for record in records if not statuses or record.status in statuses])


def _row(record: RunRecord) -> dict[str, object]:
    return {
        "tissue": record.task.tissue,
        "source": record.task.source,
        "method": record.method.name,
        "seed": record.seed,
        "preset": record.preset,
        "status": record.status,
        "seconds": round(record.cost.seconds, 3),
        "added_mb": _megabytes(record.cost.added_rss_bytes),
        "created": record.created,
        "run_id": record.run_id,
    }


def _megabytes(n_bytes: int | None) -> float | None:
    return None if n_bytes is None else round(n_bytes / 1e6, 1)


def _terminal(rows: Sequence[Mapping[str, object]]) -> None:
    lines = [COLUMNS, *(tuple(_text(row[name]) for name in COLUMNS) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        tell("  ".join(cells).rstrip())
    tell(f"{len(rows)} runs", err=True)


def _text(value: object) -> str:
    return NOT_MEASURED if value is None else str(value)


def _csv(rows: Sequence[Mapping[str, object]]) -> None:
    deliver(csv_text(COLUMNS, rows), None)


def _json(rows: Sequence[Mapping[str, object]]) -> None:
    deliver(json.dumps(rows, indent=1) + "\n", None)


STYLES: Mapping[str, Callable[[Sequence[Mapping[str, object]]], None]] = {
    "terminal": _terminal,
    "csv": _csv,
    "json": _json,
}
