"""Read a file of counts in any of the field's formats into an AnnData."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from genearena.data.delimited import read_delimited
from genearena.data.errors import DataError
from genearena.data.hdf5_probe import probe_hdf5
from genearena.data.matrix_market import check_market
from genearena.data.one_line import first_line
from genearena.data.visium import is_visium, read_visium, visium_files

if TYPE_CHECKING:
    import anndata

SEPARATORS = {".csv": ",", ".tsv": "\t", ".txt": "\t"}
PEAKS = "Peaks"


def read_table(
    path: Path,
    *,
    text_columns: tuple[str, ...] = (),
    transpose: bool = False,
    peaks: bool = False,
) -> "anndata.AnnData":
    """Read counts, cells in rows, by what the name of the file says it is.

    Parameters
    ----------
    path
        An h5ad, 10x h5, loom, csv or tsv file (csv and tsv possibly gzipped), a 10x folder,
        the matrix.mtx inside it, or a Visium folder.
    text_columns
        Columns of a csv or tsv that describe rows rather than count a gene.
    transpose
        Whether to take the rows for genes, whatever the format; columns of `obs` then describe
        genes, those of `var` cells, and there is no `raw`.
    peaks
        Whether of a 10x file with peaks they are read, and not the genes.

    Raises
    ------
    DataError
        If the file does not exist, has a suffix of no known format, or is not what it says.
    """
    if not path.exists():
        raise DataError(f"'{path}' does not exist; give a file, a 10x folder or a Visium folder")
    kind, read = _reader(path, text_columns, peaks)
    try:
        table = read(path)
        check_indices(table)
        return table.T if transpose else table
    except Exception as error:  # the readers raise anything, even a bare Exception
        raise DataError(
            f"'{path}' cannot be read as {kind} ({first_line(error)}); "
            "check that it is complete, or give it the suffix of what it is"
        ) from error


def _reader(
    path: Path, text_columns: tuple[str, ...], peaks: bool
) -> tuple[str, Callable[[Path], "anndata.AnnData"]]:
    name = path.name.lower()
    if path.is_dir() and is_visium(path):
        return "a Visium folder", partial(read_visium, read_counts=_read_10x)
    if path.is_dir() or name.endswith(("matrix.mtx", "matrix.mtx.gz")):
        return "a 10x folder", partial(_read_10x_folder, peaks=peaks)
    if name.endswith(".h5ad"):
        return "h5ad", _read_h5ad
    if name.endswith(".h5"):
        return "10x h5", partial(_read_10x_h5, peaks=peaks)
    if name.endswith(".loom"):
        _require_loompy(path)
        return "loom", _read_loom
    for suffix, separator in SEPARATORS.items():
        if name.endswith((suffix, suffix + ".gz")):
            read = partial(read_delimited, separator=separator, text_columns=text_columns)
            return suffix[1:], read
    raise DataError(
        f"'{path}' has the suffix of no known format; "
        "want .h5ad, .h5 (10x), .loom, .csv[.gz], .tsv[.gz], a 10x folder or a Visium folder"
    )


def _read_h5ad(path: Path) -> "anndata.AnnData":
    from anndata import read_h5ad

    probe_hdf5(path)
    return read_h5ad(path)


def files_read(path: Path) -> tuple[Path, ...]:
    """Return the files that `read_table` may read from, in the order of their names."""
    if not path.is_dir():
        return (path,)
    if is_visium(path):  # beside images and alignments of many gigabytes
        return tuple(file for part in visium_files(path) for file in files_read(part))
    return tuple(sorted(file for file in path.iterdir() if file.is_file()))


def _read_10x(path: Path) -> "anndata.AnnData":
    return _read_10x_folder(path) if path.is_dir() else _read_10x_h5(path)


def _read_10x_h5(path: Path, *, peaks: bool = False) -> "anndata.AnnData":
    from scanpy import read_10x_h5

    probe_hdf5(path)
    return _features(read_10x_h5(path, gex_only=False), peaks)


def _features(table: "anndata.AnnData", peaks: bool) -> "anndata.AnnData":
    """Keep the peaks of a 10x table where it has some and they are wanted, else the genes."""
    check_indices(table)
    if "feature_types" not in table.var:  # as in files before Cell Ranger 3, which are all genes
        return table
    kinds = table.var["feature_types"]
    kind = PEAKS if peaks and (kinds == PEAKS).any() else "Gene Expression"
    return table[:, (kinds == kind).to_numpy()].copy()


def check_indices(table: "anndata.AnnData") -> None:
    """Raise ValueError unless the indices of every sparse matrix lie within it.

    No reader checks them, and compiled code would follow them anywhere in memory.
    """
    from scipy import sparse

    raw = () if table.raw is None else (table.raw.X,)
    for matrix in (table.X, *raw, *table.layers.values()):
        if sparse.issparse(matrix) and matrix.format in ("csr", "csc"):
            matrix.check_format(full_check=True)


def _read_10x_folder(path: Path, *, peaks: bool = False) -> "anndata.AnnData":
    from scanpy import read_10x_mtx

    folder = path if path.is_dir() else path.parent
    found = sorted(path.glob("*matrix.mtx*")) if path.is_dir() else [path]
    if len(found) != 1:
        raise ValueError(f"{len(found)} files match *matrix.mtx[.gz], want one")
    prefix = found[0].name.split("matrix.mtx")[0]
    # as scanpy, which tells version 2 by `genes` and reads version 3 gzipped alone
    old = (folder / f"{prefix}genes.tsv").is_file()
    genes = folder / f"{prefix}{'genes.tsv' if old else 'features.tsv.gz'}"
    barcodes = folder / f"{prefix}barcodes.tsv{'' if old else '.gz'}"
    for names in (barcodes, genes):
        if not names.is_file():
            raise ValueError(f"{names.name.removesuffix('.gz')}[.gz] is missing")
    check_market(found[0], genes, barcodes)
    table = read_10x_mtx(
        folder, make_unique=False, cache=False, prefix=prefix or None, gex_only=False
    )
    return _features(table, peaks)


def _require_loompy(path: Path) -> None:
    try:
        import loompy  # noqa: F401 - anndata needs it
    except ImportError as error:
        raise DataError(
            f"'{path}' needs loompy; install it with: pip install 'genearena[loom]'"
        ) from error


def _read_loom(path: Path) -> "anndata.AnnData":
    from anndata.io import read_loom

    probe_hdf5(path)
    return read_loom(path, sparse=True, X_name="")
