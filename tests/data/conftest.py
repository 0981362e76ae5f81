"""Small made-up counts, graphs and files for the tests of data."""

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from genearena.data.build import build_graph
from genearena.data.options import BuildOptions
from genearena.data.reading.counts import CountMatrix

sys.path.insert(0, str(Path(__file__).parent))  # for helpers that several test files share


@pytest.fixture(scope="session")
def make_counts():
    """Return a maker of counts of correlated genes, with truth if `simulated`."""

    def make(name="d1", *, cells=80, genes=30, seed=0, simulated=False, tissue="lung"):
        rng = np.random.default_rng(seed)
        depth = rng.lognormal(6, 0.3, (cells, 1))
        programme = rng.gamma(2, 0.5, (cells, 3))[:, np.arange(genes) % 3]
        drawn = rng.poisson(depth * programme * rng.uniform(0.005, 0.02, genes))
        names = tuple(f"G{i:02d}" for i in range(genes))
        truth = np.arange(genes) % 3 if simulated else None
        counts = sparse.csr_array(drawn)
        return CountMatrix(
            name, tissue, "scrna", "human", names, counts, truth=truth, simulated=simulated
        )

    return make


@pytest.fixture(scope="session")
def make_graph(make_counts):
    """Return a maker of graphs from such counts."""

    def make(name="d1", *, n_genes=20, **options):
        return build_graph(make_counts(name, **options), BuildOptions(n_genes=n_genes, alpha=0.05))

    return make


@pytest.fixture
def table(make_counts):
    """AnnData of two donors with forty cells each and thirty genes, stored as floats."""
    from anndata import AnnData

    made = make_counts()
    adata = AnnData(sparse.csr_matrix(made.counts).astype(np.float32))
    adata.var_names = list(made.genes)
    adata.obs_names = [f"cell{i}" for i in range(80)]
    adata.obs["donor"] = ["b", "a"] * 40
    adata.obs["batch"] = "x"
    return adata
