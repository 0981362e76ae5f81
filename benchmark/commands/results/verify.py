"""``bench results verify``: whether records and vectors are what they were."""

from collections import Counter
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.records.results import ResultStore
from genearena.data.common.errors import DataError
from genearena.data.common.screen import tell


@click.command("verify")
@options.results_folder()
def verify(out: Path) -> None:
    """Check every record and its vectors; exit with 1 if anything is wrong.

    Each record must be readable, bear the id that follows from its contents, and be unchanged,
    with its vectors, since it was stored: both have seals, records since schema 3. Seals are no
    signatures: whoever changes a record can seal it again. What crashes leave behind is only
    told: see bench results gc.
    """
    from genearena.benchmark.records.integrity import verify as findings_of
    from genearena.benchmark.records.leftovers import find_leftovers

    store = ResultStore(out)
    scan = store.scan()
    findings = list(findings_of(store, scan))
    for finding in findings:
        tell(f"{finding.path}: {finding.text}")
    kinds = Counter(leftover.kind for leftover in find_leftovers(store, scan))
    for kind, count in kinds.items():
        tell(f"{count} left over: {kind}; see bench results gc", err=True)
    if findings:
        files = len({finding.path for finding in findings})
        raise DataError(f"{files} of the files of {len(scan.records)} runs in {out} are wrong")
    tell(f"{len(scan.records)} runs in {out} are as they were stored")
