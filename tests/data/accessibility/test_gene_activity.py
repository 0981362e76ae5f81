"""Gene activity of whole files, and what is asked for that does not fit them."""

import gzip

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData
from scipy import sparse
from ten_x_files import write_10x_folder, write_10x_h5

from genearena.data.accessibility.gene_activity import ActivityOptions, gene_activity
from genearena.data.common.errors import DataError, UsageError
from genearena.data.reading.ingest import ReadOptions, read_donors

GENES = (
    'chr1\tx\tgene\t3001\t4000\t.\t+\t.\tgene_name "PLUS"; gene_type "protein_coding";\n'
    'chr1\tx\tgene\t3501\t9000\t.\t-\t.\tgene_name "MINUS"; gene_type "protein_coding";\n'
    'chr1\tx\tgene\t3501\t9000\t.\t-\t.\tgene_name "LINC"; gene_type "lncRNA";\n'
)
PEAKS = ["chr1:900-1000", "chr1:900-1001", "chr1:3600-3700", "chr1:10999-11500"]


@pytest.fixture
def gtf(tmp_path):
    """Two overlapping coding genes on both strands and another gene."""
    (tmp_path / "genes.gtf.gz").write_bytes(gzip.compress(GENES.encode()))
    return tmp_path / "genes.gtf.gz"


@pytest.fixture
def fragments(tmp_path):
    """One fragment at each peak of `PEAKS` for cell A, two at the third for cell B."""
    rows = [[*peak.replace(":", "-").split("-"), "A-1"] for peak in PEAKS]
    rows += [["chr1", "3600", "3700", "B-1"]] * 2
    path = tmp_path / "fragments.tsv"
    path.write_text("".join("\t".join(row) + "\n" for row in rows))
    return path


@pytest.fixture
def peaks():
    """The same as counts of peaks, with a donor of each cell."""
    counts = sparse.csr_matrix(np.array([[1, 1, 1, 1], [0, 0, 2, 0]], dtype=np.float32))
    obs = pd.DataFrame({"donor": ["d1", "d2"]}, index=["A-1", "B-1"])
    return AnnData(counts, obs, pd.DataFrame(index=PEAKS))


def frame(table):
    return pd.DataFrame(table.X.toarray().astype(int), table.obs_names, table.var_names)


WANT = {"PLUS": [2, 2], "MINUS": [2, 2]}
"""The promoter of PLUS begins with base 1000 from 0, that of MINUS ends with base 10999."""


def test_fragments_and_peaks_give_the_same(tmp_path, gtf, fragments, peaks):
    """A matrix with one peak a fragment has the activity of the fragments, worked out by hand."""
    peaks.write_h5ad(tmp_path / "peaks.h5ad")
    of_fragments = gene_activity(fragments, gtf, min_fragments=1)
    of_peaks = gene_activity(str(tmp_path / "peaks.h5ad"), str(gtf))
    for table in (of_fragments, of_peaks):
        assert frame(table).to_dict("list") == WANT
        assert list(table.obs_names) == ["A-1", "B-1"]
    assert of_fragments.obs["n_fragments"].tolist() == [4, 2]
    assert of_peaks.obs["donor"].tolist() == ["d1", "d2"]


def test_options_reach_the_counts(gtf, fragments):
    """Promoter, biotype and the cells' threshold are as asked for."""
    bare = gene_activity(fragments, gtf, promoter=0, min_fragments=1)
    assert frame(bare).to_dict("list") == {"PLUS": [1, 2], "MINUS": [1, 2]}
    every = gene_activity(fragments, gtf, biotype="all", min_fragments=3)
    assert frame(every).to_dict("list") == {"PLUS": [2], "MINUS": [2], "LINC": [2]}
    with pytest.raises(DataError, match="none of 2 barcodes has 1000 fragments"):
        gene_activity(fragments, gtf)


def test_table_of_cells_describes_them(tmp_path, gtf, fragments):
    """Its columns come along and tell donors apart; listed cells need no number of fragments."""
    cells = tmp_path / "cells.csv"
    cells.write_text("barcode,donor\nB-1,d2\nA-1,d1\n")
    table = gene_activity(fragments, gtf, cells=cells)
    assert table.obs[["donor", "n_fragments"]].to_numpy().tolist() == [["d2", 2], ["d1", 4]]
    options = ReadOptions(
        "heart", "scatac", donor_key="donor", cells=cells, activity=ActivityOptions(gtf)
    )
    first, second = (donor.counts for donor in read_donors(fragments, "atac", options))
    assert (first.name, second.name) == ("d1", "d2")
    assert first.genes == ("PLUS", "MINUS")
    assert second.counts.toarray().tolist() == [[2, 2]]


@pytest.mark.parametrize("write", [write_10x_h5, write_10x_folder])
def test_peaks_of_a_multiome_file_are_taken(tmp_path, gtf, peaks, write):
    """A 10x file with genes and peaks gives its peaks to scATAC and its genes to scRNA."""
    genes = AnnData(sparse.csr_matrix(np.ones((2, 1), dtype=np.float32)), peaks.obs)
    genes.var_names = ["TP53"]
    path = write(
        tmp_path / "multi.h5", _both(genes, peaks), kinds=["Gene Expression"] + ["Peaks"] * 4
    )
    assert frame(gene_activity(path, gtf)).to_dict("list") == WANT
    (donor,) = read_donors(path, "rna", ReadOptions("heart"))
    assert donor.counts.genes == ("TP53",)
    with pytest.raises(UsageError, match=r"holds peaks; add --gtf FILE"):
        read_donors(path, "atac", ReadOptions("heart", "scatac"))


def _both(genes, peaks):
    matrix = sparse.hstack([genes.X, peaks.X], format="csr")
    return AnnData(matrix, peaks.obs, pd.DataFrame(index=[*genes.var_names, *peaks.var_names]))


def test_layer_and_donors_of_peaks(tmp_path, gtf, peaks):
    """Peak counts may lie in a layer while the main matrix holds no counts."""
    peaks.layers["counts"] = peaks.X.copy()
    peaks.X = peaks.X * 0.5
    peaks.write_h5ad(tmp_path / "p.h5ad")
    activity = ActivityOptions(gtf)
    with pytest.raises(DataError, match=r"'chr1:900-1000' has the value 0.5.*--layer counts"):
        read_donors(tmp_path / "p.h5ad", "x", ReadOptions("heart", "scatac", activity=activity))
    options = ReadOptions("heart", "scatac", donor_key="donor", layer="counts", activity=activity)
    donors = read_donors(tmp_path / "p.h5ad", "x", options)
    assert [d.counts.counts.toarray().tolist() for d in donors] == [[[2, 2]], [[2, 2]]]
    assert all(len(d.mitochondrial) == 2 for d in donors)


def test_gene_activity_made_elsewhere_needs_no_gtf(tmp_path, peaks):
    """Columns named as genes are taken for counts of genes."""
    peaks.var_names = ["A", "B", "C", "D"]
    peaks.write_h5ad(tmp_path / "a.h5ad")
    (donor,) = read_donors(tmp_path / "a.h5ad", "x", ReadOptions("heart", "scatac"))
    assert donor.counts.genes == ("A", "B", "C", "D")


def test_requests_that_do_not_fit(tmp_path, gtf, fragments, peaks):
    """Each gives one line that says what to add or leave out."""
    peaks.write_h5ad(tmp_path / "peaks.h5ad")
    genes = AnnData(peaks.X, peaks.obs, pd.DataFrame(index=[*PEAKS[:3], "TP53"]))
    genes.write_h5ad(tmp_path / "genes.h5ad")
    cases = [
        (fragments, "scatac", ActivityOptions(), "holds fragments; add --modality scatac --gtf"),
        (fragments, "scrna", ActivityOptions(gtf), "holds fragments; add --modality scatac --gtf"),
        ("peaks.h5ad", "scatac", ActivityOptions(), "holds peaks; add --gtf"),
        (
            "peaks.h5ad",
            "scrna",
            ActivityOptions(),
            r"holds peaks such as 'chr1:900-1000'; add --mo",
        ),
        ("peaks.h5ad", "spatial", ActivityOptions(gtf), "add --modality scatac"),
        ("peaks.h5ad", "scatac", ActivityOptions(min_fragments=3), "add --gtf"),
        ("peaks.h5ad", "scatac", ActivityOptions(gtf, min_fragments=3), "is for fragments"),
        ("genes.h5ad", "scatac", ActivityOptions(gtf), "holds 'TP53', which is no peak"),
    ]
    for name, modality, activity, says in cases:
        with pytest.raises(UsageError, match=says) as caught:
            read_donors(tmp_path / name, "x", ReadOptions("heart", modality, activity=activity))
        assert "\n" not in str(caught.value)
