"""``bench genesets fetch``: named downloads, and their like from other places."""

from dataclasses import replace
from pathlib import Path

import click

from genearena.benchmark.commands import options
from genearena.benchmark.show.data.data_display import say
from genearena.data.common.errors import UsageError
from genearena.data.common.screen import tell


@click.command("fetch")
@click.argument("names", nargs=-1)
@click.option("--address", help="Take the file from here, a mirror or another release.")
@click.option("--sha256", help="Checksum that the file must have.")
@options.force
@options.data_dir
def command(
    names: tuple[str, ...],
    address: str | None,
    sha256: str | None,
    force: bool,
    data_dir: Path | None,
) -> None:
    """Download gene sets by NAME; without one, list what there is, and on which terms.

    Files come from their makers, and are checked where their checksum is known. Needs a network.
    """
    from genearena.data.genesets.fetch import CATALOGUE, fetch, known_download
    from genearena.data.genesets.store import GeneSetStore

    if not names:
        width = max(map(len, CATALOGUE))
        for name, known in CATALOGUE.items():
            tell(f"{name:<{width}}  {known.species}  {known.about}; {known.licence}")
        return
    if len(names) > 1 and (address or sha256):
        raise UsageError("--address and --sha256 are those of one file; fetch it alone")
    downloads = {name: known_download(name) for name in names}
    for name, known in downloads.items():
        changed = replace(known, address=address, sha256=sha256 or "") if address else known
        changed = replace(changed, sha256=sha256.lower()) if sha256 else changed
        say(f"fetching {changed.address}")
        sets = fetch(GeneSetStore(data_dir), name, changed, replace=force)
        say(f"stored {name}: {len(sets.sets)} sets of {len(sets.genes)} {sets.species} genes")
        tell(f"{name}: sha256 {sets.sha256}, licence {sets.licence}")
