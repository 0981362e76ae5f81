"""Read a Visium section as Space Ranger writes it: counts, and where each spot lies."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genearena.data.common.errors import DataError
from genearena.data.common.foreign_files import check_declared
from genearena.data.notes import note, warn
from genearena.data.reading.formats.text import open_packed

if TYPE_CHECKING:
    import anndata

COUNTS = ("*filtered_feature_bc_matrix.h5", "*filtered_feature_bc_matrix")
PARQUET = ".parquet"
POSITIONS = (
    "*tissue_positions.csv*",
    "*tissue_positions_list.csv*",
    f"*tissue_positions{PARQUET}",
)
BARCODE, IN_TISSUE = "barcode", "in_tissue"
PIXELS = ["pxl_col_in_fullres", "pxl_row_in_fullres"]
COLUMNS = (BARCODE, IN_TISSUE, "array_row", "array_col", *reversed(PIXELS))
"""Space Ranger 2 writes them in the first line, 1 wrote none; pixel rows run down the image."""
VALUE_BYTES = 8
FALSE = ("0", "0.0", "false")


def is_visium(folder: Path) -> bool:
    """Return whether a folder has the subfolder ``spatial`` that sets Visium from other 10x."""
    return (folder / "spatial").is_dir()


def visium_files(folder: Path) -> tuple[Path, Path]:
    """Return the filtered counts of a Visium folder, a file or a folder, and the positions.

    Either missing, or several, raise DataError.
    """
    counts = _only(folder, COUNTS, "filtered_feature_bc_matrix.h5 (or the folder of that name)")
    positions = "spatial/tissue_positions.csv (or .parquet)"
    return counts, _only(folder / "spatial", POSITIONS, positions)


def read_visium(
    folder: Path, read_counts: Callable[[Path], "anndata.AnnData"]
) -> "anndata.AnnData":
    """Read the spots, with ``obs['in_tissue']``, and ``obsm['spatial']`` in pixels of the image.

    The folder is what Space Ranger calls ``outs``, of Visium HD that of one size of bins; images
    are not needed. Spots without a position are left out with a warning; a file that is missing, or
    no spot that has one, raise DataError.
    """
    counts, positions = visium_files(folder)
    table, places = read_counts(counts), _read_positions(positions)
    lost = table.obs_names.difference(places.index)
    if len(lost):
        told = f"{positions.name} has no position of {len(lost)} of {table.n_obs} spots"
        if len(lost) == table.n_obs:
            raise DataError(f"{told}, such as '{lost[0]}'; give those of this section")
        warn(f"{told}, the first '{lost[0]}': left out")
        table = table[~table.obs_names.isin(lost)].copy()
    places = places.loc[table.obs_names]
    table.obsm["spatial"] = places[PIXELS].to_numpy(float)
    table.obs[IN_TISSUE] = places[IN_TISSUE].to_numpy()
    return table


def under_tissue(path: Path, table: "anndata.AnnData") -> "anndata.AnnData":
    """Leave out spots that ``obs['in_tissue']`` says lie beside the tissue, and note how many.

    All of them beside it raise DataError.
    """
    if IN_TISSUE not in table.obs:
        return table
    beside = table.obs[IN_TISSUE].astype(str).str.lower().isin(FALSE).to_numpy()
    if not beside.any():
        return table
    if beside.all():
        raise DataError("none of its spots lies under tissue (in_tissue); is the column right?")
    note(
        f"'{path.name}': {beside.sum()} of {len(beside)} spots lie beside the tissue (in_tissue) "
        "and are left out"
    )
    return table[~beside].copy()


def _read_positions(path: Path) -> Any:
    if path.suffix == PARQUET:
        places = _read_parquet(path)
        return places.set_index(places.pop(BARCODE).astype(str))
    import pandas as pd

    with open_packed(path, whole=True) as text:
        first = pd.read_csv(text, header=None, nrows=1, dtype=str).iloc[0]
    named = BARCODE in set(first)
    names = list(first) if named else list(COLUMNS)
    _check_columns(path, first, set(COLUMNS) <= set(names) and len(first) == len(names))
    with open_packed(path, whole=True) as text:
        return pd.read_csv(text, header=None, names=names, skiprows=int(named), index_col=BARCODE)


def _read_parquet(path: Path) -> Any:
    try:
        from pyarrow.parquet import ParquetFile, read_schema
    except ImportError as error:
        raise DataError(
            f"{path.name} needs pyarrow; install it with: pip install 'genearena[parquet]'"
        ) from error
    has = read_schema(path).names
    _check_columns(path, has, set(COLUMNS) <= set(has))
    # repeated texts stay stored once, however many rows have them
    with ParquetFile(path, read_dictionary=list(COLUMNS)) as file:
        n_bytes = file.metadata.num_rows * len(COLUMNS) * VALUE_BYTES
        check_declared(n_bytes, path.stat().st_size)
        return file.read(columns=list(COLUMNS), use_threads=False).to_pandas()


def _check_columns(path: Path, has: Any, sound: bool) -> None:
    if not sound:
        raise ValueError(f"{path.name} has columns {', '.join(has)}, want {', '.join(COLUMNS)}")


def _only(folder: Path, patterns: tuple[str, ...], what: str) -> Path:
    for pattern in patterns:
        found = sorted(folder.glob(pattern))
        if len(found) > 1:
            names = ", ".join(file.name for file in found[:4])
            raise DataError(f"{len(found)} files match {pattern} ({names}); leave one")
        if found:
            return found[0]
    raise DataError(f"{what} is missing")
