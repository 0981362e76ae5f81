"""Read a results folder for a command: name what is no record, and go on without it."""

from pathlib import Path

from genearena.benchmark.screen import tell
from genearena.benchmark.store.records import RunRecord
from genearena.benchmark.store.results import ResultStore, Scan


def stored_records(folder: Path) -> list[RunRecord]:
    """Return the readable records of a folder, warning of every file that is none."""
    return list(warned_scan(ResultStore(folder)).records)


def warned_scan(store: ResultStore) -> Scan:
    """Scan a folder, warning of every file that is no record."""
    scan = store.scan()
    for problem in scan.problems:
        tell(f"Warning: {problem}; left out", err=True)
    return scan
