"""Read a results folder for a command: name what is no record, and go on without it."""

from pathlib import Path

from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore, Scan
from genearena.data.common.screen import tell


def stored_records(folder: Path) -> list[RunRecord]:
    """Return the readable records of a folder, warning of every file that is none."""
    return list(warned_scan(ResultStore(folder)).records)


def warned_scan(store: ResultStore) -> Scan:
    """Scan a folder, warning of every file that is no record."""
    scan = store.scan()
    for problem in scan.problems:
        tell(f"Warning: {problem}; left out", err=True)
    return scan
