"""Which cells of a file are read and what is known of them: barcodes, donors, species."""

import difflib
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from genearena.data.common.errors import DataError
from genearena.data.notes import note, warn
from genearena.data.reading.formats.text import (
    letters_of,
    numbered_lines,
    separator_of,
    split_line,
)

if TYPE_CHECKING:
    import anndata

BARCODES = ("barcode", "barcodes", "cell", "cellid", "cellbarcode", "cb", "index")
"""Headers over barcodes, letters alone."""
_SPELLINGS: dict[str, Callable[[str], str]] = {
    "as they are": lambda barcode: barcode,
    "with - for the . that R writes": lambda barcode: barcode.replace(".", "-"),
    "without what follows - at their ends": lambda barcode: re.sub(r"[.-]\d+$", "", barcode),
}


def read_cells(path: Path, barcodes: Collection[str] = ()) -> Any:
    """Read a list of barcodes, or a table with a column of them, as a data frame of text.

    Parameters
    ----------
    path
        One barcode a line, or a csv or tsv with names in its first line, such as a column that
        tells the donor of each cell; possibly gzipped.
    barcodes
        Names of the cells that are to be found: the column with most of them is the index.
        Without any, it is one named so, or the first.

    Raises
    ------
    DataError
        If the file cannot be read, a line has another number of columns than the first, there
        is no barcode, or one repeats.
    """
    import pandas as pd

    header, rows = _rows(path)
    if not rows:
        raise DataError(f"'{path}' lists no barcode")
    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
    key = _barcodes_among(columns, barcodes)
    if key in barcodes:
        raise DataError(f"'{path}' begins with cell '{key}', want a line of names of its columns")
    index = pd.Index(columns.pop(key), name=key)
    if not index.is_unique:
        twice = index[index.duplicated()][0]
        raise DataError(f"'{path}' lists barcode '{twice}' more than once")
    return pd.DataFrame(columns, index=index, dtype=object)


def describe_cells(path: Path, table: "anndata.AnnData", cells: Path) -> "anndata.AnnData":
    """Return the cells of a table that are listed, with what is said of them in `obs`.

    If none of them is in the list or table of barcodes as it is written, ``.``, as R writes it, is
    read as ``-``, and then what follows it at the end of a barcode is left out, which is noted.
    Cells that are not listed, or not in the file, are warned of.

    Raises
    ------
    DataError
        If the list cannot be read, has none of the cells, or a barcode is that of several.
    """
    names = [str(name) for name in table.obs_names]
    said = read_cells(cells, names)
    places = _places(path, names, cells, list(said.index))
    kept = [row for row, place in enumerate(places) if place is not None]
    n_absent = len(said) - len({places[row] for row in kept})
    left = f"does not list {len(names) - len(kept)} of {len(names)} cells, which are left out"
    more = f"lists {n_absent} that are not in '{path.name}'"
    told = [left] * (len(kept) < len(names)) + [more] * bool(n_absent)
    if told:
        warn(f"'{cells.name}' {', and '.join(told)}")
    described = table[kept].copy() if len(kept) < len(names) else table
    for column in said:
        described.obs[column] = said[column].to_numpy()[[places[row] for row in kept]]
    return described


def read_column(path: Path, obs: Any, key: str | None, default: str) -> npt.NDArray[Any]:
    """Return a column of cells as text without blanks around it, empty where there is no value.

    Without a `key` the `default` is said of every cell. Values that differ in blanks alone are
    taken for the same, with a warning. A column that is missing raises DataError.
    """
    if key is None:
        return np.full(len(obs), default, dtype=object)
    from pandas import CategoricalDtype
    from pandas.api.types import is_float_dtype

    if key not in obs.columns:
        have = nearest_first(key, list(obs.columns))
        raise DataError(
            f"'{path}' has no column '{key}' of cells; it has {have}; --barcodes TABLE adds some"
        )
    values = obs[key]
    if isinstance(values.dtype, CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    if is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")  # numbers beside blanks, which make floats of them
    texts = np.where(values.isna(), "", values.astype(str)).astype(object)
    # blanks around texts are seen by nobody, and typed twice alike by few
    plain = {text: text.strip() for text in set(texts)}
    alike = sorted(text for text in plain if text != plain[text] and plain[text] in plain)
    if alike:
        warn(f"'{path.name}': in column '{key}', {alike[0]!r} is taken for {plain[alike[0]]!r}")
    return np.array([plain[text] for text in texts], dtype=object)


class Sample(NamedTuple):
    """The cells of a donor, or those under one of several conditions; `cells` is a mask."""

    name: str
    donor: str
    condition: str
    cells: npt.NDArray[np.bool_]


def samples_in_order(
    path: Path, donors: npt.NDArray[Any], conditions: npt.NDArray[Any] | None = None
) -> tuple[Sample, ...]:
    """Return the samples of cells, one for each donor and condition, in the order of their names.

    They bear the donor's name, with that of the condition where the donor has several. Cells that
    name no donor or no condition are left out with a warning; all of them raise DataError.
    """
    named = np.ones(len(donors), dtype=bool)
    for what, values in (("donor", donors), ("condition", conditions)):
        if values is None:
            continue
        blank = int((values == "").sum())
        if blank == len(values):
            raise DataError(
                f"'{path}': the {what} of every cell is blank; choose another --{what}-key"
            )
        if blank:
            warn(f"'{path}': {blank} of {len(values)} cells name no {what} and are left out")
        named &= values != ""
    found = []
    for donor in sorted(set(donors[named])):
        own = named & (donors == donor)
        under = [""] if conditions is None else sorted(set(conditions[own]))
        for condition in under:
            name = f"{donor} {condition}" if len(under) > 1 else donor
            cells = own if conditions is None else own & (conditions == condition)
            found.append(Sample(name, donor, condition, cells))
    if not found:
        raise DataError(f"'{path}': no cell names both its donor and its condition")
    return tuple(found)


def only_species(path: Path, donor: str, species: npt.NDArray[Any]) -> str:
    """Return the species of a donor's cells; raise DataError unless it is one."""
    found = sorted(set(species))
    if len(found) > 1 or not found[0]:
        raise DataError(f"'{path}': donor '{donor}' has cells of species {found}; want one")
    return cast("str", found[0])


def nearest_first(wanted: str, have: Sequence[str]) -> str:
    """Return names for a message, those most like the one that was wanted first."""
    near = difflib.get_close_matches(wanted, have, n=len(have) or 1, cutoff=0)
    return ", ".join(repr(name) for name in near) or "none"


def _rows(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return the names of the columns and the rows of a table, or of a list without a header."""
    lines = [(number, line) for number, line in numbered_lines(path) if line.strip()]
    try:
        separator = separator_of(lines[0][1], lines[:2][-1][1], ",") if lines else ","
        rows = [[field.strip() for field in split_line(line, separator)] for _, line in lines]
    except ValueError as error:
        raise DataError(f"'{path}' cannot be read as a table ({error})") from error
    header = ["barcode"]
    if rows and (len(rows[0]) > 1 or letters_of(rows[0][0]) in BARCODES):
        header = rows.pop(0)
    if rows and len(rows[0]) == len(header) + 1:  # R writes no name over those of the rows
        header = ["barcode", *header]
    for (number, _), row in zip(lines[len(lines) - len(rows) :], rows, strict=True):
        if len(row) != len(header):
            raise DataError(f"'{path}', line {number}: {len(row)} columns, want {len(header)}")
    return header, rows


def _barcodes_among(columns: dict[str, tuple[str, ...]], barcodes: Collection[str]) -> str:
    """Return the column with most of some barcodes, else one that is named so, else the first."""
    sought = set(barcodes)
    found = {name: len(sought.intersection(values)) for name, values in columns.items()}
    best = max(found, key=found.__getitem__)
    named = (name for name in columns if letters_of(name) in BARCODES)
    return best if found[best] else next(named, best)


def _places(
    path: Path, names: Sequence[str], cells: Path, listed: Sequence[str]
) -> list[int | None]:
    """Return where each cell is listed, None for one that is not."""
    for how, spell in _SPELLINGS.items():
        known = {spell(name): place for place, name in enumerate(listed)}
        places = [known.get(spell(name)) for name in names]
        times = Counter(place for place in places if place is not None)
        if not times or len(known) < len(listed):
            continue
        place, most = times.most_common(1)[0]
        if most > 1:
            raise DataError(
                f"'{path}' has {most} cells that '{cells}' calls '{listed[place]}'; give every "
                "cell a name of its own"
            )
        if listed[place] != names[places.index(place)]:
            note(f"'{cells.name}': barcodes are compared {how}")
        return places
    raise DataError(
        f"none of {len(names)} cells of '{path}', such as '{names[0]}', is in '{cells}', which "
        f"lists cells such as '{listed[0]}'"
    )
