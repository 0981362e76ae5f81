"""Read 10x HDF5 files, and pick features by their type."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from genearena.data.common.errors import DataError
from genearena.data.reading.formats.hdf5_probe import probe_hdf5

if TYPE_CHECKING:
    import anndata

GENES, PEAKS = "Gene Expression", "Peaks"
TYPE = "feature_types"


def read_tenx_h5(path: Path, genome: str | None = None) -> "anndata.AnnData":
    """Read all features of a file of Cell Ranger, in `var` with their ``genome``.

    Parameters
    ----------
    path
        The file.
    genome
        Which one to read of a file from before Cell Ranger 3, which has a matrix for each.

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


def of_type(table: "anndata.AnnData", *, peaks: bool) -> "anndata.AnnData":
    """Keep the peaks of a table where it has some and they are wanted, else the genes.

    Raises
    ------
    DataError
        If features have types and none is that of genes.
    """
    if TYPE not in table.var:  # as in files before Cell Ranger 3, which are all genes
        return table
    types = table.var[TYPE]
    kept = types == (PEAKS if peaks and (types == PEAKS).any() else GENES)
    if table.n_vars and not kept.any():
        found = ", ".join(f"'{kind}' ({n})" for kind, n in Counter(types).most_common(4))
        cure = "add --modality scatac" if (types == PEAKS).any() else "give genes that type"
        raise DataError(f"none of its features is of type '{GENES}', they are {found}; {cure}")
    return table[:, kept.to_numpy()].copy()
