"""How long a run may take and how much memory its worker may hold."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from genearena.data.common.errors import UsageError

_DURATION_UNITS = {"": 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_SIZE_UNITS = {
    "B": 1,
    **{f"{letter}{b}": 10 ** (3 * i) for i, letter in enumerate("KMGT", 1) for b in ("", "B")},
    **{f"{letter}I{b}": 2 ** (10 * i) for i, letter in enumerate("KMGT", 1) for b in ("", "B")},
}
_QUANTITY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*")


@dataclass(frozen=True)
class Limits:
    """What no run may exceed; None for no limit.

    Parameters
    ----------
    timeout
        Wall seconds of one run, from its method's start to its last metric.
    memory
        Bytes that a worker process and all its descendants may hold together.
    """

    timeout: float | None = None
    memory: int | None = None


NO_LIMITS = Limits()


def make_limits(timeout: str | None, memory: str | None) -> Limits:
    """Read limits from words, None for none; see `parse_duration` and `parse_size`."""
    return Limits(
        None if timeout is None else parse_duration(timeout),
        None if memory is None else parse_size(memory),
    )


def parse_duration(text: str) -> float:
    """Read a duration in seconds: ``90``, ``90s``, ``10min``, ``1.5h``, ``1d``.

    Raises
    ------
    UsageError
        If the text is no duration, or none at all.
    """
    number, unit = _quantity(text, str.lower)
    seconds = number * _DURATION_UNITS.get(unit, 0)
    if seconds <= 0:
        raise UsageError(f"cannot read duration '{text}'; give seconds (90), 90s, 10min or 2h")
    return seconds


def parse_size(text: str) -> int:
    """Read a size in bytes: ``4GB``, ``800MB``, ``1.5G``, or powers of two, ``4GiB``.

    Raises
    ------
    UsageError
        If the text is no size; a number without a unit is none.
    """
    number, unit = _quantity(text, str.upper)
    size = int(number * _SIZE_UNITS.get(unit, 0))
    if size <= 0:
        raise UsageError(f"cannot read size '{text}'; give a number with a unit: 800MB, 4GB, 4GiB")
    return size


def _quantity(text: str, normalise: Callable[[str], str]) -> tuple[float, str]:
    found = _QUANTITY.fullmatch(text)
    return (float(found[1]), normalise(found[2])) if found else (0.0, "")
