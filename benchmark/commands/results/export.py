"""``bench results export``: all results as one long table."""

from pathlib import Path

import click

from genearena.benchmark.commands import result_options
from genearena.benchmark.commands.stored_records import stored_records
from genearena.data.common.errors import UsageError
from genearena.data.common.screen import tell


@click.command("export")
@result_options.results_folder
@click.option(
    "--to",
    "path",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; its ending, .parquet or .csv, says how.",
)
def export(out: Path, path: Path) -> None:
    """Write one row per run and metric, with all that is known of the run on each.

    In pandas: pd.read_parquet(FILE).query("status == 'ok'").pivot_table("metric_value",
    "method_name", "metric")
    """
    from genearena.benchmark.records.export import write_table

    records = stored_records(out)
    if not records:
        raise UsageError(f"no results in {out}; run 'bench run' first, or name a folder with --out")
    rows = write_table(records, path)
    tell(f"Wrote {rows} rows of {len(records)} runs to {path}", err=True)
