"""Read a results folder for a command: name what is no record, and go on without it."""

from collections.abc import Sequence
from pathlib import Path

from genearena.benchmark.compare.aggregate import Ties
from genearena.benchmark.compare.build import build_leaderboards
from genearena.benchmark.compare.leaderboard import Leaderboard
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore, Scan
from genearena.data.common.errors import UsageError
from genearena.data.common.screen import tell


def warned_scan(store: ResultStore, *, needed: bool = False) -> Scan:
    """Scan a folder, warning of every file that is no record.

    Raises
    ------
    UsageError
        If records are `needed` and there are none.
    """
    scan = store.scan()
    for problem in scan.problems:
        tell(f"Warning: {problem}; left out", err=True)
    if needed and not scan.records:
        raise UsageError(
            f"no results in {store.folder}; run 'bench run' first, or name a folder with --out"
        )
    return scan


def stored_records(folder: Path, *, needed: bool = False) -> list[RunRecord]:
    """Return the readable records of a folder; see `warned_scan`."""
    return list(warned_scan(ResultStore(folder), needed=needed).records)


def stored_boards(
    out: Path,
    tissues: Sequence[str],
    sources: Sequence[str],
    preset: str | None,
    ties: Ties = "average",
) -> tuple[Leaderboard, ...]:
    """Return the leaderboards of what the options of `options.selection` name.

    Raises
    ------
    UsageError
        If there are no results, or none of what is named.
    """
    records = stored_records(out, needed=True)
    return build_leaderboards(records, tissues=tissues, sources=sources, preset=preset, ties=ties)
