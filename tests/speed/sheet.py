"""One table of the benchmark and how its numbers are written."""

from dataclasses import dataclass

from speed.stopwatch import Times

_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs"))


@dataclass(frozen=True)
class Sheet:
    """A titled table with remarks below it.

    Parameters
    ----------
    title
        What is measured.
    headings
        Of the columns; the first names the row.
    rows
        As many texts each as there are headings.
    notes
        Sentences that tell how to read the numbers.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def duration(seconds: float) -> str:
    """Write a time with three digits: ``243 ms``, ``1.52 s``, ``10.5 d``."""
    scale, unit = next((u for u in _UNITS if seconds >= u[0]), _UNITS[-1])
    return f"{digits(seconds / scale)} {unit}"


def measured(times: Times) -> str:
    """Write the median and half the distance of the quartiles: ``243 ms ±2 %``."""
    low, high = times.quartiles
    return f"{duration(times.median)} ±{50 * (high - low) / times.median:.0f} %"


def ratio(times: Times) -> str:
    """Write median and quartiles of a ratio: ``2.31 [2.28, 2.40]``."""
    low, high = map(digits, times.quartiles)
    return f"{digits(times.median)} [{low}, {high}]"


def digits(value: float) -> str:
    """Write a number with three digits and no exponent."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
