"""Write tables the way Cell Ranger does, for the tests of what reads them."""

import gzip

import h5py
import numpy as np
from scipy import io, sparse


def write_10x_folder(folder, table, prefix="", packed=True, kinds=None):
    kinds = kinds or ["Gene Expression"] * table.n_vars
    folder.mkdir(exist_ok=True)
    opened, ending = (gzip.open, ".gz") if packed else (open, "")
    kind = "features" if packed else "genes"
    with opened(folder / f"{prefix}matrix.mtx{ending}", "wb") as file:
        io.mmwrite(file, sparse.coo_matrix(table.X.T.astype(int)))
    with opened(folder / f"{prefix}{kind}.tsv{ending}", "wt") as file:
        for gene, of in zip(table.var_names, kinds, strict=True):
            file.write(f"ENS{gene}\t{gene}" + (f"\t{of}\n" if packed else "\n"))
    with opened(folder / f"{prefix}barcodes.tsv{ending}", "wt") as file:
        file.writelines(f"{cell}\n" for cell in table.obs_names)
    return folder


def write_10x_h5(path, table, kinds=None):
    counts = sparse.csr_matrix(table.X).astype(np.int32)
    with h5py.File(path, "w") as file:
        group = file.create_group("matrix")
        group["barcodes"] = np.array(table.obs_names, dtype="S")
        for part in ("data", "indices", "indptr"):
            group[part] = getattr(counts, part)
        group["shape"] = np.array(table.shape[::-1], dtype=np.int32)
        features = group.create_group("features")
        features["id"] = np.array([f"ENS{g}" for g in table.var_names], dtype="S")
        features["name"] = np.array(table.var_names, dtype="S")
        features["feature_type"] = np.array(kinds or ["Gene Expression"] * table.n_vars, dtype="S")
        features["genome"] = np.array(["made-up"] * table.n_vars, dtype="S")
    return path
