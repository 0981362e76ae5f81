"""``bench data catalog``: where the paper had its data from."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from genearena.benchmark.commands import options
from genearena.benchmark.commands.output import deliver
from genearena.benchmark.show.data.data_display import show
from genearena.benchmark.show.tables.sheet import Sheet, listing
from genearena.data.cards.paper_sources import PaperSource, sources_of
from genearena.data.common.csv_text import csv_text

COLUMNS = ("tissues", "modality", "species", "condition", "what", "url")
KEYS = ("tissues", "modality", "species", "what", "url", "condition")


@click.command("catalog")
@click.option("--tissue", help="Only the sources of this tissue.")
@options.style("table", "csv", "json")
def command(tissue: str | None, style: str) -> None:
    """List where the MuSe-GNN paper had its data from (its Appendix M).

    These are links, some to portals whose files are chosen by hand: download what you want, then
    turn it into graphs with bench data add. Links may have moved since the paper.
    """
    sources = sources_of(tissue)
    if style == "table":
        show(_table(sources))
    elif style == "csv":
        rows = (asdict(source) | {"tissues": ";".join(source.tissues)} for source in sources)
        deliver(csv_text(COLUMNS, rows))
    else:
        plain = [{name: asdict(source)[name] for name in KEYS} for source in sources]
        deliver(json.dumps(plain, indent=1) + "\n")


def _table(sources: Sequence[PaperSource]) -> Sheet:
    rows = (
        (
            ", ".join(source.tissues) + (f" ({source.condition})" * bool(source.condition)),
            *(source.modality, source.species, f"{source.what}\n{source.url}"),
        )
        for source in sources
    )
    return listing("", rows, texts=("tissue", "technique", "species", "source"))
