"""``bench list``: what can be run, without importing it."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import click

from genearena.data.cards.tissues import TISSUES
from genearena.data.common.errors import UsageError
from genearena.data.common.registry import Registry
from genearena.data.common.screen import tell
from genearena.data.datasets import DATASETS, provided
from genearena.methods.catalogue import declared
from genearena.methods.registry import METHODS
from genearena.methods.settings import meanings
from genearena.metrics.registry import METRICS, OF_GENE_SETS, is_scib

REGISTRIES: Mapping[str, Registry[Any]] = {
    "methods": METHODS,
    "metrics": METRICS,
    "tissues": DATASETS,
}
OFF = "  [off; --metrics default,scib]"


@click.command("list")
@click.argument("what", type=click.Choice([*REGISTRIES]))
@click.argument("names", nargs=-1)
@click.option("--parameters", is_flag=True, help="Of methods: their settings, and what they mean.")
def command(what: str, names: Sequence[str], parameters: bool) -> None:
    """List the registered methods or metrics, or the tissues of the embedded atlas and of plugins.

    NAMES are those of methods whose parameters to list, by default of all.
    """
    if parameters and what == "methods":
        for name in names or METHODS.names:
            _tell_parameters(name)
        return
    if parameters or names:
        raise UsageError("only 'bench list methods --parameters' takes names")
    registry = REGISTRIES[what]
    if what == "tissues":
        rows = _tissues()
    else:
        rows = {entry.name: entry.summary for entry in registry.entries.values()}
    width = max(map(len, rows))
    for name, text in rows.items():
        tell(f"{name:<{width}}  {text}{OFF if is_scib(name) else ''}")
    if what == "metrics":
        tell(
            f"{OF_GENE_SETS}NAME  genes of one set lie close; NAME of 'bench genesets list'  [off]"
        )
    for reason in registry.refused.values():
        tell(f"Warning: left out: {reason}", err=True)


def _tissues() -> dict[str, str]:
    """Return what there is of each tissue: simulated, and of plugins."""
    rows = {
        name: f"simulated: {spec.donors} donors, {', '.join(spec.modalities)}"
        for name, spec in TISSUES.items()
    }
    for tissue, sources in provided().items():
        own = (f"{source}: {DATASETS.entries[f'{tissue}.{source}'].summary}" for source in sources)
        rows[tissue] = "; ".join(filter(None, [rows.get(tissue), *own]))
    return rows


def _tell_parameters(name: str) -> None:
    """Print a line for each setting: its value as published, that of ``fast``, what it means."""
    method = declared(name)
    told = meanings(method)
    signature = inspect.signature(method)
    tell(f"{name}  {METHODS.entry(name).summary}")
    for setting, parameter in signature.parameters.items():
        if setting == "seed":
            continue
        values = str(parameter.default)
        if setting in method.fast:
            values += f" (fast {method.fast[setting]})"
        tell(f"  {setting:<22} {values:<22}  {told.get(setting, '')}".rstrip())
