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
    writer = csv.writer(buffer, lineterminator="\n", delimiter=separator)
    writer.writerow(columns)
    for row in rows:
        values = map(row.get, columns)
        writer.writerow([_harmless(v) if isinstance(v, str) else v for v in values])
    return buffer.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
