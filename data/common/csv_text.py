"""Tidy tables as csv text that a spreadsheet opens as data."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a text for a formula, which may start programs."""


def csv_text(
    columns: Sequence[str], rows: Iterable[Mapping[str, Any]], separator: str = ","
) -> str:
    """Write rows under a header line; a value of no column is left out.

    A text that a spreadsheet would take for a formula gets an apostrophe before it, as OWASP
    advises; numbers stay as they are and read back to the same bits.
    """
    buffer = StringIO()
    writer = csv.DictWriter(
        buffer, columns, lineterminator="\n", extrasaction="ignore", delimiter=separator
    )
    writer.writeheader()
    writer.writerows(
        {name: _harmless(row[name]) for name in columns if name in row} for row in rows
    )
    return buffer.getvalue()


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
