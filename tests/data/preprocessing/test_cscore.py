"""CS-CORE against the original's output, a naive loop, and what is known of the statistics."""

import numpy as np
import pytest
from places import SHARED
from scipy import sparse, special, stats

from genearena.data.common.errors import DataError
from genearena.data.preprocessing.cscore import BLOCK, cscore

REFERENCE = SHARED / "reference"


def correlated_counts(cells=60, seed=0):
    """Poisson counts of twelve genes, the first six driven by one programme."""
    rng = np.random.default_rng(seed)
    depth = rng.lognormal(6, 0.4, cells)
    programme = rng.gamma(2, 0.5, (cells, 1))
    own = rng.gamma(3, 1 / 3, (cells, 12))
    latent = np.where(np.arange(12) < 6, programme * own, own) * np.linspace(0.002, 0.02, 12)
    return rng.poisson(depth[:, None] * latent), depth


def naive_cscore(x, s):
    """Estimate cell by cell and pair by pair, with the weights written out."""
    cells, n = x.shape
    mean = [sum(s[i] * x[i, j] for i in range(cells)) / sum(s**2) for j in range(n)]
    variance = [
        sum(s[i] ** 2 * ((x[i, j] - s[i] * mean[j]) ** 2 - s[i] * mean[j]) for i in range(cells))
        / sum(s**4)
        for j in range(n)
    ]
    for _ in range(10):
        theta = np.array(mean) ** 2 / np.array(variance)
        middle = np.median(theta[theta > 0])

        def w(i, j, middle=middle):
            expected = s[i] * mean[j]
            return expected + expected**2 / middle

        new = [
            sum(s[i] * x[i, j] / w(i, j) for i in range(cells))
            / sum(s[i] ** 2 / w(i, j) for i in range(cells))
            for j in range(n)
        ]
        mean[:] = new
        variance = [
            sum(
                s[i] ** 2 * ((x[i, j] - s[i] * mean[j]) ** 2 - s[i] * mean[j]) / w(i, j) ** 2
                for i in range(cells)
            )
            / sum(s[i] ** 4 / w(i, j) ** 2 for i in range(cells))
            for j in range(n)
        ]
        after = np.array(mean) ** 2 / np.array(variance)
        both = (theta > 0) & (after > 0)
        if np.abs(np.log(after[both] / theta[both])).max() <= 0.05:
            break
    middle = np.median(after[after > 0])
    covariance, statistic = np.zeros((n, n)), np.zeros((n, n))
    for j in range(n):
        for k in range(n):
            above = below = above_t = below_t = 0.0
            for i in range(cells):
                rest = (x[i, j] - s[i] * mean[j]) * (x[i, k] - s[i] * mean[k])
                g = 1 / (w(i, j, middle) * w(i, k, middle))
                above, below = above + s[i] ** 2 * rest * g, below + s[i] ** 4 * g
                v = np.prod([s[i] * mean[m] + s[i] ** 2 * max(variance[m], 0) for m in (j, k)])
                above_t, below_t = above_t + s[i] ** 2 * rest / v, below_t + s[i] ** 4 / v
            covariance[j, k], statistic[j, k] = above / below, above_t / np.sqrt(below_t)
    return np.array(mean), np.array(variance), covariance, statistic


def off_diagonal(matrix):
    return matrix[~np.eye(len(matrix), dtype=bool)]


def test_naive_loop_gives_the_same():
    """Moments, correlation, statistic and p-value equal those of loops over cells and pairs."""
    x, s = correlated_counts()
    got = cscore(x, depth=s)
    mean, variance, covariance, statistic = naive_cscore(x, s)
    assert (variance > 0).all()
    np.testing.assert_allclose(got.mean, mean, rtol=1e-9)
    np.testing.assert_allclose(got.variance, variance, rtol=1e-9)
    want = np.clip(covariance / np.sqrt(np.outer(variance, variance)), -1, 1)
    np.testing.assert_allclose(off_diagonal(got.correlation), off_diagonal(want), atol=1e-10)
    np.testing.assert_allclose(got.statistic, statistic, atol=1e-9)
    p = 2 * stats.norm.sf(np.abs(off_diagonal(statistic)))
    np.testing.assert_allclose(off_diagonal(got.p_value), p, atol=1e-12)


def as_published(got):
    """Return the p-values of the published program, which tests genes of any variance."""
    return special.erfc(np.abs(got.statistic) / np.sqrt(2))


@pytest.mark.shared
@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference output beside the checkout")
@pytest.mark.parametrize("tag", ["ifnb250", "mic200", "indpair"])
def test_original_program_gives_the_same(tag):
    """Estimates agree with CS-CORE 1.1.0 to 1e-9, p-values to 1e-10, and no edge differs."""
    stored = np.load(REFERENCE / f"cscore_{tag}.npz")
    got = cscore(stored["counts"], depth=stored["seq_depth"])
    row, col = np.triu_indices(len(got.genes))
    pairs = row != col
    for ours, theirs, within in (
        (got.correlation, "est_triu", 1e-9),
        (as_published(got), "p_value_triu", 1e-10),
        (got.statistic, "test_stat_triu", 1e-9),
    ):
        np.testing.assert_allclose(
            ours[row, col][pairs], stored[theirs][pairs], rtol=0, atol=within
        )
    np.testing.assert_allclose(got.mean, stored["mu"], rtol=1e-9)
    np.testing.assert_allclose(np.maximum(got.variance, 0), stored["sigma2"], rtol=1e-9)
    edges = as_published(got)[row, col][pairs] < 0.005
    np.testing.assert_array_equal(edges, stored["p_value_triu"][pairs] < 0.005)
    joined = np.where(
        np.minimum.outer(got.variance, got.variance) > 0, as_published(got) < 0.005, 0
    )
    np.testing.assert_array_equal(off_diagonal(got.edges().toarray()), off_diagonal(joined))


@pytest.mark.shared
@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference output beside the checkout")
def test_original_program_draws_the_same_edges_among_a_thousand_genes():
    """All edges of 1000 genes equal those of the original, depth taken over every gene."""
    whole, edges = (
        np.load(REFERENCE / f"{name}.npz")
        for name in ("counts_ifnb_ctrl1000", "cscore_ifnb1000_edges")
    )
    parts = (whole["data"].astype(np.int64), whole["indices"], whole["indptr"])
    counts = sparse.csr_array(parts, shape=tuple(whole["shape"])).T.tocsr()
    position = {gene: i for i, gene in enumerate(whole["genes"])}
    columns = [position[gene] for gene in edges["genes"]]
    got = cscore(counts[:, columns], depth=counts.sum(axis=1))
    want = np.unpackbits(edges["adj_packed"])[: 1000 * 1000].reshape(1000, 1000)
    np.fill_diagonal(want, 0)
    published = as_published(got) < 0.005
    np.fill_diagonal(published, 0)
    np.testing.assert_array_equal(published, want)


def test_sparse_dense_and_anndata_agree_across_blocks():
    """The form of the counts and the size of the blocks do not matter."""
    anndata = pytest.importorskip("anndata")
    x, s = correlated_counts(cells=BLOCK + 30)
    dense = cscore(x, depth=s)
    thin = cscore(sparse.csr_array(x), depth=s)
    table = anndata.AnnData(sparse.csr_matrix(x.astype(np.float32)))
    table.var_names = [f"g{i}" for i in range(12)]
    wrapped = cscore(table, depth=s)
    np.testing.assert_array_equal(dense.p_value, thin.p_value)
    np.testing.assert_array_equal(dense.p_value, wrapped.p_value)
    assert wrapped.genes[3] == "g3"
    assert dense.genes[3] == "3"


def test_programme_is_found_and_independent_genes_are_not():
    """Genes of one programme are all joined, and others at about the level of the test."""
    x, s = correlated_counts(cells=2000, seed=1)
    edges = cscore(x, depth=s).edges().toarray()
    assert edges[:6, :6].sum() == 30
    assert edges[6:, :].sum() <= 4


def test_p_values_of_independent_genes_are_uniform():
    """Without co-expression a share alpha of the pairs passes."""
    rng = np.random.default_rng(5)
    s = rng.lognormal(7, 0.3, 800)
    latent = rng.gamma(2, 0.5, (800, 120)) * rng.uniform(5e-4, 5e-3, 120)
    p = cscore(rng.poisson(s[:, None] * latent), depth=s).p_value[np.triu_indices(120, 1)]
    for alpha in (0.005, 0.05, 0.5):
        assert np.mean(p < alpha) == pytest.approx(alpha, rel=0.25)


def test_gene_of_negative_variance_has_no_edges():
    """A gene less variable than Poisson has correlation 0 and p 1, whatever its statistic."""
    x, s = correlated_counts()
    x = np.column_stack([x, np.round(s * 0.01)])
    got = cscore(x, depth=s)
    assert got.variance[-1] <= 0
    assert (got.correlation[-1, :-1] == 0).all()
    assert (got.p_value[-1] == 1).all()
    assert (got.p_value[:, -1] == 1).all()
    assert (as_published(got)[-1, :-1] < 1).all()
    np.testing.assert_allclose(
        off_diagonal(got.p_value[:-1, :-1]), off_diagonal(as_published(got)[:-1, :-1]), atol=1e-15
    )


def test_gene_without_counts_and_cell_without_depth_are_harmless():
    """An all-zero gene and an all-zero cell give finite answers and change no other pair."""
    x, s = correlated_counts()
    more = np.zeros((61, 13), dtype=int)
    more[:60, :12] = x
    got, want = cscore(more, depth=np.append(s, 0)), cscore(x, depth=s)
    for matrix in (got.correlation, got.statistic, got.p_value):
        assert np.isfinite(matrix).all()
    assert (got.p_value[12] == 1).all()
    np.testing.assert_allclose(got.p_value[:12, :12], want.p_value, rtol=1e-9)


def test_edges_are_pairs_below_alpha_and_adjusted_on_request():
    """The adjacency is symmetric without diagonal; `fdr` is Benjamini-Hochberg over all pairs."""
    x, s = correlated_counts(seed=3)
    got = cscore(x, depth=s)
    raw, adjusted = got.edges(0.05).toarray(), got.edges(0.05, fdr=True).toarray()
    np.testing.assert_array_equal(raw, got.p_value < 0.05)
    upper = np.triu_indices(12, 1)
    ranked = np.sort(got.p_value[upper])
    passing = np.flatnonzero(ranked <= 0.05 * np.arange(1, 67) / 66)
    np.testing.assert_array_equal(adjusted[upper], got.p_value[upper] <= ranked[passing[-1]])
    assert 0 < adjusted.sum() < raw.sum()
    np.testing.assert_array_equal(adjusted, adjusted.T)


def test_no_gene_of_positive_variance_gives_an_empty_graph():
    """Counts steadier than Poisson have no edges at any level, and nothing becomes nan."""
    depth = np.arange(50, 90)
    got = cscore(np.outer(depth, [1, 2, 3]), depth=depth)
    assert (got.variance <= 0).all()
    assert got.edges(0.99).nnz == 0
    np.testing.assert_array_equal(got.correlation, np.eye(3))
    assert np.isfinite(got.statistic).all()


def test_one_gene_has_no_edges():
    """A single gene gives an empty 1 x 1 adjacency."""
    x, s = correlated_counts()
    got = cscore(x[:, :1], depth=s)
    assert got.edges(0.5, fdr=True).shape == (1, 1)
    assert got.edges(0.5).nnz == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"counts": np.zeros((0, 3))}, "0 cells x 3 genes"),
        ({"counts": np.ones((4, 3)), "depth": [1, 2]}, "2 depths for 4 cells"),
        ({"counts": np.ones((4, 3)), "genes": ["a"]}, "1 names for 3 genes"),
        ({"counts": -np.ones((4, 3)), "depth": [1, 2, 3, 4]}, "count of -1; want raw counts"),
        ({"counts": np.full((4, 3), np.nan)}, "count of nan"),
        ({"counts": np.ones((4, 3)), "depth": [1, 2, -3, 4]}, "depth of -3"),
        ({"counts": np.ones((4, 3)), "depth": [1, 2, np.inf, 4]}, "depth of inf"),
    ],
)
def test_what_are_no_counts_is_refused(arguments, words):
    """Sizes that do not fit, and values that cannot be counts or depths, are named."""
    with pytest.raises(DataError, match=words):
        cscore(**arguments)
