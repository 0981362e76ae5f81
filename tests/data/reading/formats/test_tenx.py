"""A matrix with its barcodes and features is read from a folder, whoever wrote and packed it."""

import gzip
import io

import numpy as np
import pytest
from scipy import io as scipy_io
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.reading.readers import read_table

CELL_RANGER = ("{id}\t{name}\tGene Expression",)


@pytest.fixture
def folder(tmp_path, table):
    """Return a writer of files by name: ``.mtx`` of the counts, others of names of their sides."""

    def write(*names, feature="{id}\t{name}\tGene Expression", cells_first=False, into="run"):
        place = tmp_path / into
        place.mkdir(exist_ok=True)
        for name in names:
            path = place / name
            if ".mtx" in name and "_rows" not in name and "_cols" not in name:
                data = market(table.X if cells_first else table.X.T)
            elif "barcodes" in name or name.endswith("_cols"):
                data = lines("{name}", table.obs_names)
            else:
                data = lines(feature, table.var_names)
            path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return place

    return write


def market(counts):
    buffer = io.BytesIO()
    scipy_io.mmwrite(buffer, sparse.coo_matrix(counts.astype(int)))
    return buffer.getvalue()


def lines(pattern, names):
    rows = (
        pattern.format(id=f"ENSG{i:011d}", name=name, start=100 * i, end=100 * i + 50)
        for i, name in enumerate(names)
    )
    return "".join(f"{row}\n" for row in rows).encode()


def check(got, table):
    np.testing.assert_array_equal(got.X.toarray(), table.X.toarray())
    assert list(got.var_names) == list(table.var_names)
    assert list(got.obs_names) == list(table.obs_names)


KB = "cells_x_genes.mtx", "cells_x_genes.barcodes.txt"
ATLAS = "E-1.aggregated_filtered_counts"
LAYOUTS = {
    "Cell Ranger 3, unpacked": (("matrix.mtx", "barcodes.tsv", "features.tsv"), CELL_RANGER[0]),
    "Cell Ranger 2, packed": (("matrix.mtx.gz", "barcodes.tsv.gz", "genes.tsv.gz"), "{id}\t{name}"),
    "two columns": (("matrix.mtx.gz", "barcodes.tsv.gz", "features.tsv.gz"), "{id}\t{name}"),
    "symbols first": (("matrix.mtx.gz", "barcodes.tsv.gz", "features.tsv.gz"), "{name}\t{id}"),
    "one column": (("matrix.mtx.gz", "barcodes.tsv.gz", "features.tsv.gz"), "{name}"),
    "quoted": (("matrix.mtx", "barcodes.tsv", "genes.tsv"), '"{id}"\t"{name}"'),
    "no names": (("matrix.mtx", "barcodes.tsv", "genes.tsv"), "{name}\t"),
    "matrix unpacked": (("matrix.mtx", "barcodes.tsv.gz", "features.tsv.gz"), CELL_RANGER[0]),
    "names unpacked": (("matrix.mtx.gz", "barcodes.tsv", "features.tsv"), CELL_RANGER[0]),
    "both": (
        ("matrix.mtx", "barcodes.tsv", "barcodes.tsv.gz", "features.tsv", "features.tsv.gz"),
        CELL_RANGER[0],
    ),
    "Gene Expression Omnibus": (
        ("GSM1_a_matrix.mtx.gz", "GSM1_a_barcodes.tsv.gz", "GSM1_a_genes.tsv.gz"),
        "{id}\t{name}",
    ),
    "words amid": (("GSM1.counts.mtx", "GSM1_barcodes_x.tsv", "GSE1_features.csv"), "{name}"),
    "multiome": (
        ("matrix.mtx.gz", "barcodes.tsv.gz", "features.tsv.gz"),
        "{id}\t{name}\tGene Expression\tchr1\t{start}\t{end}",
    ),
    "kallisto bustools": ((*KB, "cells_x_genes.genes.txt"), "{name}"),
    "Single Cell Expression Atlas": (
        (f"{ATLAS}.mtx", f"{ATLAS}.mtx_cols", f"{ATLAS}.mtx_rows"),
        "{name}\t{name}",
    ),
    "many counts": (
        ("matrix.mtx", "UniqueAndMult-EM.mtx", "barcodes.tsv", "features.tsv"),
        CELL_RANGER[0],
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout_is_read(layout, folder, table):
    """Counts, genes and cells are those written, in every layout."""
    names, feature = LAYOUTS[layout]
    check(read_table(folder(*names, feature=feature)), table)


def test_cells_are_rows_where_there_are_as_many(folder, table):
    """The longer list of names tells which side has the cells; on a tie kallisto's name does."""
    check(
        read_table(folder(*KB, "cells_x_genes.genes.txt", feature="{name}", cells_first=True)),
        table,
    )
    square = table[:30].copy()
    table._init_as_actual(square)  # the fixtures write what `table` is now
    place = folder(
        *KB, "cells_x_genes.genes.txt", feature="{name}", cells_first=True, into="square"
    )
    check(read_table(place), square)
    check(read_table(folder("matrix.mtx", "barcodes.tsv", "features.tsv", into="tenx")), square)


def test_symbols_that_kallisto_keeps_apart_are_joined(folder, table):
    """Ids are in one file and names in another, blank where a gene has none."""
    place = folder(*KB, "cells_x_genes.genes.txt", feature="{id}")
    (place / "cells_x_genes.genes.names.txt").write_bytes(
        lines("{name}", ["", *table.var_names[1:]])
    )
    got = read_table(place)
    assert list(got.var_names) == ["ENSG00000000000", *table.var_names[1:]]
    assert list(got.var["gene_ids"]) == [f"ENSG{i:011d}" for i in range(30)]


def test_names_are_text(folder, table):
    """NA, nan, 007 and 1E5 are names of genes and cells."""
    table.var_names = ["NA", "nan", "007", "1E5", *table.var_names[4:]]
    table.obs_names = ["01", "NA", *table.obs_names[2:]]
    check(read_table(folder("matrix.mtx", "barcodes.tsv", "features.tsv")), table)


def test_peaks_are_named_by_their_places(folder, table):
    """A BED file beside the matrix gives chromosome:start-end."""
    got = read_table(
        folder("matrix.mtx", "barcodes.tsv", "peaks.bed", feature="chr1\t{start}\t{end}"),
        peaks=True,
    )
    assert list(got.var_names[:2]) == ["chr1:0-50", "chr1:100-150"]
    np.testing.assert_array_equal(got.X.toarray(), table.X.toarray())


def test_pattern_is_a_matrix_of_ones(folder, table):
    """A matrix without values says where something was detected."""
    place = folder("matrix.mtx", "barcodes.tsv", "features.tsv")
    head, *body = (place / "matrix.mtx").read_text().splitlines()
    kept = [head.replace("integer", "pattern"), *body[:2], *(r.rsplit(" ", 1)[0] for r in body[2:])]
    (place / "matrix.mtx").write_text("\n".join(kept))
    np.testing.assert_array_equal(read_table(place).X.toarray(), table.X.toarray() > 0)


def test_given_matrix_is_read_with_its_own_names(folder, table):
    """Of several samples in a folder, the file given is read with what is called like it."""
    names = ("{}_matrix.mtx.gz", "{}_barcodes.tsv.gz", "{}_features.tsv.gz")
    folder(*(name.format("GSM1") for name in names))
    table.obs_names = [f"other{i}" for i in range(80)]
    place = folder(*(name.format("GSM2") for name in names))
    check(read_table(place / "GSM2_matrix.mtx.gz"), table)
    assert read_table(place / "GSM1_matrix.mtx.gz").obs_names[0] == "cell0"


TRIO = ("matrix.mtx", "barcodes.tsv", "features.tsv")
REFUSED = {
    "two samples": (
        ("a_matrix.mtx", "b_matrix.mtx"),
        r"2 matrices, a_matrix\.mtx, b_matrix\.mtx; give one",
    ),
    "one given": (
        ("a.mtx", "b.mtx", "a_barcodes.tsv", "features.tsv", "*b.mtx"),
        r"the barcodes of b\.mtx are missing",
    ),
    "two lists": (
        ("matrix.mtx.gz", "barcodes.tsv.gz", "genes.tsv.gz", "features.tsv.gz"),
        r"features\.tsv\.gz, genes\.tsv\.gz may all be the features of matrix\.mtx\.gz; leave one",
    ),
    "no features": (TRIO[:2], r"features of matrix\.mtx are missing \(features\.tsv, genes\.tsv"),
    "folder above": (("in/matrix.mtx", "x.h5"), r"no matrix\.mtx\[\.gz\].*; give one of in, x\.h5"),
    "empty": ((), r"it has no matrix\.mtx\[\.gz\] or other \.mtx file\)"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_folder_that_may_mean_several_things_is_refused(case, folder, tmp_path):
    """One line names the candidates or what is missing, and nothing that is there."""
    names, words = REFUSED[case]
    place = tmp_path / "run"
    place.mkdir()
    (place / "in").mkdir()
    given = [name[1:] for name in names if name.startswith("*")]
    folder(*(name for name in names if not name.startswith("*")))
    with pytest.raises(DataError, match=words) as caught:
        read_table(place / given[0] if given else place)
    assert "\n" not in str(caught.value)


def test_names_of_another_matrix_are_refused(folder, tmp_path):
    """A line too many is never guessed to be a header."""
    place = folder(*TRIO)
    with (place / "features.tsv").open("a") as file:
        file.write("ENSG1\tMORE\tGene Expression\n")
    with pytest.raises(DataError, match=r"declares 30 x 80, features\.tsv has 31 lines and"):
        read_table(place)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("gene", "none of its features is of type 'Gene Expression', they are 'gene' .30.; give"),
        ("Peaks", "they are 'Peaks' .30.; add --modality scatac"),
    ],
)
def test_features_of_other_types_are_named(kind, words, folder):
    """Where no feature is a gene, the types are said, not that there are 0 genes."""
    with pytest.raises(DataError, match=words):
        read_table(folder(*TRIO, feature="{id}\t{name}\t" + kind))
