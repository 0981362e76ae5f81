"""Quality control against scanpy's filters, and what it says when little is left."""

import warnings

import numpy as np
import pytest
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.notes import DataWarning
from genearena.data.options import QualityControl
from genearena.data.quality.filtering import control_quality, mitochondrial_genes
from genearena.data.reading.counts import CountMatrix


@pytest.fixture
def counts():
    """Sixty cells and three hundred genes of very different richness, three of them MT."""
    rng = np.random.default_rng(4)
    rate = rng.lognormal(-2, 1.5, 300) * rng.lognormal(0, 1, (60, 1))
    names = ("MT-A", "MT-B", "mt-C", *(f"G{i}" for i in range(297)))
    drawn = rng.poisson(rate)
    drawn[:, :3] += rng.poisson(3, (60, 3))
    return CountMatrix("d", "lung", "scrna", "human", names, sparse.csr_array(drawn))


def test_cells_and_genes_are_those_scanpy_keeps(counts):
    """Cells first, then genes, as scanpy's two filters in this order; then no MT genes."""
    anndata, scanpy = pytest.importorskip("anndata"), pytest.importorskip("scanpy")
    table = anndata.AnnData(sparse.csr_matrix(counts.counts).astype(np.float32))
    table.var_names = list(counts.genes)
    scanpy.pp.filter_cells(table, min_genes=60)
    scanpy.pp.filter_cells(table, max_genes=120)
    scanpy.pp.filter_genes(table, min_cells=5)
    rules = QualityControl(min_genes=60, max_genes=120, min_cells=5, min_donor_cells=5)
    got = control_quality(counts, rules)
    assert got.genes == tuple(g for g in table.var_names if not g.upper().startswith("MT-"))
    np.testing.assert_array_equal(got.counts.toarray(), table[:, list(got.genes)].X.toarray())
    assert 5 < got.n_cells < 60


def test_percent_of_mitochondrial_counts_equals_scanpys(counts):
    """The cells kept are those whose percentage scanpy's metrics find small enough."""
    anndata, scanpy = pytest.importorskip("anndata"), pytest.importorskip("scanpy")
    table = anndata.AnnData(sparse.csr_matrix(counts.counts).astype(np.float32))
    table.var["mt"] = [name.upper().startswith("MT-") for name in counts.genes]
    scanpy.pp.calculate_qc_metrics(table, qc_vars=["mt"], percent_top=None, inplace=True)
    good = (table.obs["pct_counts_mt"] <= 10).to_numpy()
    rules = QualityControl(min_genes=1, min_cells=1, max_pct_mt=10, min_donor_cells=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        got = control_quality(counts, rules)
    assert 0 < good.sum() < 60
    assert got.n_cells == good.sum()


@pytest.mark.parametrize(
    "name",
    ["MT-ND1", "mt-Nd1", "Mt-nd1", "MT.ND1", "mt:CO1", "GRCh38_MT-ND1", "mm10___mt-Nd1",
     "hg19-MT-CO1", "mm10---mt-Co1", "GRCh38_MT.CO1", "ENSG00000198888_MT-ND1"],
)  # fmt: skip
def test_mitochondrial_genes_are_told_however_they_are_written(name):
    """Cases, R's dots, the fly's colons and the genome before the name are no other genes."""
    assert mitochondrial_genes((name,)).all()


@pytest.mark.parametrize(
    "name", ["MTOR", "MT1X", "MT2A", "mtTFB", "Mta1", "HMT-1", "A-MT-1", "UMT.1", "", "-", "ND1"]
)
def test_other_genes_are_not_mitochondrial(name):
    """Metallothioneins and what else begins alike are nuclear."""
    assert not mitochondrial_genes((name,)).any()


def test_limit_without_mitochondrial_genes_is_warned_of(counts):
    """A percentage of what is not known drops nobody, and that is said, but only if asked for."""
    nuclear = counts.select(genes=np.arange(3, 300))
    rules = QualityControl(min_genes=1, min_cells=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error", DataWarning)
        control_quality(nuclear, rules)
        control_quality(counts, QualityControl(min_genes=1, min_cells=1, max_pct_mt=99))
    with pytest.warns(DataWarning, match="--max-pct-mt drops no cell; give symbols"):
        got = control_quality(nuclear, QualityControl(min_genes=1, min_cells=1, max_pct_mt=1))
    assert got.n_cells == control_quality(nuclear, rules).n_cells


def test_flagged_genes_are_dropped_instead_of_named_ones(counts):
    """A flag given for mitochondrial genes is used in place of their names."""
    flag = np.zeros(300, dtype=bool)
    flag[10] = True
    rules = QualityControl(min_genes=1, min_cells=1)
    got = control_quality(counts, rules, mitochondrial=flag)
    assert "MT-A" in got.genes
    assert counts.genes[10] not in got.genes


def test_truth_follows_the_genes(counts):
    """The programme of every gene kept stays with it."""
    marked = CountMatrix(
        "d", "lung", "scrna", "human", counts.genes, counts.counts, truth=np.arange(300)
    )
    got = control_quality(marked, QualityControl(min_genes=1, min_cells=10))
    assert [marked.genes[i] for i in got.truth] == list(got.genes)


def test_panel_under_the_default_threshold_says_which_option_to_change(counts):
    """Where hardly any cell passes, the numbers and the option are in the error."""
    with pytest.raises(DataError, match=r"'d': \d+ of 60 cells pass .*lower --min-genes"):
        control_quality(counts)


def test_donor_of_few_cells_is_refused_by_name(counts):
    """A donor below the minimum names itself and the option."""
    few = counts.select(cells=np.arange(39))
    with pytest.raises(DataError, match=r"'d' has 39 cells, want 40.*--min-donor-cells"):
        control_quality(few, QualityControl(min_genes=1))


def test_loss_of_most_cells_is_a_warning(counts):
    """Keeping under half of the cells is never silent."""
    with pytest.warns(DataWarning, match=r"\d+ of 60 cells pass"):
        control_quality(counts, QualityControl(min_genes=110, min_donor_cells=2))


def test_no_gene_left_is_refused(counts):
    """A threshold no gene meets names the option."""
    with pytest.raises(DataError, match="lower --min-cells"):
        control_quality(counts, QualityControl(min_genes=1, min_cells=61))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"genes": ("A", "A", "B")}, "gene 'A' appears twice"),
        ({"genes": ("A", "B")}, r"shape \(4, 3\), want \(cells, 2 genes\)"),
        ({"modality": "protein"}, "modality 'protein' is none of"),
        ({"truth": np.zeros(2)}, r"truth has shape \(2,\), want \(3,\)"),
    ],
)
def test_inconsistent_counts_are_refused(change, words):
    """Counts whose parts disagree name the part."""
    parts = {
        "name": "d", "tissue": "lung", "modality": "scrna", "species": "human",
        "genes": ("A", "B", "C"), "counts": sparse.csr_array(np.ones((4, 3), dtype=int)),
    }  # fmt: skip
    with pytest.raises(DataError, match=words):
        CountMatrix(**(parts | change))
