"""Read what Cell Ranger and its like write: 10x h5 files, and folders of a matrix and its names."""

import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genearena.data.common.errors import DataError
from genearena.data.reading.formats.hdf5_probe import probe_hdf5
from genearena.data.reading.formats.matrix_market import declared_shape, read_market
from genearena.data.reading.formats.tenx_folder import Trio, beside, find_trio
from genearena.data.reading.formats.text import TAB, open_text, split_line
from genearena.data.reading.name_checks import GENES

if TYPE_CHECKING:
    import anndata

GENE, PEAKS = "Gene Expression", "Peaks"
TYPE = "feature_types"
CELLS_FIRST = "cells_x_"
"""How kallisto bustools begins the names of matrices with cells in rows."""

Rows = list[list[str]]


def read_tenx_h5(path: Path, genome: str | None = None) -> "anndata.AnnData":
    """Read all features of a file of Cell Ranger, in `var` with their ``genome``.

    A file from before Cell Ranger 3 has a matrix for each genome, of which one is read.

    Raises
    ------
    DataError
        If it is no sound HDF5 file, or has several matrices, none of them of the genome.
    """
    import h5py
    from scanpy import read_10x_h5

    probe_hdf5(path)
    with h5py.File(path, "r") as file:
        genomes = [] if "matrix" in file else list(file)
    if not genomes:
        return read_10x_h5(path, gex_only=False)
    if genome not in genomes and len(genomes) > 1:
        have = ", ".join(genomes)
        raise DataError(f"it has a matrix for each genome; choose one with --genome: {have}")
    own = genome if genome in genomes else genomes[0]
    table = read_10x_h5(path, genome=own, gex_only=False)
    table.var["genome"] = own
    return table


def read_tenx_folder(path: Path) -> "anndata.AnnData":
    """Read the trio of Cell Ranger, STARsolo, kallisto bustools and their like, cells in rows.

    Which side of the matrix has the cells is told by how many lines the names have, and on a tie
    by how the files are called. See `tenx_folder.find_trio` for which files are read.

    Returns
    -------
    Counts with names as they are written: those of genes, or their ids where they have no name, or
    ``chr1:100-200`` for peaks. `var` has the ``gene_ids`` and ``feature_types`` there are.

    Raises
    ------
    DataError
        If files are missing, damaged or ambiguous, or do not fit each other.
    """
    import anndata
    import pandas as pd
    from scipy.sparse import csr_matrix

    trio = find_trio(path)
    barcodes, features = _rows(trio.barcodes), _features(trio.features)
    cells_first = _has_cells_in_rows(trio, len(barcodes), len(features))
    counts = read_market(trio.matrix)
    names, columns = _described(features)
    return anndata.AnnData(
        csr_matrix(counts if cells_first else counts.T),
        obs=pd.DataFrame(index=np.array([row[0] for row in barcodes], dtype=object)),
        var=pd.DataFrame(columns, index=np.array(names, dtype=object)),
    )


def of_type(table: "anndata.AnnData", *, peaks: bool) -> "anndata.AnnData":
    """Keep the peaks of a table where it has some and they are wanted, else the genes.

    Features that have types, none of them that of genes, raise DataError.
    """
    if TYPE not in table.var:  # as in files before Cell Ranger 3, which are all genes
        return table
    types = table.var[TYPE]
    kept = types == (PEAKS if peaks and (types == PEAKS).any() else GENE)
    if table.n_vars and not kept.any():
        found = ", ".join(f"'{kind}' ({n})" for kind, n in Counter(types).most_common(4))
        cure = "add --modality scatac" if (types == PEAKS).any() else "give genes that type"
        raise DataError(f"none of its features is of type '{GENE}', they are {found}; {cure}")
    return table[:, kept.to_numpy()].copy()


def _has_cells_in_rows(trio: Trio, n_barcodes: int, n_features: int) -> bool:
    shape = declared_shape(trio.matrix)
    fits = [shape == (n_features, n_barcodes), shape == (n_barcodes, n_features)]
    if not any(fits):
        raise DataError(
            f"{trio.matrix.name} declares {shape[0]} x {shape[1]}, {trio.features.name} has "
            f"{n_features} lines and {trio.barcodes.name} {n_barcodes}; give files of one matrix"
        )
    return not fits[0] or (fits[1] and CELLS_FIRST in trio.matrix.name.lower())


def _features(path: Path) -> Rows:
    """Return the columns that describe each feature."""
    rows = _rows(path)
    symbols = beside(path, "names")  # kallisto bustools keeps them apart from the ids
    if symbols is None:
        return rows
    names = _rows(symbols, blank=True)
    if len(names) != len(rows):
        raise DataError(f"{path.name} has {len(rows)} lines, {symbols.name} {len(names)}")
    return [[row[0], name[0]] for row, name in zip(rows, names, strict=True)]


def _rows(path: Path, *, blank: bool = False) -> Rows:
    try:
        with open_text(path, whole=True) as file:
            lines = [line.rstrip("\r\n") for line in file]
    except zlib.error as error:
        raise DataError(f"{path.name} is damaged") from error
    return [split_line(line, TAB) for line in lines if blank or line.strip()]


def _described(features: Rows) -> tuple[list[str], dict[str, Any]]:
    """Return the names of features and what else is known of them."""
    width = min(map(len, features), default=0)
    columns = [[row[i].strip() for row in features] for i in range(width)]
    if width == 0:
        return [], {}
    if width >= 3 and all(map(str.isdecimal, columns[1] + columns[2])):
        peaks = zip(*columns[:3], strict=True)
        return [f"{chromosome}:{start}-{end}" for chromosome, start, end in peaks], {}
    if width == 1:
        return columns[0], {}
    ids, names = columns[:2]
    if _are_ids(names) and not _are_ids(ids):
        ids, names = names, ids
    described = {"gene_ids": ids} | ({"feature_types": columns[2]} if width >= 3 else {})
    return [name or own for name, own in zip(names, ids, strict=True)], described


def _are_ids(column: Sequence[str]) -> bool:
    return all(GENES.fullmatch(name) is not None for name in column)
