"""Genes in rows are noticed from names, and nothing else is taken for them."""

import pytest

from genearena.data.common.errors import DataError
from genearena.data.reading.ingest import ReadOptions, read_donors
from genearena.data.reading.name_checks import check_orientation

PLAIN = tuple(f"C{i:03d}" for i in range(9))
MADE_UP = tuple(f"GENE{i}" for i in range(9))
BARCODES = tuple(f"sample_{a}{'ACGT' * 3}-1" for a in "ACGTACGTA")
GENES = {
    "mitochondrial": (*MADE_UP, "mt-Nd1"),
    "mitochondrial of a genome": (*MADE_UP, "GRCh38_MT-CO1"),
    "common symbols": (*MADE_UP, "RPL3", "Actb"),
    "Ensembl ids": tuple(f"ENSMUSG0000000000{i}.2" for i in range(9)),
    "peaks": tuple(f"chr{i + 1}:100-200" for i in range(9)),
}


@pytest.mark.parametrize("kind", GENES)
@pytest.mark.parametrize("cells", [PLAIN, BARCODES])
def test_genes_among_cells_are_noticed(kind, cells, tmp_path):
    """Names of genes in rows are refused, with the option; in columns they are as they should."""
    check_orientation(tmp_path, cells, GENES[kind], transposed=False)
    with pytest.raises(DataError, match=r"genes such as '.*' in its rows.*; add --transpose"):
        check_orientation(tmp_path, GENES[kind], cells, transposed=False)
    with pytest.raises(DataError, match=r"in its columns.*; leave out --transpose"):
        check_orientation(tmp_path, GENES[kind], cells, transposed=True)


def test_barcodes_among_genes_are_noticed(tmp_path):
    """Barcodes tell rows and columns apart where the genes' names tell nothing."""
    check_orientation(tmp_path, BARCODES, MADE_UP, transposed=False)
    with pytest.raises(DataError, match=r"such as 'GENE0' in its rows and .*'sample_AACGT"):
        check_orientation(tmp_path, MADE_UP, BARCODES, transposed=False)


@pytest.mark.parametrize(
    ("cells", "genes"),
    [
        (PLAIN, MADE_UP),
        (MADE_UP, PLAIN),
        (("MT-1", "MT-2"), MADE_UP),
        (("s_1_2", "s_1_3"), MADE_UP),
        ((*PLAIN, "Actb"), MADE_UP),
        (("ACTB_1", "RPL3_2"), MADE_UP),
        (BARCODES, BARCODES),
        (GENES["peaks"], ()),
        ((), BARCODES),
        (GENES["mitochondrial"], GENES["common symbols"]),
    ],
)
def test_names_that_tell_nothing_are_let_be(cells, genes, tmp_path):
    """Samples that are called nearly as genes are, and genes on both sides, are not refused."""
    for transposed in (False, True):
        check_orientation(tmp_path, cells, genes, transposed=transposed)


@pytest.mark.parametrize("suffix", ["csv", "h5ad"])
def test_file_with_genes_in_rows_needs_transpose(suffix, table, tmp_path):
    """Without the option a file is refused; with it, its columns are cells with their donors."""
    table.var_names = [*table.var_names[:-1], "MT-ND1"]
    path = tmp_path / f"t.{suffix}"
    if suffix == "h5ad":
        table.T.copy().write_h5ad(path)
    else:
        table.T.to_df().astype(int).to_csv(path)
    with pytest.raises(DataError, match="'MT-ND1' in its rows"):
        read_donors(path, "s", ReadOptions("lung"))
    key = "donor" if suffix == "h5ad" else None
    found = read_donors(path, "s", ReadOptions("lung", transpose=True, donor_key=key))
    assert [donor.counts.name for donor in found] == (["a", "b"] if key else ["s"])
    assert found[0].counts.genes == tuple(table.var_names)
