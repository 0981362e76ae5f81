"""Look at what a plugin declares of itself, all of it, whatever it may be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from genearena.data.common.one_line import first_line, shown

_MISSING = object()


@dataclass(frozen=True)
class Wanted:
    """What a declaration has to be, in words and as a test."""

    words: str
    holds: Callable[[Any], bool]


def line_of(most: int, *, least: int = 1) -> Wanted:
    """Want text of one line, `least` to `most` characters that are all seen."""
    empty = "" if least else ", which may be empty"
    return Wanted(
        f"a line of text of up to {most} characters{empty}",
        lambda value: (
            type(value) is str and least <= len(value.strip()) <= len(value) <= most
            and value.isprintable()
        ),
    )  # fmt: skip


FLAG = Wanted("True or False", lambda value: type(value) is bool)
CALLABLE = Wanted("a function", callable)
NUMBER = Wanted("a number", lambda value: type(value) in (int, float))


def subset_of(*names: str) -> Wanted:
    """Want a frozenset of some of the names."""
    return Wanted(
        f"a frozenset out of {', '.join(names)}",
        lambda value: type(value) is frozenset and value <= frozenset(names),
    )


def faults_of(declared: object, wanted: Mapping[str, Wanted]) -> list[str]:
    """Return a line for every attribute that is not as wanted; reading one may raise anything."""
    return [line for name, want in wanted.items() for line in _fault(declared, name, want)]


def _fault(declared: object, name: str, want: Wanted) -> list[str]:
    try:
        value = getattr(declared, name, _MISSING)
        if value is _MISSING:
            return [f"{name} is missing, want {want.words}"]
        return [] if want.holds(value) else [f"{name} is {shown(value)}, want {want.words}"]
    except BaseException as error:  # noqa: BLE001 - a plugin's attribute may do anything when read
        return [f"{name} cannot be read: {type(error).__name__}: {first_line(error)}"]
