"""Text from files that anyone may have made, fit for a line on a terminal or in a table."""

from collections.abc import Iterable
from pathlib import Path

from genearena.data.common.errors import DataError, GeneArenaError

LONGEST = 500
"""Characters of what an error says that are kept."""
LONGEST_TRACEBACK = 20_000
"""Characters of a traceback that are kept."""


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
    lines = said(error).strip().splitlines() or [type(error).__name__]
    line = one_line(lines[0][: LONGEST + 1])
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def told(error: BaseException) -> str:
    """Return all that an error says on one line, after its kind unless it is one of the suite's."""
    text = shortened(one_line(" ".join(said(error).split())) or "no message", LONGEST)
    return text if isinstance(error, GeneArenaError) else f"{type(error).__name__}: {text}"


def said(error: BaseException) -> str:
    """Return what an error says, nothing if not even that can be had of it."""
    try:
        return str(error)
    except BaseException:  # noqa: BLE001 - whoever wrote the error wrote its __str__ too
        return ""


def shown(value: object, most: int = 60) -> str:
    """Return how a value of anyone's making is written, in one line, or its type if it is not."""
    try:
        text = repr(value)
    except BaseException:  # noqa: BLE001 - its __repr__ is anyone's too
        text = f"an object of type {type(value).__name__}"
    return one_line(shortened(text, most))


def shortened(text: str, most: int) -> str:
    """Return text of at most about `most` characters: its beginning, its end, and what is cut."""
    if len(text) <= most:
        return text
    head, tail = most - most // 4, most // 4
    return f"{text[:head]}… ({len(text) - head - tail} characters cut) …{text[len(text) - tail :]}"


def check_printable(path: Path, kind: str, names: Iterable[str]) -> None:
    """Raise DataError if a name in a file has characters that are not seen."""
    hidden = next((name for name in names if not name.isprintable()), None)
    if hidden is not None:
        shown = one_line(hidden)
        raise DataError(f"'{path}': {kind} '{shown}' has control characters; rename it")
