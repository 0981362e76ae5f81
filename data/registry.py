"""Find methods, metrics and data sources by name, importing them only when they are used."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Generic, TypeVar, cast

from genearena.data.errors import UsageError

T = TypeVar("T")

SUITE = "genearena"
"""Origin of what is built in."""


@dataclass(frozen=True)
class Entry:
    """One registered object: where it lives, what it is, and who provides it."""

    name: str
    target: str
    summary: str
    origin: str


class Registry(Generic[T]):
    """Names mapped to ``module:object`` targets: the built-in ones and installed plugins.

    Parameters
    ----------
    kind
        What the names stand for, in the singular ("method"); used in messages.
    builtin
        name -> (target, one-line summary), in the order tables use.
    group
        Entry-point group through which other packages add to the registry.
    """

    def __init__(self, kind: str, builtin: Mapping[str, tuple[str, str]], group: str) -> None:
        self.kind = kind
        self.builtin = builtin
        self.group = group

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Every entry by name: built-in first, then plugins in alphabetical order.

        Raises
        ------
        UsageError
            If two providers claim one name.
        """
        found = {
            name: Entry(name, target, summary, SUITE)
            for name, (target, summary) in self.builtin.items()
        }
        for point in sorted(entry_points(group=self.group), key=lambda p: p.name):
            self._add(found, _entry(point))
        return found

    def _add(self, found: dict[str, Entry], entry: Entry) -> None:
        known = found.get(entry.name)
        if known is not None and known.target != entry.target:
            raise UsageError(
                f"{self.kind} name '{entry.name}' is claimed by both {known.origin} "
                f"({known.target}) and {entry.origin} ({entry.target}); uninstall or rename one"
            )
        found[entry.name] = entry

    @property
    def names(self) -> tuple[str, ...]:
        """All registered names, in table order."""
        return tuple(self.entries)

    def entry(self, name: str) -> Entry:
        """Return the entry called `name`, or make one from a ``module:object`` target.

        Raises
        ------
        UsageError
            If the name is unknown; the message offers the nearest names.
        """
        if ":" in name and name.partition(":")[0] not in self.entries:
            return Entry(name, name, "", name.split(":")[0])
        if name not in self.entries:
            raise UsageError(f"unknown {self.kind} '{name}'; {self._hint(name)}")
        return self.entries[name]

    def _hint(self, name: str) -> str:
        near = difflib.get_close_matches(name, self.names, n=3, cutoff=0.6)
        if near:
            return f"did you mean {' or '.join(repr(n) for n in near)}?"
        return f"choose from {', '.join(self.names)}"

    def load(self, name: str) -> T:
        """Import and return the object registered as `name`.

        Raises
        ------
        UsageError
            If the name is unknown, or its module or object cannot be imported.
        """
        return cast("T", resolve(self.entry(name).target, self.kind))


def resolve(target: str, kind: str) -> object:
    """Import the object a ``module:object`` target points to.

    Raises
    ------
    UsageError
        If the target has no colon, or its module or object does not exist.
    """
    module, _, attribute = target.partition(":")
    if not module or not attribute:
        raise UsageError(f"{kind} target '{target}' is not of the form package.module:Name")
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise UsageError(f"{kind} target '{target}' cannot be imported: {error}") from error


def _entry(point: EntryPoint) -> Entry:
    origin = point.dist.name if point.dist is not None else "an unknown package"
    return Entry(point.name, point.value, f"plugin from {origin}", origin)
