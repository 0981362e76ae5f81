"""``bench list``: what can be run, without importing it."""

from collections.abc import Mapping
from typing import Any

import click

from genearena.data.cards.tissues import TISSUES
from genearena.data.common.registry import Registry
from genearena.data.common.screen import tell
from genearena.methods.registry import METHODS
from genearena.metrics.registry import METRICS, is_scib

REGISTRIES: Mapping[str, Registry[Any]] = {"methods": METHODS, "metrics": METRICS}
OFF = "  [off; --metrics default,scib]"


@click.command("list")
@click.argument("what", type=click.Choice([*REGISTRIES, "tissues"]))
def command(what: str) -> None:
    """List the registered methods or metrics, or the tissues of the embedded atlas."""
    registry = REGISTRIES.get(what)
    if registry is None:
        rows = {
            name: f"simulated: {spec.donors} donors, {', '.join(spec.modalities)}"
            for name, spec in TISSUES.items()
        }
    else:
        rows = {entry.name: entry.summary for entry in registry.entries.values()}
    width = max(map(len, rows))
    for name, text in rows.items():
        tell(f"{name:<{width}}  {text}{OFF if is_scib(name) else ''}")
    for reason in registry.refused.values() if registry else ():
        tell(f"Warning: left out: {reason}", err=True)
