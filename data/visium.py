"""Read a Visium section as Space Ranger writes it: counts, and where each spot lies."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genearena.data.packed_text import open_packed

if TYPE_CHECKING:
    import anndata

COUNTS = ("*filtered_feature_bc_matrix.h5", "*filtered_feature_bc_matrix")
POSITIONS = ("*tissue_positions.csv*", "*tissue_positions_list.csv*")
COLUMNS = (
    "barcode",
    "in_tissue",
    "array_row",
    "array_col",
    "pxl_row_in_fullres",
    "pxl_col_in_fullres",
)
"""Space Ranger 2 writes them in the first line, 1 wrote none; pixel rows run down the image."""


def is_visium(folder: Path) -> bool:
    """Return whether a folder has the subfolder ``spatial`` that sets Visium from other 10x."""
    return (folder / "spatial").is_dir()


def visium_files(folder: Path) -> tuple[Path, Path]:
    """Return the filtered counts of a Visium folder, a file or a folder, and the positions.

    Raises
    ------
    ValueError
        If either is missing or there are several.
    """
    counts = _only(folder, COUNTS, "filtered_feature_bc_matrix.h5 (or the folder of that name)")
    return counts, _only(folder / "spatial", POSITIONS, "spatial/tissue_positions.csv")


def read_visium(
    folder: Path, read_counts: Callable[[Path], "anndata.AnnData"]
) -> "anndata.AnnData":
    """Read the spots under tissue, with ``obsm['spatial']`` in pixels of the full image.

    Parameters
    ----------
    folder
        What Space Ranger calls ``outs``; images are not needed.
    read_counts
        Reads the 10x h5 file or folder.

    Raises
    ------
    ValueError
        If a file is missing, or spots have counts but no position.
    """
    counts, positions = visium_files(folder)
    table, places = read_counts(counts), _read_positions(positions)
    lost = table.obs_names.difference(places.index)
    if len(lost):
        raise ValueError(
            f"{positions.name} has no position of {len(lost)} of {table.n_obs} spots, the first "
            f"'{lost[0]}'"
        )
    places = places.loc[table.obs_names]
    table.obsm["spatial"] = places[["pxl_col_in_fullres", "pxl_row_in_fullres"]].to_numpy(float)
    return table[places["in_tissue"].to_numpy() == 1].copy()


def _read_positions(path: Path) -> Any:
    import pandas as pd

    with open_packed(path, whole=True) as text:
        first = pd.read_csv(text, header=None, nrows=1, dtype=str).iloc[0]
    named = COLUMNS[0] in set(first)
    names = list(first) if named else list(COLUMNS)
    if not set(COLUMNS) <= set(names) or len(first) != len(names):
        raise ValueError(f"{path.name} has columns {', '.join(first)}, want {', '.join(COLUMNS)}")
    with open_packed(path, whole=True) as text:
        return pd.read_csv(text, header=None, names=names, skiprows=int(named), index_col="barcode")


def _only(folder: Path, patterns: tuple[str, ...], what: str) -> Path:
    for pattern in patterns:
        found = sorted(folder.glob(pattern))
        if len(found) > 1:
            raise ValueError(f"{len(found)} files match {pattern}, want one")
        if found:
            return found[0]
    raise ValueError(f"{what} is missing")
