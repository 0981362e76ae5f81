"""Numbers as tables print them."""

import math
from collections.abc import Sequence

from genearena.data.common.quantities import short_duration, short_size

NOTHING = "\N{EN DASH}"
NOT_MEASURED = "not measured"


def number(value: float | None, digits: int = 3) -> str:
    """Return a value with fixed digits and no negative zero; – for None."""
    return NOTHING if value is None else f"{value:z.{digits}f}"


def bare(text: str) -> str:
    """Return a number without the zero before its point, where there is no room for it."""
    return text.replace("0.", ".", 1) if text.lstrip("-").startswith("0.") else text


def share(value: float | None) -> str:
    """Return a share as a percentage; – for None."""
    if value is None:
        return NOTHING
    # 99.96 % is not full coverage and must not look like it
    return "100 %" if value >= 1 else f"{min(100 * value, 99.9):.1f} %"


def duration(seconds: float | None) -> str:
    """Return seconds in the unit that suits them; – for None."""
    return NOTHING if seconds is None else short_duration(seconds)


def size(n_bytes: int | None) -> str:
    """Return bytes as MB or GB; – for None and for 0, which means not measured."""
    return short_size(n_bytes) if n_bytes else NOTHING


def seed_list(seeds: tuple[int, ...]) -> str:
    """Return sorted seeds with runs of neighbours joined: ``0-9, 42``."""
    spans: list[list[int]] = []
    for seed in seeds:
        if spans and seed == spans[-1][-1] + 1:
            spans[-1].append(seed)
        else:
            spans.append([seed])
    return ", ".join(f"{s[0]}-{s[-1]}" if len(s) > 1 else str(s[0]) for s in spans)


def mean_of_all(values: Sequence[float | None]) -> float | None:
    """Return the mean, None if any value is missing: what is missing is never averaged away."""
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known and len(known) == len(values) else None
