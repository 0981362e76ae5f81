"""``bench results migrate``: rewrite records of earlier schemas."""

from pathlib import Path

import click

from genearena.benchmark.commands import result_options
from genearena.benchmark.commands.stored_records import warned_scan
from genearena.benchmark.screen import tell
from genearena.benchmark.store.record_files import schema_version
from genearena.benchmark.store.records import SCHEMA_VERSION
from genearena.benchmark.store.results import ResultStore


@click.command("migrate")
@result_options.results_folder
def migrate(out: Path) -> None:
    """Rewrite records of earlier schemas under the present one.

    They are read as they are, only more slowly; nothing else rewrites them. Earlier versions of
    GeneArena cannot read them afterwards.
    """
    store = ResultStore(out)
    count = 0
    for record in warned_scan(out).records:
        if schema_version(store.record_path(record.run_id)) != SCHEMA_VERSION:
            store.write_instead_of(record, record)
            count += 1
    tell(f"{count} records rewritten under schema {SCHEMA_VERSION}")
