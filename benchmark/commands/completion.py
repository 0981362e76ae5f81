"""What a shell offers for the values of options: names of methods, metrics, tissues, data, runs."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from genearena.benchmark.records.record_files import record_paths
from genearena.benchmark.records.results import ResultStore
from genearena.data.datasets import DATASETS
from genearena.data.genesets.store import GeneSetStore
from genearena.data.store import EMBEDDED, Store
from genearena.data.tasks import known_tissues
from genearena.methods.base import PRESETS
from genearena.methods.encoders.registry import ENCODERS
from genearena.methods.registry import METHODS
from genearena.metrics.registry import METRICS


def _folder(context: click.Context) -> Path | None:
    given: Path | None = context.params.get("data_dir")
    return given


def _tissues(context: click.Context) -> Iterable[str]:
    return (*known_tissues(Store(_folder(context))), "all")


def _sources(context: click.Context) -> Iterable[str]:
    given = context.params.get("tissues") or context.params.get("tissue") or ()
    wanted = (given,) if isinstance(given, str) else given
    stored = Store(_folder(context)).sources()
    return (*(name for of, name in stored if not wanted or of in wanted), *EMBEDDED, "auto")


def _runs(context: click.Context) -> Iterable[str]:
    paths = record_paths(ResultStore(context.params["out"]).records_folder)
    return (path.name.removesuffix(".json") for path in paths)


def _gene_sets(context: click.Context) -> Iterable[str]:
    return GeneSetStore(_folder(context)).names


_OFFERED: Mapping[str, Callable[[click.Context], Iterable[str]]] = {
    "methods": lambda _: (*METHODS.names, "all"),
    "shown": lambda _: METHODS.names,
    "target": lambda _: (*METHODS.names, *METRICS.names, *DATASETS.names, *ENCODERS.names),
    "metrics": lambda _: (*METRICS.names, "all"),
    "tissues": _tissues,
    "tissue": _tissues,
    "sources": _sources,
    "source": _sources,
    "preset": lambda _: PRESETS,
    "genesets": _gene_sets,
    "added": _gene_sets,
    "run_id": _runs,
}
"""By the name that a command's parameter has in Python: one word is one thing in all commands."""


def complete_names(command: click.Command) -> None:
    """Have the parameters of a command and its sub-commands complete names."""
    for parameter in command.params:
        # what has choices of its own knows them
        if parameter.name in _OFFERED and not isinstance(parameter.type, click.Choice):
            setattr(parameter, "shell_complete", partial(_complete, _OFFERED[parameter.name]))  # noqa: B010 - a method
    for each in getattr(command, "commands", {}).values():
        complete_names(each)


def _complete(
    offered: Callable[[click.Context], Iterable[str]], context: click.Context, incomplete: str
) -> list[CompletionItem]:
    """Return the names that go on from what is typed, after the last comma of a list."""
    before, comma, word = incomplete.rpartition(",")
    names = dict.fromkeys(name for name in offered(context) if name.startswith(word))
    return [CompletionItem(before + comma + name) for name in names]
