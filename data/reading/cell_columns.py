"""Read columns that describe cells: donors and species, as the text that people mean."""

import difflib
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from genearena.data.common.errors import DataError
from genearena.data.notes import DataWarning


def read_column(path: Path, obs: Any, key: str | None, default: str) -> npt.NDArray[Any]:
    """Return a column as text without blanks around it, empty where there is no value.

    Parameters
    ----------
    path
        File, for messages.
    obs
        Table of the cells.
    key
        The column; None to say `default` of every cell.
    default
        What is said where `key` is None.

    Raises
    ------
    DataError
        If there is no such column.

    Warns
    -----
    DataWarning
        If values differ in blanks alone.
    """
    if key is None:
        return np.full(len(obs), default, dtype=object)
    from pandas import CategoricalDtype
    from pandas.api.types import is_float_dtype

    if key not in obs.columns:
        have = nearest_first(key, list(obs.columns))
        raise DataError(
            f"'{path}' has no column '{key}' of cells; it has {have}, and --cells TABLE adds some"
        )
    values = obs[key]
    if isinstance(values.dtype, CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    if is_float_dtype(values) and (values.dropna() % 1 == 0).all():
        values = values.astype("Int64")  # numbers beside blanks, which make floats of them
    texts = np.where(values.isna(), "", values.astype(str)).astype(object)
    return _without_blanks(path, key, texts)


def _without_blanks(path: Path, key: str, texts: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return texts without blanks around them, which nobody sees and types twice alike."""
    plain = {text: text.strip() for text in set(texts)}
    alike = sorted(text for text in plain if text != plain[text] and plain[text] in plain)
    if alike:
        message = f"'{path.name}': in column '{key}', {alike[0]!r} is taken for {plain[alike[0]]!r}"
        warnings.warn(message, DataWarning, stacklevel=4)
    return np.array([plain[text] for text in texts], dtype=object)


def donors_in_order(path: Path, donors: npt.NDArray[Any]) -> tuple[str, ...]:
    """Return the donors of cells by their names.

    Raises
    ------
    DataError
        If no cell names one.

    Warns
    -----
    DataWarning
        If some cells name none.
    """
    blank = int((donors == "").sum())
    if blank == len(donors):
        raise DataError(f"'{path}': the donor of every cell is blank; choose another --donor-key")
    if blank:
        message = f"'{path}': {blank} of {len(donors)} cells name no donor and are left out"
        warnings.warn(message, DataWarning, stacklevel=3)
    return tuple(sorted(set(donors) - {""}))


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
