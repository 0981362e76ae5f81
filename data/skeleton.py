"""Skeleton: counts of two donors, made up, and their graphs."""

import numpy as np
import pandas as pd
from anndata import AnnData

import genearena as ga

GENES, CELLS, PROGRAMMES = 60, 200, 5


def graphs() -> ga.GraphCollection:
    """Return the co-expression graph of each donor.

    In place of the made-up counts give `genearena.pp.graphs` your own, cells × genes: an AnnData
    or the path of a file that `bench data add` reads.
    """
    table = AnnData(
        np.vstack([_counts(seed) for seed in (0, 1)]),
        obs=pd.DataFrame(
            {"donor": np.repeat(["first", "second"], CELLS)}, index=list(map(str, range(2 * CELLS)))
        ),
        var=pd.DataFrame(index=[f"GENE{gene}" for gene in range(GENES)]),
    )
    return ga.pp.graphs(
        table, "skeleton", name="made_up", donor_key="donor", n_genes=50, min_genes=10
    )


def _counts(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    activity = rng.gamma(2.0, 1.0, (CELLS, PROGRAMMES))
    return rng.poisson(3 * activity[:, np.arange(GENES) % PROGRAMMES]).astype(np.float32)
