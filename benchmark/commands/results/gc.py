"""``bench results gc``: remove what nothing needs."""

from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.stored_records import warned_scan
from genearena.benchmark.records.results import ResultStore
from genearena.data.common.screen import tell


@click.command("gc")
@options.results_folder()
@click.option(
    "--superseded",
    is_flag=True,
    help="Also runs that were made again later with other data or another version.",
)
@click.option("--yes", is_flag=True, help="Remove them; without, only say what would be.")
def gc(out: Path, superseded: bool, yes: bool) -> None:
    """Remove leftovers: temporary files, lapsed leases, damaged files set aside, stray vectors.

    Nothing that changed in the last ten minutes is touched, as a process may be at it. Records
    are kept, unless asked for with --superseded.
    """
    from genearena.benchmark.records.leftovers import find_leftovers, find_superseded, remove

    store = ResultStore(out)
    scan = warned_scan(store)
    leftovers = list(find_leftovers(store, scan))
    if superseded:
        leftovers += find_superseded(store, scan)
    removed = remove(leftovers, store.records_folder) if yes else leftovers
    count, n_bytes = 0, 0
    for leftover in removed:
        count, n_bytes = count + 1, n_bytes + leftover.n_bytes
        tell(f"{leftover.path}: {leftover.kind}, {leftover.n_bytes} bytes")
    done = "removed" if yes else "would be removed; do it with --yes"
    tell(f"{count} files, {n_bytes / 1e6:.1f} MB {done}", err=True)
