"""``bench list``: what can be run, without importing it."""

from collections.abc import Mapping
from typing import Any

import click

from genearena.data.cards.tissues import TISSUES
from genearena.data.common.registry import Registry
from genearena.data.common.screen import tell
from genearena.methods.registry import METHODS
from genearena.metrics.registry import METRICS

REGISTRIES: Mapping[str, Registry[Any]] = {"methods": METHODS, "metrics": METRICS}


@click.command("list")
@click.argument("what", type=click.Choice(["methods", "metrics", "tissues"]))
def command(what: str) -> None:
    """List the registered methods or metrics, or the tissues of the embedded atlas."""
    rows = _tissues() if what == "tissues" else _registered(what)
    width = max(len(name) for name, _ in rows)
    for name, text in rows:
        tell(f"{name:<{width}}  {text}")
    if what in REGISTRIES:
        for reason in REGISTRIES[what].refused.values():
            tell(f"Warning: left out: {reason}", err=True)


def _registered(what: str) -> list[tuple[str, str]]:
    return [(entry.name, entry.summary) for entry in REGISTRIES[what].entries.values()]


def _tissues() -> list[tuple[str, str]]:
    return [
        (name, f"simulated: {spec.donors} donors, {', '.join(spec.modalities)}")
        for name, spec in TISSUES.items()
    ]
