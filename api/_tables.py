"""Rows of the suite's tables as data frames."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame


def frame(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> "DataFrame":
    """Return rows as a data frame; what a row lacks of the columns is missing."""
    import pandas as pd

    return pd.DataFrame(list(rows), columns=list(columns))
