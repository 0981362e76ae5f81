"""Residuals against scanpy's, and the choice of variable genes."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import sparse

from genearena.data.common.errors import UsageError
from genearena.data.preprocessing.pearson import BLOCK
from genearena.data.preprocessing.residuals import fit_residuals, variable_genes


@pytest.fixture
def counts():
    """Skewed counts of more genes than one block holds."""
    rng = np.random.default_rng(2)
    share = rng.lognormal(0, 1.5, BLOCK + 40)
    depth = rng.lognormal(7, 0.5, 90)
    drawn = rng.poisson(rng.gamma(0.5, 2, (90, BLOCK + 40)) * np.outer(depth, share / share.sum()))
    return sparse.csr_array(drawn[:, drawn.sum(axis=0) > 0])


def test_analytic_residuals_and_variances_equal_scanpys(counts):
    """Residuals and their variances agree with scanpy.experimental to 1e-6."""
    anndata, scanpy = pytest.importorskip("anndata"), pytest.importorskip("scanpy")
    table = anndata.AnnData(sparse.csr_matrix(counts).astype(np.float64))
    scanpy.experimental.pp.highly_variable_genes(table, flavor="pearson_residuals", n_top_genes=50)
    want = scanpy.experimental.pp.normalize_pearson_residuals(table, inplace=False)["X"]
    got = fit_residuals("analytic", counts)
    every = np.arange(counts.shape[1])
    np.testing.assert_allclose(got.profiles(every), want.T, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(got.variance, table.var["residual_variances"], rtol=1e-6)
    top = np.flatnonzero(table.var["highly_variable"])
    np.testing.assert_array_equal(variable_genes(got, 50), top)


def test_profiles_of_some_genes_are_rows_of_all(counts):
    """Profiles of chosen genes are float32 rows in the order asked for."""
    fitted = fit_residuals("analytic", counts)
    every = fitted.profiles(np.arange(counts.shape[1]))
    some = fitted.profiles(np.array([7, 2, 300]))
    assert some.dtype == np.float32
    np.testing.assert_array_equal(some, every[[7, 2, 300]])


def test_counts_without_variation_have_zero_residuals():
    """Counts that are exactly depth times share leave nothing."""
    counts = sparse.csr_array(np.outer([1, 2, 4, 8], [3, 5, 1]))
    np.testing.assert_allclose(fit_residuals("analytic", counts).variance, 0, atol=1e-12)


def test_variable_genes_take_the_first_of_equals():
    """Ties go to the gene that comes first, and positions are ascending."""
    fitted = SimpleNamespace(variance=np.array([1.0, 3.0, 2.0, 2.0, 2.0]))
    np.testing.assert_array_equal(variable_genes(fitted, 3), [1, 2, 3])
    np.testing.assert_array_equal(variable_genes(fitted, 99), [0, 1, 2, 3, 4])


def test_unknown_residuals_offer_the_nearest(counts):
    """A misspelt null model is answered with the right spelling."""
    with pytest.raises(UsageError, match="did you mean 'analytic'"):
        fit_residuals("analytical", counts)
