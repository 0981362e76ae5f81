"""Read gene vectors from a file that anyone may have made.

Nothing in it is executed (no pickle), no other file is opened on its behalf, and what it claims
to hold is measured before it is read.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genearena.data.common.errors import DataError, GeneArenaError
from genearena.data.common.foreign_files import check_declared, read_npz
from genearena.data.common.one_line import first_line
from genearena.data.common.quantities import gibibytes
from genearena.data.reading.formats.embedding_hub import read_hub
from genearena.data.reading.formats.hdf5 import open_hdf5
from genearena.data.reading.formats.hdf5_probe import probe_hdf5
from genearena.data.reading.formats.text import TAB, is_number, open_packed
from genearena.data.reading.formats.word2vec import word2vec_rows
from genearena.data.reading.gene_vectors import GeneVectors

if TYPE_CHECKING:
    import h5py

MOST_BYTES = 4 * 2**30
DATASET, GENE = "dataset", "gene"
GZIP = ".gz"
VALUE_BYTES = 8


def read_vectors(path: Path) -> GeneVectors:
    """Read vectors of the genes of data sets, by what the file's name says it is.

    Parameters
    ----------
    path
        ``.h5ad``: dense X, columns `dataset` and `gene` in obs; optional obsm["new_donor"] and
        uns["fingerprint"]. ``.npz``: arrays `dataset`, `gene` (text) and `vectors` (n, dim);
        optional `new_donor` and `fingerprint`. ``.csv``, ``.tsv``, ``.parquet``: columns
        `dataset`, `gene`, and one per dimension. Text may be gzipped (``.csv.gz``).

    Raises
    ------
    DataError
        If the file is missing, too large, or not such a table.
    """
    return _read(path, _TABLES, (DATASET, GENE))


def read_fixed_vectors(path: Path) -> GeneVectors:
    """Read one vector per gene, the same in every data set.

    Parameters
    ----------
    path
        As for `read_vectors`, without `dataset`; a table of text or parquet without a column `gene`
        has genes in its first column, or in the index. ``.npz`` may have `genes` and `embeddings`
        instead. ``.h5ad``: X with genes in obs; without an X the only array of obsm, or that of
        varm with genes in var; their names are in the index if there is no column `gene`. ``.txt``,
        ``.vec``, ``.w2v``: see `word2vec_rows`. A folder: see `read_hub`.

    Raises
    ------
    DataError
        If the file is missing, too large, or has no such vectors.
    """
    if path.is_dir():
        with _said_of(path, "a folder of the Gene Embedding Hub"):
            return GeneVectors(*read_hub(path))
    return _read(path, {**_TEXTS, **_TABLES}, (GENE,))


Reader = Callable[[Path, tuple[str, ...]], GeneVectors]
"""Given the columns of names that there must be."""


def _read(path: Path, readers: Mapping[str, Reader], names: tuple[str, ...]) -> GeneVectors:
    kinds = ", ".join(readers)
    if not path.is_file():
        raise DataError(f"there is no file '{path}'; give one of gene vectors ({kinds})")
    name = path.name.lower()
    suffix = Path(name.removesuffix(GZIP)).suffix
    if suffix not in readers or (name.endswith(GZIP) and suffix not in _UNPACKED):
        raise DataError(f"'{path.name}' is of no known kind; want one of {kinds}")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise DataError(
            f"'{path.name}' holds {gibibytes(size)}, want at most {gibibytes(MOST_BYTES)}"
        )
    with _said_of(path, suffix[1:]):
        return readers[suffix](path, names)


@contextmanager
def _said_of(path: Path, kind: str) -> Iterator[None]:
    try:
        yield
    except GeneArenaError as error:
        text = str(error)
        raise DataError(text if f"{path}'" in text else f"'{path.name}': {text}") from error
    except Exception as error:  # parsers raise anything on a damaged file
        raise DataError(
            f"'{path.name}' cannot be read as {kind} ({first_line(error)}); check that it is "
            "complete"
        ) from error


def _read_text(path: Path, _: tuple[str, ...]) -> GeneVectors:
    with np.errstate(over="ignore"):  # what becomes infinite is refused with its row
        rows = [(gene, vector.astype(np.float32)) for _, gene, vector in word2vec_rows(path)]
    if not rows:
        raise DataError("it has no line with a gene and numbers")
    genes, vectors = zip(*rows, strict=True)
    return GeneVectors(genes, np.stack(vectors))


def _read_csv(path: Path, names: tuple[str, ...]) -> GeneVectors:
    import pandas as pd

    separator = TAB if ".tsv" in path.suffixes[-2:] else ","
    with open_packed(path, whole=True) as text:
        table = pd.read_csv(text, sep=separator, dtype=str, keep_default_na=False)
    if not isinstance(table.index, pd.RangeIndex):  # pandas takes surplus fields for an index
        raise DataError("rows have more fields than the heading has names")
    columns = list(table.columns)
    numbers = [name for name in columns[1:] if is_number(name)]
    if len(numbers) == len(columns[1:]) and not all(map(str.isdecimal, numbers)):
        raise DataError(f"its first line holds numbers such as '{numbers[0]}', want a heading")
    # through float64, which keeps the text of any two float32 apart
    return _of_frame(table, names, columns[0], lambda numbers: numbers.astype(np.float64))


def _read_parquet(path: Path, names: tuple[str, ...]) -> GeneVectors:
    try:
        from pyarrow import types
        from pyarrow.parquet import ParquetFile, read_schema
    except ImportError as error:
        raise DataError(
            "it needs pyarrow; install it with: pip install 'genearena[parquet]'"
        ) from error
    schema = read_schema(path)
    index = [
        name
        for name in (schema.pandas_metadata or {}).get("index_columns", ())
        if isinstance(name, str) and name in schema.names
    ]
    first = (index or schema.names)[0]
    texts = [name for name in schema.names if name in names] or [first]
    columns = [name for name in schema.names if name in texts or name not in index]
    for field in map(schema.field, columns):
        kind = field.type
        if field.name not in texts and not (types.is_floating(kind) or types.is_integer(kind)):
            raise DataError(f"column '{field.name}' is of type {kind}, want numbers, one a column")
    # repeated texts stay stored once, however many rows have them
    with ParquetFile(path, read_dictionary=texts) as file:
        n_values = file.metadata.num_rows * len(columns)
        check_declared(n_values * VALUE_BYTES, path.stat().st_size)
        table = file.read(columns, use_threads=False).to_pandas(ignore_metadata=True)
    return _of_frame(table, names, first, lambda numbers: numbers)


def _of_frame(
    table: Any, names: tuple[str, ...], first: str, as_numbers: Callable[[Any], Any]
) -> GeneVectors:
    """Take a table with columns of names and one per dimension; genes may be in the `first`."""
    if names == (GENE,):
        _refuse_datasets(table)
        names = (GENE,) if GENE in table else (first,)
    _require(list(table.columns), names)
    numbers = as_numbers(table.drop(columns=list(names)).to_numpy())
    texts = {name: tuple(map(str, table[name])) for name in names}
    return GeneVectors(texts[names[-1]], numbers, texts.get(DATASET, ()))


def _read_npz(path: Path, names: tuple[str, ...]) -> GeneVectors:
    if names == (GENE,):
        arrays = read_npz(path, (DATASET, GENE, "genes", "vectors", "embeddings"))
        _refuse_datasets(arrays)
        genes = GENE if GENE in arrays else "genes"
        if "embeddings" in arrays and genes not in arrays:
            raise DataError("it has no names of genes; of the Gene Embedding Hub, give the folder")
        vectors = "embeddings" if "vectors" not in arrays and "embeddings" in arrays else "vectors"
        _require(list(arrays), (genes if genes in arrays else GENE, vectors))
        return GeneVectors(_texts(arrays, genes), arrays[vectors])
    arrays = read_npz(path, (*names, "vectors", "new_donor", "fingerprint"))
    _require(list(arrays), (*names, "vectors"))
    return GeneVectors(
        _texts(arrays, GENE),
        arrays["vectors"],
        _texts(arrays, DATASET),
        fingerprint=str(arrays["fingerprint"].item()) if "fingerprint" in arrays else "",
        new_donor=arrays.get("new_donor"),
    )


def _texts(arrays: Mapping[str, Any], name: str) -> tuple[str, ...]:
    array = arrays[name]
    if array.ndim != 1 or array.dtype.kind not in "US":
        raise DataError(f"'{name}' is {array.dtype} of shape {array.shape}, want (n,) text")
    decoded = np.char.decode(array) if array.dtype.kind == "S" else array
    return tuple(str(text) for text in decoded)


def _read_h5ad(path: Path, names: tuple[str, ...]) -> GeneVectors:
    probe_hdf5(path)
    with open_hdf5(path) as file:
        if names == (GENE,):
            return _fixed_of_h5ad(file)
        if "X" not in file:
            raise DataError("it has no 'X'")
        return GeneVectors(
            _text_column(file, GENE),
            _element(file, "X"),
            _text_column(file, DATASET),
            fingerprint=str(_element(file, "uns/fingerprint", "")),
            new_donor=_element(file, "obsm/new_donor"),
        )


def _fixed_of_h5ad(file: "h5py.File") -> GeneVectors:
    import h5py
    from anndata.io import read_elem

    groups = {axis: file[axis] for axis in ("obsm", "varm") if axis in file}
    places = {
        f"{axis}/{key}": axis
        for axis, group in groups.items()
        if isinstance(group, h5py.Group)
        for key in group
    }
    if "X" in file:
        places = {"X": "obsm"}
    if len(places) != 1:
        found = f"{len(places)} arrays ({', '.join(places)})" if places else "nothing"
        raise DataError(f"it has no 'X', and in obsm and varm {found}, want one array")
    ((place, axis),) = places.items()
    vectors = _element(file, place)
    table = read_elem(file[axis[:3]])
    _refuse_datasets(table)
    genes = table.get(GENE, table.index)
    return GeneVectors(tuple(map(str, genes)), vectors)


def _text_column(file: "h5py.File", name: str) -> tuple[str, ...]:
    column = _element(file, f"obs/{name}")
    if column is None:
        raise DataError(f"it has no column '{name}' in obs; want {DATASET}, {GENE}")
    return tuple(str(text) for text in column)


def _element(file: "h5py.File", key: str, missing: Any = None) -> Any:
    from anndata.io import read_elem
    from scipy import sparse

    if key not in file:
        return missing
    value = read_elem(file[key])
    if sparse.issparse(value):
        raise DataError(f"'{key}' is sparse, want a dense array")
    return value


def _refuse_datasets(names: Container[str]) -> None:
    if DATASET in names:
        raise DataError(f"it has a '{DATASET}' for each row; 'bench submit' takes such vectors")


def _require(have: Sequence[str], want: Sequence[str]) -> None:
    lacking = [name for name in want if name not in have]
    if lacking:
        raise DataError(f"it has no '{lacking[0]}'; want {', '.join(want)}")


_TABLES: Mapping[str, Reader] = {
    ".h5ad": _read_h5ad,
    ".npz": _read_npz,
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".parquet": _read_parquet,
}
_TEXTS: Mapping[str, Reader] = dict.fromkeys((".txt", ".vec", ".w2v"), _read_text)
_UNPACKED = (".csv", ".tsv", *_TEXTS)
