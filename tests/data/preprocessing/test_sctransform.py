"""scTransform against the original's output, and its behaviour on data of any size."""

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from places import SHARED
from scipy import sparse

from genearena.data.common.errors import DataError, UsageError
from genearena.data.preprocessing import sctransform
from genearena.data.preprocessing._sctransform import negative_binomial
from genearena.data.preprocessing._sctransform.fit import (
    Sampling,
    fit_single_genes,
    gene_statistics,
)
from genearena.data.preprocessing._sctransform.null_model import (
    NegativeBinomialResiduals,
    fit_null_model,
)
from genearena.data.preprocessing.residuals import fit_residuals, variable_genes

REFERENCE = SHARED / "reference"
DATASETS = ["pbmc283", "ifnb_ctrl1000"]

needs_reference = [
    pytest.mark.shared,
    pytest.mark.skipif(not REFERENCE.is_dir(), reason="the reference outputs are not here"),
]


def overdispersed_counts(cells=200, genes=150, seed=0):
    """Negative-binomial counts of genes of very different levels, in cells of uneven depth."""
    rng = np.random.default_rng(seed)
    share = rng.lognormal(0, 1.5, genes)
    expected = np.outer(rng.lognormal(7, 0.5, cells), share / share.sum())
    return sparse.csr_array(rng.poisson(expected * rng.gamma(1.5, 1 / 1.5, expected.shape)))


@pytest.fixture(params=DATASETS)
def original(request):
    """Counts of one data set with everything the original made of them, in the order of genes."""
    pandas = pytest.importorskip("pandas")
    tag = request.param
    stored = np.load(REFERENCE / f"counts_{tag}.npz")
    parts = stored["data"].astype(float), stored["indices"].astype(int), stored["indptr"]
    counts = sparse.csr_array(sparse.csr_array(parts, shape=tuple(stored["shape"])).T)
    genes = [str(g) for g in stored["genes"]]
    tables = {}
    for mode in ("all", "vst"):
        table = pandas.read_csv(REFERENCE / f"sct_{tag}_{mode}_params.csv.gz")
        tables[mode] = table.set_index("gene").reindex(genes)
    profiles = np.load(REFERENCE / f"sct_{tag}_resid.npz")
    return SimpleNamespace(counts=counts, genes=genes, profiles=profiles, **tables)


def positions(original, names):
    """Return where the genes of these names are."""
    place = {gene: i for i, gene in enumerate(original.genes)}
    return np.array([place[str(name)] for name in names])


class TestReference:
    """Parity with the outputs of R."""

    pytestmark = needs_reference

    def test_parameters_without_sampling_equal_the_originals(self, original):
        """θ, intercept and residual variance of every gene agree; so do the genes left out."""
        got = sctransform(original.counts, n_cells=None, n_step1_genes=None, genes=original.genes)
        want = original.all
        kept = want["amean"].notna().to_numpy()
        np.testing.assert_array_equal(np.isnan(got.theta), ~kept)
        np.testing.assert_allclose(got.theta[kept], want["theta_fit"][kept], rtol=1e-5)
        np.testing.assert_allclose(got.intercept[kept], want["intercept_fit"][kept], atol=1e-6)
        variance = want["residual_variance"][kept]
        np.testing.assert_allclose(got.residual_variance[kept], variance, rtol=1e-5)
        np.testing.assert_array_equal(got.residual_variance[~kept], 0)

    def test_variable_genes_without_sampling_equal_the_originals_in_order(self, original):
        """The thousand most variable genes are the same, most variable first."""
        got = sctransform(original.counts, n_cells=None, n_step1_genes=None, genes=original.genes)
        want = original.all["hvg_rank"].dropna().sort_values().index
        assert [got.genes[g] for g in got.variable_genes] == list(want[:1000])

    def test_residuals_without_sampling_equal_the_originals(self, original):
        """Residuals clipped to ±√cells agree cell by cell."""
        fitted = fit_null_model(original.counts, Sampling(None, None))
        limit = np.sqrt(original.counts.shape[0])
        at = positions(original, original.profiles["all_resid_genes"])
        got = np.clip(fitted.residuals(at), -limit, limit)
        np.testing.assert_allclose(got, original.profiles["all_resid"], atol=1e-5)

    def test_profiles_equal_seurats(self, original):
        """Under Seurat's own parameters the centred, clipped profiles are its scale.data."""
        theta, intercept = (
            original.vst[f"seurat_{name}"].to_numpy() for name in ("theta", "intercept")
        )
        depth = np.asarray(original.counts.sum(axis=1))
        columns = sparse.csc_array(original.counts)
        model = NegativeBinomialResiduals(columns, depth, theta, intercept, 0.04)
        got = model.profiles(positions(original, original.profiles["seurat_scale_genes"]))
        np.testing.assert_allclose(got, original.profiles["seurat_scale"], atol=1e-5)

    def test_single_gene_fits_equal_the_originals_for_its_sample(self, original):
        """θ and intercepts of the genes R drew agree; θ at its boundary is infinite in both."""
        drawn = original.vst["step1_order"].dropna().sort_values().index
        some = sparse.csc_array(original.counts[:, positions(original, drawn)])
        depth = np.asarray(original.counts.sum(axis=1))
        statistics = gene_statistics(some)
        theta, intercept = fit_single_genes(some, depth, statistics)
        want = original.vst.loc[drawn]
        theirs = want["theta_step1"].to_numpy()
        finite, inner = np.isfinite(theirs), theirs < 20
        np.testing.assert_allclose(theta[inner], theirs[inner], rtol=1e-4)
        # towards the boundary the likelihood is flat and R stops a little short of the maximum
        np.testing.assert_allclose(theta[finite], theirs[finite], rtol=5e-3)
        predicted = statistics.mean**2 / statistics.excess
        assert (predicted[~finite] / theta[~finite] < 1e-3).all()
        np.testing.assert_allclose(intercept, want["intercept_step1"], atol=1e-5)

    @pytest.mark.parametrize("seed", [0, 1, 2])
    def test_sampling_picks_as_many_of_the_originals_genes_as_its_own_seeds_do(
        self, original, seed
    ):
        """At least 950 of the top 1000 are those of R with its sampling, and with none."""
        got = sctransform(original.counts, genes=original.genes, seed=seed)
        chosen = {got.genes[g] for g in got.variable_genes}
        for table in (original.vst, original.all):
            want = set(table["hvg_rank"].dropna().index)
            assert len(chosen & want) >= 0.95 * min(1000, len(want))


def test_residuals_equal_the_formula_written_out():
    """Profiles and variances follow from θ, b and depth gene by gene, cell by cell."""
    counts = overdispersed_counts(cells=60, genes=40)
    got = sctransform(counts, n_genes=30)
    x, depth = counts.toarray(), counts.toarray().sum(axis=1)
    kept = [g for g in range(40) if (x[:, g] > 0).sum() >= 5]
    least = (np.median([c for g in kept for c in x[:, g] if c]) / 5) ** 2
    for row, gene in enumerate(got.variable_genes):
        z = []
        for cell in range(60):
            mean = depth[cell] * np.exp(got.intercept[gene])
            spread = max(mean + mean**2 / got.theta[gene], least)
            z.append((x[cell, gene] - mean) / np.sqrt(spread))
        variance = np.var(np.clip(z, -np.sqrt(60), np.sqrt(60)), ddof=1)
        np.testing.assert_allclose(got.residual_variance[gene], variance, rtol=1e-9)
        profile = np.clip(z, -np.sqrt(2), np.sqrt(2))
        np.testing.assert_allclose(got.residuals[row], profile - profile.mean(), atol=1e-6)


def test_known_parameters_are_recovered():
    """Of genes with one θ the regularised one is near it, and intercepts are near log shares."""
    rng = np.random.default_rng(1)
    share = rng.lognormal(0, 1, 300)
    share /= share.sum()
    expected = np.outer(rng.lognormal(8, 0.3, 800), share)
    counts = rng.poisson(expected * rng.gamma(4, 1 / 4, expected.shape))
    got = sctransform(counts)
    usual = share > np.quantile(share, 0.2)
    assert np.median(got.theta[usual]) == pytest.approx(4, rel=0.1)
    assert np.median(np.abs(got.intercept - np.log(share))[usual]) < 0.1


def test_poisson_counts_have_residual_variance_near_one():
    """Where only depth differs between cells, residuals of frequent genes have variance 1."""
    rng = np.random.default_rng(2)
    share = rng.uniform(1, 5, 200)
    counts = rng.poisson(np.outer(rng.lognormal(7, 0.5, 500), share / share.sum()))
    got = sctransform(counts)
    assert np.mean(got.residual_variance) == pytest.approx(1, abs=0.05)
    correlation = [np.corrcoef(row, counts.sum(axis=1))[0, 1] for row in got.residuals]
    assert np.abs(correlation).mean() < 0.06


def test_a_programme_makes_its_genes_variable():
    """Genes that are ten times higher in some cells come before all others."""
    rng = np.random.default_rng(3)
    share = rng.uniform(1, 5, 300) / 900
    expected = np.outer(rng.lognormal(7, 0.3, 300), share)
    expected[:60, :8] *= 10
    got = sctransform(rng.poisson(expected), n_genes=8)
    assert set(got.variable_genes) == set(range(8))


def test_variable_genes_are_ordered_and_rows_match_them():
    """Shapes, order and names are as documented."""
    counts = overdispersed_counts()
    names = [f"g{i}" for i in range(150)]
    got = sctransform(counts, n_genes=25, genes=names)
    assert got.genes == tuple(names)
    assert got.residuals.shape == (25, 200)
    assert got.residuals.dtype == np.float32
    ranked = np.argsort(-got.residual_variance, kind="stable")
    np.testing.assert_array_equal(got.variable_genes, ranked[:25])
    every = sctransform(counts, n_genes=150)
    np.testing.assert_array_equal(got.residuals, every.residuals[:25])


def test_genes_in_fewer_than_five_cells_are_never_variable():
    """A gene seen in four cells has variance 0, no parameters and no profile."""
    x = overdispersed_counts(genes=50).toarray()
    x[:, 7] = 0
    x[:4, 7] = 90
    got = sctransform(x)
    assert got.residual_variance[7] == 0
    assert np.isnan(got.theta[7])
    assert 7 not in got.variable_genes
    profile = fit_residuals("sctransform", sparse.csr_array(x)).profiles(np.array([7]))
    np.testing.assert_array_equal(profile, 0)


def test_every_kind_of_counts_gives_one_result():
    """Dense, sparse of any format and AnnData are the same data, and are not changed."""
    counts = overdispersed_counts()
    anndata = pytest.importorskip("anndata")
    table = anndata.AnnData(sparse.csr_matrix(counts).astype(np.float32))
    shuffled = sparse.csc_array(counts, dtype=float)
    shuffled.indices[:2] = shuffled.indices[:2][::-1].copy()
    shuffled.data[:2] = shuffled.data[:2][::-1].copy()
    shuffled.has_sorted_indices = False
    before = shuffled.indices.copy()
    want = sctransform(counts)
    for given in (counts.toarray(), shuffled, sparse.coo_array(counts), table):
        got = sctransform(given)
        np.testing.assert_array_equal(got.residual_variance, want.residual_variance)
        np.testing.assert_array_equal(got.residuals, want.residuals)
    np.testing.assert_array_equal(shuffled.indices, before)
    assert sctransform(table).genes == tuple(table.var_names)


def test_a_seed_fixes_the_result_whatever_the_threads(monkeypatch):
    """With sampling of cells and genes, runs of one seed agree bit for bit; other seeds do not."""
    counts = overdispersed_counts(genes=300)
    options = {"n_cells": 100, "n_step1_genes": 60}
    first = sctransform(counts, seed=5, **options)
    for threads in (1, 3):
        monkeypatch.setitem(vars(negative_binomial.numba.config), "NUMBA_NUM_THREADS", threads)
        again = sctransform(counts, seed=5, **options)
        for field in ("theta", "intercept", "residual_variance", "residuals", "variable_genes"):
            np.testing.assert_array_equal(getattr(again, field), getattr(first, field))
    assert not np.array_equal(sctransform(counts, seed=6, **options).theta, first.theta)


@pytest.mark.parametrize("cells", [1, 5, 30, 100])
@pytest.mark.parametrize("genes", [1, 2, 4, 12, 60])
@pytest.mark.parametrize("kind", ["overdispersed", "poisson", "equal", "copies", "zero"])
def test_data_of_any_size_go_through(cells, genes, kind):
    """Too few or too similar genes for the smoothing steps still give finite residuals."""
    rng = np.random.default_rng(cells * genes)
    x = {
        "overdispersed": overdispersed_counts(cells, genes, seed=cells).toarray(),
        "poisson": rng.poisson(2.0, (cells, genes)),
        "equal": np.ones((cells, genes), dtype=int),
        "copies": np.repeat(rng.negative_binomial(1, 0.2, (cells, 1)), genes, axis=1),
        "zero": np.zeros((cells, genes), dtype=int),
    }[kind]
    got = sctransform(x, n_genes=10)
    enough = (x > 0).sum(axis=0) >= 5
    assert len(got.variable_genes) == min(10, enough.sum())
    assert np.isfinite(got.residuals).all()
    assert np.isfinite(got.residual_variance).all()
    assert np.isfinite(got.intercept[enough]).all()
    assert (got.theta[enough] > 0).all()


def test_counts_with_less_than_poisson_variation_have_infinite_theta():
    """If no gene is overdispersed, intercepts are log mean less log mean depth."""
    rng = np.random.default_rng(0)
    x = rng.binomial(1, 0.5, (100, 20))
    got = sctransform(x)
    assert np.isinf(got.theta).all()
    want = np.log(x.mean(axis=0)) - np.log(x.sum(axis=1).mean())
    np.testing.assert_allclose(got.intercept, want)


def test_cells_without_counts_have_no_part():
    """An empty cell leaves fits finite and has residuals 0 before centring."""
    x = np.vstack([overdispersed_counts(genes=40).toarray(), np.zeros((1, 40), dtype=int)])
    fitted = fit_null_model(sparse.csr_array(x))
    assert np.isfinite(fitted.variance).all()
    np.testing.assert_array_equal(fitted.residuals(np.arange(40))[:, -1], 0)


def test_null_model_is_offered_by_name():
    """The registered null model gives the variances and profiles of the function."""
    counts = overdispersed_counts()
    fitted = fit_residuals("sctransform", counts)
    got = sctransform(counts, n_genes=20)
    np.testing.assert_array_equal(fitted.variance, got.residual_variance)
    np.testing.assert_array_equal(fitted.profiles(got.variable_genes), got.residuals)
    np.testing.assert_array_equal(variable_genes(fitted, 20), np.sort(got.variable_genes))


def test_importing_the_package_stays_light():
    """Neither numba nor anndata is loaded before scTransform is called."""
    code = (
        "import sys; from genearena.data.preprocessing import cscore, sctransform;"
        "assert callable(sctransform) and callable(cscore);"
        "sys.exit(bool({'numba', 'anndata', 'scanpy'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"counts": np.zeros((0, 3))}, DataError, "0 cells x 3 genes"),
        ({"counts": np.full((6, 2), 0.5)}, DataError, "got 0.5 for gene '0'; want raw counts"),
        ({"counts": [[1, -2]], "genes": ["a", "b"]}, DataError, "got -2 for gene 'b'"),
        ({"counts": [[1, np.nan]]}, DataError, "got nan for gene '1'"),
        ({"counts": [[1, np.inf]]}, DataError, "got inf for gene '1'"),
        ({"counts": [[1, 2]], "genes": ["a"]}, DataError, "1 names for 2 genes"),
        ({"counts": [[1, 2]], "n_genes": 0}, UsageError, "n_genes=0; want a positive number"),
        ({"counts": [[1, 2]], "n_cells": -1}, UsageError, "n_cells=-1"),
        ({"counts": [[1, 2]], "n_step1_genes": 0}, UsageError, "n_step1_genes=0"),
    ],
)
def test_bad_input_is_refused_in_one_line(arguments, error, message):
    """Values that are no counts, missing data and impossible sizes are named."""
    with pytest.raises(error, match=message.replace(".", r"\.")):
        sctransform(**arguments)
