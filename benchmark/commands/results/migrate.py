"""``bench results migrate``: rewrite and rename records of earlier schemas."""

from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.stored_records import warned_scan
from genearena.benchmark.records.record import SCHEMA_VERSION
from genearena.benchmark.records.record_files import alteration, schema_version
from genearena.benchmark.records.results import ResultStore
from genearena.data.common.screen import caution, tell


@click.command("migrate")
@options.results_folder()
def migrate(out: Path) -> None:
    """Rewrite records of earlier schemas under the present one, and name them after its ids.

    They are read as they are, only more slowly; apart from runs that are done or scored again,
    nothing else rewrites them. Earlier versions of GeneArena cannot read them afterwards.
    """
    from genearena.benchmark.records.leases import Leases

    store = ResultStore(out)
    scan = warned_scan(store)
    count = 0
    with Leases(store.records_folder) as leases:
        for record in scan.records:
            path = store.record_path(record.run_id)
            if schema_version(path) == SCHEMA_VERSION:
                continue
            if problem := alteration(record):
                caution(f"{path} is left as it is ({problem})")
            elif holder := leases.claim(record.run_id):
                caution(f"{path} is in use on {holder.host}; left as it is")
            else:
                store.renew(record)
                leases.give_back(record.run_id)
                count += 1
    tell(f"{count} records rewritten under schema {SCHEMA_VERSION}")
    if scan.former:
        tell(
            f"{len(scan.former)} earlier records of runs that have a newer one are left; see "
            "bench results gc --superseded",
            err=True,
        )
