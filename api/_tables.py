"""Rows of the suite's tables as data frames."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame


def frame(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> "DataFrame":
    """Return rows as a data frame of these columns, those that no row has left out."""
    import pandas as pd

    given = list(rows)
    known = [name for name in columns if any(name in row for row in given)] or list(columns)
    return pd.DataFrame(given, columns=known)
