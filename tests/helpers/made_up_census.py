"""A made-up Census in memory, which counts what it is asked and can fail when told."""

from contextlib import contextmanager

import numpy as np
import pandas as pd
from anndata import AnnData
from scipy import sparse

from genearena.data.cards.stored_card import PublishedDataset

VERSION = "2025-01-30"
N_GENES = 60

# dataset, donor, assay, suspension, tissue, disease, primary, cells
GROUPS = (
    ("set-one-aaaa", "ann", "10x 3' v3", "cell", "left lung", "normal", True, 120),
    ("set-one-aaaa", "ann", "10x 3' v2", "cell", "left lung", "normal", True, 70),
    ("set-one-aaaa", "bob", "10x 3' v2", "cell", "left lung", "normal", True, 90),
    ("set-two-bbbb", "ann", "10x 3' v3", "nucleus", "left lung", "normal", True, 110),
    ("set-two-bbbb", "pooled", "10x 3' v3", "cell", "left lung", "normal", True, 300),
    ("set-two-bbbb", "cat", "10x 3' v3", "cell", "left lung", "normal", True, 12),
    ("set-three-cc", "ann", "10x 5' v2", "cell", "lung", "normal", True, 80),
    ("set-three-cc", "dan", "10x 5' v2", "cell", "lung", "normal", True, 60),
    ("set-three-cc", "eve", "Drop-seq", "cell", "lung", "normal", True, 200),
    ("set-three-cc", "fay", "10x 5' v2", "cell", "lung", "asthma", True, 200),
    ("set-three-cc", "gus", "10x 5' v2", "cell", "lung", "normal", False, 200),
    ("set-three-cc", "hal", "10x 5' v2", "cell", "heart left ventricle", "normal", True, 200),
)
DATASETS = {
    "set-one-aaaa": PublishedDataset(
        dataset_id="set-one-aaaa",
        title="First lungs",
        collection_id="c1",
        collection="Lungs",
        doi="10.1/one",
        citation="Publication: https://doi.org/10.1/one Dataset Version: one",
    ),
    "set-two-bbbb": PublishedDataset(
        dataset_id="set-two-bbbb", title="Nuclei of lungs", collection_id="c1", collection="Lungs"
    ),
    "set-three-cc": PublishedDataset(
        dataset_id="set-three-cc",
        title="Other lungs",
        collection_id="c2",
        doi="10.1/two",
        licence="CC BY 4.0",
    ),
}


def make_tables(seed=0):
    """Return obs (cells in mixed order) and counts of all groups."""
    columns = ("dataset_id", "donor_id", "assay", "suspension_type", "tissue", "disease")
    rows = [dict(zip(columns, g[:6], strict=True)) | {"is_primary_data": g[6]} for g in GROUPS]
    obs = pd.DataFrame([row for row, g in zip(rows, GROUPS, strict=True) for _ in range(g[7])])
    rng = np.random.default_rng(seed)
    obs = obs.iloc[rng.permutation(len(obs))].reset_index(drop=True)
    obs["tissue_general"] = np.where(obs["tissue"].str.contains("lung"), "lung", "heart")
    obs["soma_joinid"] = np.arange(len(obs)) * 3 + 7
    programme = rng.gamma(2, 0.5, (len(obs), 3))[:, np.arange(N_GENES) % 3]
    rate = rng.lognormal(6, 0.3, (len(obs), 1)) * programme * rng.uniform(0.005, 0.02, N_GENES)
    counts = sparse.csr_matrix(rng.poisson(rate).astype(np.float32))
    obs["nnz"] = np.diff(counts.indptr)
    return obs, counts


def make_var():
    """Return the genes; one symbol repeats and one is missing."""
    symbols = [f"G{i}" for i in range(N_GENES)]
    symbols[4], symbols[5] = "G3", None
    identifiers = [f"ENSG{i:03d}" for i in range(N_GENES)]
    index = [str(i) for i in range(N_GENES)]
    return pd.DataFrame({"feature_id": identifiers, "feature_name": symbols}, index=index)


def matching(obs, wanted):
    """Return which cells a filter keeps, a condition at a time."""
    keep = obs["is_primary_data"].to_numpy(copy=True)
    general = obs["tissue_general"].isin(wanted.tissues)
    keep &= obs["tissue"].isin(wanted.tissues).to_numpy() | general.to_numpy()
    if wanted.assays:
        keep &= obs["assay"].isin(wanted.assays).to_numpy()
    if wanted.disease:
        keep &= (obs["disease"] == wanted.disease).to_numpy()
    return keep


class MadeUpCensus:
    """Client and release in one; `fail_at` is the number of the call of counts that raises."""

    def __init__(self, fail_at=None, error=None):
        self.obs, self.matrix = make_tables()
        self.fail_at, self.error = fail_at, error
        self.asked = []
        self.shuffle = False

    def versions(self):
        return {"stable": VERSION, VERSION: VERSION, "2024-07-01": "2024-07-01"}

    @contextmanager
    def open(self, version):
        assert version == VERSION
        yield self

    def terms(self, organism):
        if organism != "Homo sapiens":
            return {}
        names = ("assay", "tissue", "tissue_general", "disease")
        return {name: self.obs[name].value_counts().to_dict() for name in names}

    def cells(self, wanted):
        columns = ["soma_joinid", "dataset_id", "donor_id", "assay", "suspension_type", "nnz"]
        found = self.obs.loc[matching(self.obs, wanted), columns]
        found = found.astype(dict.fromkeys(columns[1:5], "category"))
        return found.sample(frac=1, random_state=1) if self.shuffle else found

    def counts(self, organism, cells):
        self.asked.append(len(cells))
        if self.fail_at == len(self.asked):
            raise self.error
        rows = self.rows(cells)[::-1]  # any order will do
        obs = self.obs.iloc[rows].astype({"donor_id": "category"})
        return AnnData(self.matrix[rows], obs=obs.set_index(obs.index.astype(str)), var=make_var())

    def rows(self, cells):
        """Return the rows of these cells in `obs` and `matrix`."""
        return pd.Index(self.obs["soma_joinid"]).get_indexer(cells)

    def datasets(self, dataset_ids):
        return tuple(DATASETS[i] for i in dataset_ids)
