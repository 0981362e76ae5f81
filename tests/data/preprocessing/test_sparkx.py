"""SPARK-X agrees with the original program, with dense kernels and with what was planted."""

import numpy as np
import pytest
from places import SHARED
from scipy import sparse, stats

from genearena.data.common.errors import DataError
from genearena.data.preprocessing import cscore, sparkx
from genearena.data.preprocessing.cscore import cscore as cscore_of_module
from genearena.data.preprocessing.sparkx import (
    KERNELS,
    combine_cauchy,
)

REFERENCE = SHARED / "reference"
WIDTHS = (0.2, 0.4, 0.6, 0.8, 1.0)


def section(spots=120, genes=8, seed=0):
    """Negative-binomial counts without pattern on spots scattered unevenly over two axes."""
    rng = np.random.default_rng(seed)
    places = np.column_stack([rng.uniform(0, 900, spots), rng.gamma(2, 3, spots)])
    return rng.poisson(rng.gamma(2, 0.8, (spots, genes))), places


def grid(side=20):
    row, column = np.divmod(np.arange(side**2), side)
    return np.column_stack([column, row]).astype(float)


def written_out(y, places):
    """Return N tr(EΣ) and its p for one gene and all kernels from (N, N) matrices."""
    n = len(y)
    centring = np.eye(n) - np.ones((n, n)) / n
    expression = centring @ np.outer(y, y) @ centring / (y @ y)
    u = places - places.mean(axis=0)
    widths = [np.quantile(np.abs(u), q, axis=0) for q in WIDTHS]
    features = [u]
    features += [np.exp(-(u**2) / (2 * w**2)) for w in widths]
    features += [np.cos(2 * np.pi * u / w) for w in widths]
    statistic, p = [], []
    for s in features:
        s = centring @ s
        distance = s @ np.linalg.inv(s.T @ s) @ s.T
        statistic.append(n * np.trace(expression @ distance))
        weights = np.outer(np.linalg.eigvalsh(expression), np.linalg.eigvalsh(distance))
        weights = weights[weights > 1e-9]
        assert len(weights) == 2
        np.testing.assert_allclose(weights[0], weights[1])
        p.append(stats.chi2.sf(statistic[-1] / weights[0], df=2))
    return statistic, p


def test_dense_kernels_give_the_same():
    """Statistics and p-values equal those of explicit projections and their eigenvalues."""
    counts, places = section()
    got = sparkx(counts, places)
    for gene in range(counts.shape[1]):
        statistic, p = written_out(counts[:, gene].astype(float), places)
        np.testing.assert_allclose(got.statistic[gene], statistic, rtol=1e-9)
        np.testing.assert_allclose(got.kernel_p[gene], p, rtol=1e-8)


@pytest.mark.shared
@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference output beside the checkout")
@pytest.mark.parametrize("tag", ["mob_st", "bc251_10pct"])
def test_original_program_gives_the_same(tag):
    """Statistics agree with SPARK 1.1.1; p as far as its numerical integration, 1e-4, allows."""
    stored = np.load(REFERENCE / f"sparkx_{tag}.npz")
    parts = (stored["data"].astype(np.int64), stored["indices"], stored["indptr"])
    counts = sparse.csr_array(parts, shape=tuple(stored["shape"])).T
    got = sparkx(counts, stored["loc"], genes=stored["genes"])
    np.testing.assert_allclose(got.statistic, stored["stats"], rtol=0, atol=1e-8)
    np.testing.assert_allclose(got.kernel_p, stored["stest"], rtol=0, atol=1e-4)
    differ = (got.adjusted_p < 0.05) != (stored["adjustedPval"] < 0.05)
    assert differ.mean() < 0.003
    theirs = np.argsort(stored["combinedPval"], kind="stable")[:1000]
    assert len(set(got.top(1000)) & set(theirs)) >= 900


@pytest.mark.shared
@pytest.mark.skipif(not REFERENCE.exists(), reason="no reference output beside the checkout")
@pytest.mark.parametrize("tag", ["mob_st", "bc251_10pct"])
def test_combination_and_adjustment_are_those_of_the_original(tag):
    """From the original's kernel p-values come its combined and adjusted ones.

    Left aside is the gene with a kernel p of exactly 1, whose combined p it takes for 1.
    """
    stored = np.load(REFERENCE / f"sparkx_{tag}.npz")
    below = (stored["stest"] < 1).all(axis=1)
    assert (~below).sum() <= 1
    combined = combine_cauchy(stored["stest"])
    want = stored["combinedPval"]
    np.testing.assert_allclose(combined[below], want[below], rtol=0, atol=1e-10)
    adjusted = stats.false_discovery_control(np.where(below, combined, want), method="by")
    np.testing.assert_allclose(adjusted, stored["adjustedPval"], rtol=0, atol=1e-8)


def test_p_has_its_closed_form_far_into_the_tail():
    """For a count that is linear in place the statistic is at its bound and p is exp(-N/2)."""
    places = grid(21)
    got = sparkx(places[:, :1], places)
    assert KERNELS[0] == "projection"
    np.testing.assert_allclose(got.kernel_p[0, 0], np.exp(-441 / 2), rtol=1e-9)
    assert got.combined_p[0] == pytest.approx(11 * np.exp(-441 / 2), rel=1e-9)


def test_combination_is_the_tail_of_the_mean_cauchy_quantile():
    """Quantiles and tail are those of scipy; equal p combine to themselves, however small."""
    p = np.random.default_rng(0).uniform(1e-6, 1, (50, 11))
    want = stats.cauchy.sf(stats.cauchy.isf(p).mean(axis=1))
    np.testing.assert_allclose(combine_cauchy(p), want, rtol=1e-10)
    same = np.array([1e-300, 1e-100, 1e-17, 0.3, 0.5, 0.9])
    np.testing.assert_allclose(combine_cauchy(np.repeat(same[:, None], 11, axis=1)), same)
    one_small = np.array([[1e-200, *[0.5] * 10]])
    np.testing.assert_allclose(combine_cauchy(one_small), 11e-200)


def test_kernel_that_sees_nothing_does_not_overrule_the_others():
    """A p of exactly 1 leaves a tiny p of another kernel its force."""
    assert combine_cauchy(np.array([[1e-20, *[1.0] * 10]]))[0] == pytest.approx(11e-20)


def test_genes_without_pattern_have_uniform_p():
    """On shuffled spots a share alpha of the genes is below alpha, by kernel and combined."""
    counts, places = section(spots=400, genes=3000, seed=1)
    shuffled = np.random.default_rng(2).permutation(400)
    got = sparkx(counts[shuffled], places)
    for p in got.kernel_p.T:
        assert stats.kstest(p, "uniform").pvalue > 0.001
        assert np.mean(p < 0.05) == pytest.approx(0.05, rel=0.25)
    assert np.mean(got.combined_p < 0.05) == pytest.approx(0.05, rel=0.25)
    assert np.mean(got.combined_p < 0.01) == pytest.approx(0.01, rel=0.5)
    assert (got.adjusted_p < 0.05).sum() <= 1


@pytest.mark.parametrize(
    ("pattern", "kernels"),
    [
        (lambda x, y: 0.4 + x / 10, "projection"),
        (lambda x, y: 0.4 + 2.5 * np.exp(-((x - 9.5) ** 2) / 30), "gaussian"),
        (lambda x, y: 1.4 + np.cos(2 * np.pi * (y - 9.5) / 7.6), "cosine"),
    ],
    ids=["gradient", "ridge", "stripes"],
)
def test_planted_pattern_is_found_by_its_kernel(pattern, kernels):
    """A gradient, a ridge and stripes come first, each by the kernel made for it."""
    places = grid()
    rng = np.random.default_rng(3)
    counts = rng.poisson(1.5, (400, 200))
    planted = [7, 90, 191]
    counts[:, planted] = rng.poisson(pattern(*places.T)[:, None], (400, 3))
    got = sparkx(counts, places)
    assert set(got.top(3)) == set(planted)
    assert (got.adjusted_p[planted] < 1e-4).all()
    best = got.kernel_p[planted].argmin(axis=1)
    assert all(KERNELS[kernel].startswith(kernels) for kernel in best)
    assert (np.delete(got.adjusted_p, planted) > 0.05).all()


def test_top_ranks_by_p_then_statistic_then_position():
    """Genes come by their combined p; those that do not vary come last, in their own order."""
    counts, places = section(genes=30)
    counts[:, [3, 20]] = 0
    got = sparkx(counts, places)
    assert list(got.top(50)[-2:]) == [3, 20]
    assert (np.diff(got.combined_p[got.top(30)]) >= 0).all()
    assert len(got.top(5)) == 5


def test_genes_that_do_not_vary_have_p_one_and_change_no_other():
    """Genes without counts or with the same in every spot are not tested at all."""
    counts, places = section()
    more = np.column_stack([np.zeros(120, int), counts, np.full(120, 3)])
    want, got = sparkx(counts, places), sparkx(more, places)
    for p in (got.combined_p, got.adjusted_p, got.kernel_p):
        assert (p[[0, -1]] == 1).all()
    np.testing.assert_allclose(got.statistic[1:-1], want.statistic)
    np.testing.assert_allclose(got.adjusted_p[1:-1], want.adjusted_p)
    nothing = sparkx(np.zeros((20, 3)), places[:20])
    assert (nothing.adjusted_p == 1).all()
    assert (nothing.statistic == 0).all()


def test_unit_origin_and_axes_of_coordinates_do_not_matter():
    """Pixels or millimetres, another origin and x for y give the same answer."""
    counts, places = section()
    want = sparkx(counts, places)
    for moved in (places * 1e6 + 1e4, places[:, ::-1], places * np.array([-1, 1e-3])):
        np.testing.assert_allclose(sparkx(counts, moved).kernel_p, want.kernel_p, rtol=1e-6)


def test_spots_on_a_line_leave_one_degree_of_freedom():
    """Where one coordinate is constant the statistic is compared with χ² of one degree."""
    counts, places = section(spots=60)
    places[:, 1] = 4.0
    got = sparkx(counts, places)
    r = np.array([stats.pearsonr(places[:, 0], y)[0] for y in counts.T])
    np.testing.assert_allclose(got.kernel_p[:, 0], stats.chi2.sf(60 * r**2, df=1), rtol=1e-8)
    null, line = section(spots=300, genes=2000, seed=4)
    line[:, 1] = 0
    assert np.mean(sparkx(null, line).combined_p < 0.05) == pytest.approx(0.05, rel=0.25)


def test_two_columns_of_spots_blind_most_kernels_but_not_the_test():
    """Kernels constant over all spots have p 1, and a difference between the columns is found."""
    places = np.column_stack([np.repeat([0.0, 1.0], 30), np.zeros(60)])
    rng = np.random.default_rng(5)
    counts = np.column_stack([rng.poisson(3, 60), rng.poisson(1 + 8 * places[:, 0])])
    got = sparkx(counts, places)
    assert (got.kernel_p[:, 1:] == 1).all()
    assert got.combined_p[1] < 1e-4 < got.combined_p[0]
    assert np.isfinite(got.statistic).all()


def test_sparse_dense_and_anndata_agree():
    """The form of the counts does not matter; an AnnData brings names and coordinates."""
    anndata = pytest.importorskip("anndata")
    counts, places = section()
    table = anndata.AnnData(sparse.csr_matrix(counts.astype(np.float32)))
    table.var_names = [f"g{i}" for i in range(8)]
    table.obsm["spatial"] = places
    dense, thin, wrapped = (
        sparkx(counts, places),
        sparkx(sparse.csc_array(counts), places),
        sparkx(table),
    )
    np.testing.assert_array_equal(dense.combined_p, thin.combined_p)
    np.testing.assert_array_equal(dense.combined_p, wrapped.combined_p)
    assert wrapped.genes[3] == "g3"
    assert dense.genes[3] == "3"
    assert sparkx(table, genes=list("abcdefgh")).genes[3] == "d"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"coordinates": None}, r"no coordinates; give a \(spots, 2\) array"),
        ({"coordinates": np.ones((119, 2))}, r"shape \(119, 2\), want \(120, 2\)"),
        ({"coordinates": np.ones((120, 3))}, r"shape \(120, 3\), want \(120, 2\)"),
        ({"coordinates": np.arange(120)}, r"shape \(120,\), want \(120, 2\)"),
        ({"coordinates": [["a", "b"]] * 120}, r"want \(120, 2\) numbers"),
        ({"coordinates": np.ones((120, 2))}, "all 120 spots have the same coordinates"),
        ({"coordinates": [*[[1, 2]] * 119, [1, np.nan]]}, r"position 119 \(1, nan\)"),
        ({"coordinates": [*[[1, 2]] * 119, [np.inf, 0]]}, r"position 119 \(inf, 0\)"),
        ({"counts": np.ones((1, 8)), "coordinates": [[0, 0]]}, "1 spots x 8 genes; want at least"),
        ({"counts": np.ones((9, 8)), "coordinates": np.ones((9, 2))}, "at least 10 spots"),
        ({"counts": np.ones((120, 0))}, "120 spots x 0 genes"),
        ({"counts": np.full((120, 2), np.nan)}, "counts that are not finite"),
        ({"genes": ["a"]}, "1 names for 8 genes"),
    ],
)
def test_unusable_input_is_refused_in_one_line(arguments, words):
    """What cannot be tested is refused with what was got and wanted."""
    counts, places = section()
    with pytest.raises(DataError, match=words) as caught:
        sparkx(**({"counts": counts, "coordinates": places} | arguments))
    assert "\n" not in str(caught.value)


def test_package_gives_functions_not_modules():
    """Names that modules share with functions mean the functions."""
    assert callable(sparkx)
    assert cscore is cscore_of_module
