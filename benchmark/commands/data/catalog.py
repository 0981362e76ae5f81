"""``bench data catalog``: where the paper had its data from."""

import json
from collections.abc import Sequence
from dataclasses import asdict

import click

from genearena.benchmark.commands.output import deliver
from genearena.benchmark.show.data.data_display import show
from genearena.benchmark.show.tables.sheet import listing
from genearena.data.cards.paper_sources import PaperSource, sources_of
from genearena.data.common.csv_text import csv_text

COLUMNS = ("tissues", "modality", "species", "condition", "what", "url")


@click.command("catalog")
@click.option("--tissue", help="Only the sources of this tissue.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["terminal", "csv", "json"]),
    default="terminal",
    show_default=True,
)
def command(tissue: str | None, style: str) -> None:
    """List where the MuSe-GNN paper had its data from (its Appendix M).

    These are links, some to portals whose files are chosen by hand: download what you want, then
    turn it into graphs with bench data add. Links may have moved since the paper.
    """
    sources = sources_of(tissue)
    {"terminal": _terminal, "csv": _csv, "json": _json}[style](sources)


def _terminal(sources: Sequence[PaperSource]) -> None:
    rows = (
        (
            ", ".join(source.tissues) + (f" ({source.condition})" * bool(source.condition)),
            *(source.modality, source.species, f"{source.what}\n{source.url}"),
        )
        for source in sources
    )
    show(listing("", rows, texts=("tissue", "technique", "species", "source")))


def _csv(sources: Sequence[PaperSource]) -> None:
    rows = (asdict(source) | {"tissues": ";".join(source.tissues)} for source in sources)
    deliver(csv_text(COLUMNS, rows), None)


def _json(sources: Sequence[PaperSource]) -> None:
    deliver(json.dumps([asdict(source) for source in sources], indent=1) + "\n", None)
