"""Text from files that anyone may have made, fit for a line on a terminal or in a table."""

from collections.abc import Iterable
from pathlib import Path

from genearena.data.errors import DataError

LONGEST = 500


def one_line(text: str) -> str:
    r"""Return text on one line in which no character is hidden or steers what shows it.

    Runs of white space that holds a line's end become a space; control characters, marks that
    turn the direction of writing and lone surrogates are spelled out (``\x1b``, ``\u202e``).
    """
    if text.isprintable():
        return text
    flat = " ".join(text.split())
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in flat)


def every_line(text: str) -> str:
    """Return text with each of its lines as `one_line` gives it."""
    return "\n".join(map(one_line, text.split("\n")))


def first_line(error: BaseException) -> str:
    """Return what an error says in its first line, or its kind if it says nothing."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    said = one_line(lines[0])
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"


def check_printable(path: Path, kind: str, names: Iterable[str]) -> None:
    """Raise DataError if a name in a file has characters that are not seen."""
    hidden = next((name for name in names if not name.isprintable()), None)
    if hidden is not None:
        shown = one_line(hidden)
        raise DataError(f"'{path}': {kind} '{shown}' has control characters; rename it")
