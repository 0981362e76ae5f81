"""Read a file of counts in any of the field's formats into an AnnData."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from genearena.data.common.errors import DataError
from genearena.data.common.one_line import first_line
from genearena.data.reading.formats.delimited import read_delimited
from genearena.data.reading.formats.h5ad import read_any_h5ad, read_any_loom, require_loompy
from genearena.data.reading.formats.tenx import of_type, read_tenx_folder, read_tenx_h5
from genearena.data.reading.formats.tenx_folder import is_matrix
from genearena.data.reading.formats.visium import is_visium, read_visium, under_tissue, visium_files

if TYPE_CHECKING:
    import anndata

SEPARATORS = {".csv": ",", ".tsv": "\t", ".txt": "\t"}
CURE = "check that it is complete, or give it the suffix of what it is"


def read_table(
    path: Path,
    *,
    text_columns: tuple[str, ...] = (),
    transpose: bool = False,
    peaks: bool = False,
    genome: str | None = None,
) -> "anndata.AnnData":
    """Read counts, cells in rows, by what the name of the file says it is.

    Spots that ``obs['in_tissue']`` says lie beside the tissue are left out.

    Parameters
    ----------
    path
        An h5ad, 10x h5, loom, csv or tsv file (csv and tsv possibly gzipped), a folder of a
        matrix, barcodes and features, the .mtx file in it, or a Visium folder.
    text_columns
        Columns of a csv or tsv that describe rows rather than count a gene.
    transpose
        Whether to take the rows for genes, whatever the format; columns of `obs` then describe
        genes, those of `var` cells, and there is no `raw`.
    peaks, genome
        Whether of a 10x file with peaks they are read, and not the genes, and which matrix of a
        10x h5 file with one for each genome.

    Raises
    ------
    DataError
        If the file does not exist, has a suffix of no known format, or is not what it says.
    """
    if not path.exists():
        raise DataError(f"'{path}' does not exist; give a file, a 10x folder or a Visium folder")
    kind, read = _reader(path, text_columns, peaks, genome)
    try:
        return settled(path, read(path), transpose)
    except Exception as error:  # the readers raise anything, even a bare Exception
        said = first_line(error)
        # errors of our own say what is wanted, or after a semicolon what to do
        cure = "" if "; " in said or "want " in said else f"; {CURE}"
        raise DataError(f"'{path}' cannot be read as {kind} ({said}){cure}") from error


def settled(path: Path, table: "anndata.AnnData", transpose: bool) -> "anndata.AnnData":
    """Return a table as `read_table` does that was read from a file, or has the name of one."""
    check_indices(table)
    return under_tissue(path, table.T if transpose else table)


def _reader(
    path: Path, text_columns: tuple[str, ...], peaks: bool, genome: str | None
) -> tuple[str, Callable[[Path], "anndata.AnnData"]]:
    name = path.name.lower()
    read_10x = partial(_read_10x, peaks=peaks, genome=genome)
    if path.is_dir() and is_visium(path):
        return "a Visium folder", partial(read_visium, read_counts=read_10x)
    if path.is_dir() or is_matrix(path):
        return "a 10x folder", read_10x
    if name.endswith(".h5ad"):
        return "h5ad", read_any_h5ad
    if name.endswith(".h5"):
        return "10x h5", read_10x
    if name.endswith(".loom"):
        require_loompy(path)
        return "loom", read_any_loom
    for suffix, separator in SEPARATORS.items():
        if name.endswith((suffix, suffix + ".gz")):
            read = partial(read_delimited, separator=separator, text_columns=text_columns)
            return suffix[1:], read
    raise DataError(
        f"'{path}' has the suffix of no known format; "
        "want .h5ad, .h5 (10x), .loom, .mtx[.gz], .csv[.gz], .tsv[.gz], a 10x folder or a Visium "
        "folder"
    )


def files_read(path: Path) -> tuple[Path, ...]:
    """Return the files that `read_table` may read from, in the order of their names."""
    if not path.is_dir():
        return (path,)
    if is_visium(path):  # beside images and alignments of many gigabytes
        return tuple(file for part in visium_files(path) for file in files_read(part))
    return tuple(sorted(file for file in path.iterdir() if file.is_file()))


def _read_10x(path: Path, *, peaks: bool, genome: str | None) -> "anndata.AnnData":
    hdf5 = not path.is_dir() and not is_matrix(path)
    table = read_tenx_h5(path, genome) if hdf5 else read_tenx_folder(path)
    check_indices(table)
    return of_type(table, peaks=peaks)


def check_indices(table: "anndata.AnnData") -> None:
    """Raise ValueError unless the indices of every sparse matrix lie within it.

    No reader checks them, and compiled code would follow them anywhere in memory.
    """
    from scipy import sparse

    raw = () if table.raw is None else (table.raw.X,)
    for matrix in (table.X, *raw, *table.layers.values()):
        if sparse.issparse(matrix) and matrix.format in ("csr", "csc"):
            matrix.check_format(full_check=True)
