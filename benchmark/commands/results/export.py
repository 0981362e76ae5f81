"""``bench results export``: all results as one long table."""

from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.stored_records import stored_records
from genearena.data.common.screen import tell


@click.command("export")
@options.results_folder()
@options.output(
    "File to write; its ending, .parquet or .csv, says how.", former="--to", required=True
)
def export(out: Path, output: Path) -> None:
    """Write one row per run and metric, with all that is known of the run on each.

    In pandas: pd.read_parquet(FILE).query("status == 'ok'").pivot_table("metric_value",
    "method_name", "metric")
    """
    from genearena.benchmark.records.export import write_table

    records = stored_records(out, needed=True)
    rows = write_table(records, output)
    tell(f"Wrote {rows} rows of {len(records)} runs to {output}", err=True)
