"""``bench results list``: one line per stored run."""

from typing import get_args

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver_rows
from genearena.benchmark.commands.stored_records import StoredRuns
from genearena.benchmark.records.record import RunRecord, Status
from genearena.data.common.screen import tell

COLUMNS = (
    "tissue", "source", "method", "seed", "preset", "status", "seconds", "added_mb", "created",
    "run_id",
)  # fmt: skip


@click.command("list")
@options.stored_runs(data=False)
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(get_args(Status)),
    help="Only runs that ended so; repeat for several.",
)
@options.style("table", "csv", "json")
def list_runs(
    runs: StoredRuns,
    statuses: tuple[str, ...],
    style: str,
) -> None:
    """List stored runs, one line each: how they ended, and what they took of time and memory.

    added_mb is the memory that a run added to what its process held before.
    """
    rows = [_row(record) for record in runs.found() if not statuses or record.status in statuses]
    deliver_rows(COLUMNS, rows, style)
    if style == "table":
        tell(f"{len(rows)} runs", err=True)


def _row(record: RunRecord) -> dict[str, object]:
    added = record.cost.added_rss_bytes
    return {
        "tissue": record.task.tissue,
        "source": record.task.source,
        "method": record.method.name,
        "seed": record.seed,
        "preset": record.preset,
        "status": record.status,
        "seconds": round(record.cost.seconds, 3),
        "added_mb": None if added is None else round(added / 1e6, 1),
        "created": record.created,
        "run_id": record.run_id,
    }
