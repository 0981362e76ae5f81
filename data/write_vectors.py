"""Write gene vectors to files as `reading.vector_files` reads them, to the same bits."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genearena.data.common.atomic import write_atomically
from genearena.data.common.csv_text import csv_text
from genearena.data.common.errors import UsageError
from genearena.data.reading.gene_vectors import GeneVectors

if TYPE_CHECKING:
    from pandas import DataFrame

DIGITS = "%.9g"
"""Enough to tell any two float32 apart."""


def write_vectors(vectors: GeneVectors, path: Path) -> None:
    """Write vectors as text of word2vec, npz, parquet, csv or tsv, by the file's ending.

    Raises
    ------
    UsageError
        If the ending is none of these, Parquet is not installed, or vectors of several data sets
        or names with blanks are to be text of word2vec.
    StoreError
        If the file cannot be written.
    """
    check_vector_path(path)
    write_atomically(path, lambda temporary: _WRITERS[path.suffix](vectors, temporary))


def check_vector_path(path: Path) -> None:
    """Raise UsageError unless the ending is that of a file of vectors that can be written."""
    if path.suffix not in _WRITERS:
        raise UsageError(f"cannot write vectors to '{path}'; end its name in {', '.join(SUFFIXES)}")
    if path.suffix == ".parquet" and find_spec("pyarrow") is None:
        raise UsageError("Parquet needs pyarrow: pip install 'genearena[parquet]', or take .npz")


def _word2vec(vectors: GeneVectors, path: Path) -> None:
    if vectors.dataset:
        raise UsageError(
            f"'{path.suffix}' has one vector per gene, and these are of data sets; take mean or "
            "concatenated ones, or another kind of file"
        )
    blank = next((gene for gene in vectors.gene if len(gene.split()) != 1), None)
    if blank is not None:
        raise UsageError(f"'{path.suffix}' has blanks between numbers, and so has gene '{blank}'")
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{len(vectors.gene)} {vectors.vectors.shape[1]}\n")
        for gene, row in zip(vectors.gene, vectors.vectors, strict=True):
            file.write(f"{gene} {' '.join(DIGITS % value for value in row)}\n")


def _npz(vectors: GeneVectors, path: Path) -> None:
    arrays: dict[str, Any] = {"gene": np.array(vectors.gene), "vectors": vectors.vectors}
    if vectors.dataset:
        arrays["dataset"] = np.array(vectors.dataset)
    if vectors.fingerprint:
        arrays["fingerprint"] = np.array(vectors.fingerprint)
    if vectors.new_donor is not None:
        arrays["new_donor"] = vectors.new_donor
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _parquet(vectors: GeneVectors, path: Path) -> None:
    _frame(vectors).to_parquet(path, engine="pyarrow", index=False)


def _table(vectors: GeneVectors, path: Path, separator: str) -> None:
    frame = _frame(vectors)
    path.write_text(csv_text(list(frame), frame.to_dict("records"), separator), encoding="utf-8")


def _frame(vectors: GeneVectors) -> "DataFrame":
    import pandas as pd

    names = {"dataset": vectors.dataset} if vectors.dataset else {}
    numbers = {f"v{i}": column for i, column in enumerate(vectors.vectors.T, 1)}
    return pd.DataFrame({**names, "gene": vectors.gene, **numbers})


_WRITERS: Mapping[str, Callable[[GeneVectors, Path], None]] = {
    **dict.fromkeys((".txt", ".vec", ".w2v"), _word2vec),
    ".npz": _npz,
    ".parquet": _parquet,
    ".csv": partial(_table, separator=","),
    ".tsv": partial(_table, separator="\t"),
}
SUFFIXES = tuple(_WRITERS)
