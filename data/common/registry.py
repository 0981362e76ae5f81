"""Find methods, metrics and data sources by name, importing them only when they are used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from importlib.metadata import EntryPoints, entry_points
from operator import attrgetter
from typing import Generic, TypeVar, cast

from genearena.data.common.errors import DeclarationError, UsageError, did_you_mean
from genearena.data.common.one_line import shown, told

LONGEST_NAME = 100
"""Characters of a plugin's name: it is part of the names of files."""

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

    Messages call what they stand for `kind`. `builtin` has name -> (target, one-line summary), in
    the order tables use; other packages add to it through the entry-point `group`.
    """

    def __init__(
        self,
        kind: str,
        builtin: Mapping[str, tuple[str, str]],
        group: str,
        problem: Callable[[str], str] = lambda _: "",
    ) -> None:
        self.kind = kind
        self.builtin = builtin
        self.group = group
        self.problem = problem

    @property
    def entries(self) -> dict[str, Entry]:
        """Every entry by name: built-in first, then plugins in alphabetical order."""
        return self._found[0]

    @property
    def refused(self) -> Mapping[str, str]:
        """Names that plugins claim in vain -> why, in one line.

        A plugin does not take the place of what the suite has, and of two plugins that claim
        one name neither is taken.
        """
        return self._found[1]

    @cached_property
    def _found(self) -> tuple[dict[str, Entry], dict[str, str]]:
        found = {
            name: Entry(name, target, summary, SUITE)
            for name, (target, summary) in self.builtin.items()
        }
        refused: dict[str, str] = {}
        for entry in _plugins(self.group):
            problem = _name_problem(entry.name) or self.problem(entry.name)
            problem = problem or _conflict(found.get(entry.name), entry)
            if problem:
                refused[entry.name] = f"{self.kind} name {shown(entry.name)} {problem}"
            else:
                found[entry.name] = entry
        for name in refused.keys() - self.builtin.keys():
            found.pop(name, None)
        return found, refused

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
        DeclarationError
            If its name cannot be used.
        """
        if ":" in name and name.partition(":")[0] not in self.entries:
            problem = _name_problem(name)
            if problem:
                raise DeclarationError(f"{self.kind} name {shown(name)} {problem}")
            return Entry(name, name, "", name.split(":")[0])
        if name not in self.entries and name in self.refused:
            raise DeclarationError(self.refused[name])
        if name not in self.entries:
            raise UsageError(f"unknown {self.kind} '{name}'; {did_you_mean(name, self.names)}")
        return self.entries[name]

    def load(self, name: str) -> T:
        """Import and return the object registered as `name`.

        Raises
        ------
        UsageError
            If the name is unknown.
        DeclarationError
            If its module or object cannot be imported.
        """
        return cast("T", resolve(self.entry(name).target, self.kind))


def resolve(target: str, kind: str) -> object:
    """Import the object a ``module:object`` target points to.

    Raises
    ------
    DeclarationError
        If the target has no colon, its module or object does not exist, or importing it raises
        anything or ends.
    """
    module, _, attribute = target.partition(":")
    if not module or not attribute:
        raise DeclarationError(f"{kind} target '{target}' is not of the form package.module:Name")
    try:
        return attrgetter(attribute)(import_module(module))
    except (Exception, SystemExit) as error:
        why = f"{kind} target '{target}' cannot be imported: {told(error)}"
        raise DeclarationError(why) from error


@cache
def installed() -> EntryPoints:
    """Return the entry points of all installed packages; every look reads them all."""
    return cast("EntryPoints", entry_points())  # of 3.11, what selects as well


def _plugins(group: str) -> list[Entry]:
    found = []
    for point in installed().select(group=group):
        origin = point.dist.name if point.dist is not None else "an unknown package"
        found.append(Entry(point.name, point.value, f"plugin from {origin}", origin))
    return sorted(found, key=lambda entry: (entry.name, entry.origin, entry.target))


def _name_problem(name: str) -> str:
    if len(name) > LONGEST_NAME:
        return f"has {len(name)} characters, want {LONGEST_NAME} at most; rename it"
    return "" if name.isprintable() else "has characters that are not seen; rename it"


def _conflict(known: Entry | None, entry: Entry) -> str:
    if known is None or known.target == entry.target:
        return ""
    return (
        f"is claimed by both {known.origin} ({known.target}) and {entry.origin} "
        f"({entry.target}); uninstall or rename one"
    )
