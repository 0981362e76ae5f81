"""Read counts from text: names in the first row and column, counts elsewhere."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse

from genearena.data.notes import note
from genearena.data.reading.formats.text import (
    BLANKS,
    TAB,
    is_gzipped,
    is_number,
    open_packed,
    open_text,
    separator_of,
    split_line,
    unquoted,
)

if TYPE_CHECKING:
    import anndata

COMMENT = "#"


class Layout(NamedTuple):
    """How a table is written: the names of all columns but the first, and the lines up to them."""

    separator: str
    names: list[str]
    n_lines: int


def read_delimited(
    path: Path, separator: str, *, text_columns: tuple[str, ...] = ()
) -> "anndata.AnnData":
    """Read a csv or tsv file, possibly gzipped; its rows, which are `obs`, may be cells or genes.

    Names and descriptions are the text that is written: ``007``, ``NA`` and ``1E5`` stay so. Lines
    that begin with ``#`` are passed over before the names of the columns. The first lines tell what
    separates columns, and on a tie the suffix of the file. Columns without numbers describe rows,
    as the `text_columns` do, and are noted.

    Raises
    ------
    ValueError
        If columns have no names or no numbers, a column has both numbers and text, or the file is
        not gzipped and named so.
    """
    import anndata
    import pandas as pd

    if path.suffix == ".gz" and not is_gzipped(path):
        raise ValueError("it is not gzipped")
    layout = _layout(path, separator)
    described = [i for i, name in enumerate(layout.names) if name in text_columns]
    body = _body(path, layout, described)
    rows = np.array([unquoted(name) for name in body.pop(-1)], dtype=object)
    odd = [i for i, kind in body.dtypes.items() if kind.kind in "Ob" and i not in described]
    words = [i for i in odd if _holds_words(body, i, layout, rows)]
    counting = list(body.columns.difference([*described, *words]))
    _check_kinds(layout, rows, counting, words)
    texts = {layout.names[i]: [unquoted(str(x)) for x in body[i]] for i in described + words}
    counts = sparse.csr_matrix(body[counting].to_numpy(dtype=np.float64))
    names = np.array(layout.names, dtype=object)[counting]
    obs = pd.DataFrame(texts, index=rows, dtype=object)
    return anndata.AnnData(counts, obs=obs, var=pd.DataFrame(index=names))


def _layout(path: Path, preferred: str) -> Layout:
    head, table = _first_lines(path)
    comment = next((line for line in reversed(head) if line.startswith(COMMENT)), "")
    if comment and table and _names_columns(comment, table[0]):
        table.insert(0, comment)
    if len(table) < 2:
        raise ValueError("it has no line of names with lines of counts below it")
    separator = separator_of(table[0], table[1], preferred)
    names, row = (split_line(line, separator) for line in table[:2])
    if len(row) < 2:
        raise ValueError(
            "it has one column; want commas, tabs, semicolons or blanks between columns"
        )
    if len(names) not in (len(row), len(row) - 1):  # R writes no name over those of the rows
        raise ValueError(f"{len(names)} names over {len(row)} columns")
    names = names[1 - len(row) :]
    if all(map(is_number, names)) and not _are_distinct_integers(names):
        raise ValueError(
            f"its first line holds numbers such as '{names[0]}', want names of columns"
        )
    return Layout(separator, names, head.index(table[0]) + 1)


def _first_lines(path: Path) -> tuple[list[str], list[str]]:
    """Return all lines up to the second of the table, and those two without comments."""
    head: list[str] = []
    table: list[str] = []
    with open_text(path) as file:
        for line in file:
            head.append(line.rstrip("\r\n"))
            if head[-1].strip() and not head[-1].startswith(COMMENT):
                table.append(head[-1])
            if len(table) == 2:
                break
    return head, table


def _names_columns(comment: str, row: str) -> bool:
    """Return whether a line such as ``#gene`` has the names: there are numbers right below it."""
    separator = separator_of(comment, row)
    below = split_line(row, separator)
    return len(split_line(comment, separator)) == len(below) and any(map(is_number, below[1:]))


def _are_distinct_integers(names: list[str]) -> bool:
    """Return whether numbers may be names of genes, as those of Entrez are."""
    return len(set(names)) == len(names) and all(map(str.isdecimal, names))


def _body(path: Path, layout: Layout, described: list[int]) -> Any:
    """Return the rows: their names in column -1, text in the described ones."""
    import pandas as pd

    columns = range(-1, len(layout.names))
    with open_packed(path, whole=True) as text:
        body = pd.read_csv(
            text,
            sep=r"\s+" if layout.separator == BLANKS else layout.separator,
            quoting=csv.QUOTE_NONE if layout.separator == TAB else csv.QUOTE_MINIMAL,
            header=None,
            skiprows=layout.n_lines,
            dtype=dict.fromkeys([0, *(i + 1 for i in described)], str),
            na_filter=False,
            low_memory=False,
        )
    if body.shape[1] != len(columns):
        raise ValueError(f"{len(columns) - 1} names over {body.shape[1]} columns")
    body.columns = columns
    return body


def _holds_words(body: Any, column: int, layout: Layout, rows: Any) -> bool:
    """Return whether a column has words alone; numbers that look like words become numbers."""
    import pandas as pd

    values = body[column].astype(str)
    numbers = pd.to_numeric(values, errors="coerce")
    wrong = np.flatnonzero(numbers.isna())
    if not len(wrong):
        body[column] = numbers
    elif len(wrong) < len(values):
        where = f"column '{layout.names[column]}', row '{rows[wrong[0]]}'"
        raise ValueError(f"{where} holds '{values[wrong[0]]}' among numbers, want a count")
    return bool(len(wrong))


def _check_kinds(layout: Layout, rows: Any, counting: list[int], words: list[int]) -> None:
    """Refuse what is no matrix, and say which columns are taken for descriptions."""
    shown = ", ".join(f"'{layout.names[i]}'" for i in words[:4]) + ", …" * (len(words) > 4)
    if not counting:
        raise ValueError(f"no column holds numbers, only text such as {shown}")
    if len(counting) == 1 and words and len(set(rows)) < len(rows):
        raise ValueError(
            f"it has a line for each gene and cell (columns {shown} and "
            f"'{layout.names[counting[0]]}'), want a matrix: one row a cell and one column a gene"
        )
    if words:
        note(f"columns with text describe rows and count nothing: {shown}")
