"""A Visium folder of either version of Space Ranger gives counts with the places of spots."""

import gzip
import sys

import numpy as np
import pandas as pd
import pytest
from ten_x_files import write_10x_folder, write_10x_h5

import genearena.data.common.foreign_files as foreign_files
from genearena.data.common.errors import DataError
from genearena.data.make import sha256_of
from genearena.data.notes import DataNote, DataWarning
from genearena.data.reading.ingest import ReadOptions, read_donors
from genearena.data.reading.readers import read_table

HEADER = "barcode,in_tissue,array_row,array_col,pxl_row_in_fullres,pxl_col_in_fullres\n"
OLD, NEW, HD = "tissue_positions_list.csv", "tissue_positions.csv", "tissue_positions.parquet"


def place(i):
    """Return where spot i of the table lies: 10 i to the right and 1000 - i down."""
    return 10 * i, 1000 - i


def positions(table, header=HEADER, outside=()):
    """Return the text of a positions file, in another order than the counts, with empty spots."""
    rows = [
        f"{name},{int(i not in outside)},{i},{2 * i},{place(i)[1]},{place(i)[0]}\n"
        for i, name in enumerate(table.obs_names)
    ]
    return header + "".join(["EMPTY,0,9,9,9,9\n", *reversed(rows)])


@pytest.fixture
def section(tmp_path, table):
    """Return a writer of Visium folders."""

    def write(name=NEW, text=None, *, packed=True, prefix="", opened=open):
        outs = tmp_path / "outs"
        (outs / "spatial").mkdir(parents=True)
        if packed:
            write_10x_h5(outs / f"{prefix}filtered_feature_bc_matrix.h5", table)
        else:
            write_10x_folder(outs / "filtered_feature_bc_matrix", table)
        with opened(outs / "spatial" / f"{prefix}{name}", "wt") as file:
            file.write(positions(table) if text is None else text)
        return outs

    return write


def check(got, table):
    np.testing.assert_array_equal(got.X.toarray(), table.X.toarray())
    assert list(got.obs_names) == list(table.obs_names)
    want = [place(i) for i in range(table.n_obs)]
    np.testing.assert_array_equal(got.obsm["spatial"], want)


@pytest.mark.parametrize("packed", [True, False])
def test_second_version_names_its_columns(packed, section, table):
    """Counts come as h5 or a folder, places by barcode from a file with a first line of names."""
    check(read_table(section(packed=packed)), table)


def test_first_version_has_no_line_of_names(section, table):
    """The older file starts with the first spot, which is not lost."""
    check(read_table(section(OLD, positions(table, header=""))), table)


def test_prefixed_and_gzipped_files_are_found(section, table):
    """Files as archives rename them are read too."""
    check(read_table(section(f"{NEW}.gz", prefix="GSM1_", opened=gzip.open)), table)


def test_columns_may_come_in_another_order(section, table):
    """Named columns are taken by their names."""
    lines = positions(table).splitlines()
    turned = "\n".join(",".join(reversed(line.split(","))) for line in lines)
    check(read_table(section(text=turned)), table)


def test_spots_beside_the_tissue_are_left_out(section, table):
    """Spots not under tissue are no cells even where they have counts."""
    outs = section(text=positions(table, outside=(0, 5)))
    with pytest.warns(DataNote, match="'outs': 2 of 80 spots lie beside the tissue"):
        got = read_table(outs)
    assert got.n_obs == 78
    assert {"cell0", "cell5"}.isdisjoint(got.obs_names)
    np.testing.assert_array_equal(got.obsm["spatial"][0], place(1))


@pytest.mark.parametrize("values", [[1, 0], [True, False], ["1", "0"], ["True", "False"]])
def test_spots_of_an_h5ad_beside_the_tissue_are_left_out(values, table, tmp_path):
    """A column in_tissue says the same in whatever way it is written."""
    table.obs["in_tissue"] = [values[i % 4 == 0] for i in range(80)]
    table.write_h5ad(tmp_path / "t.h5ad")
    with pytest.warns(DataNote, match="20 of 80 spots"):
        got = read_table(tmp_path / "t.h5ad")
    assert list(got.obs_names) == [f"cell{i}" for i in range(80) if i % 4]
    table.obs["in_tissue"] = values[1]
    table.write_h5ad(tmp_path / "none.h5ad")
    with pytest.raises(DataError, match="none of its spots lies under tissue"):
        read_table(tmp_path / "none.h5ad")


def test_spots_without_a_position_are_left_out_with_a_warning(section, table):
    """A file of positions that was cut short does not take the others with it."""
    outs = section()
    path = outs / "spatial" / NEW
    path.write_text("\n".join(path.read_text().splitlines()[:-1]))
    with pytest.warns(DataWarning, match="no position of 1 of 80 spots, the first 'cell0'"):
        got = read_table(outs)
    assert list(got.obs_names) == list(table.obs_names)[1:]
    np.testing.assert_array_equal(got.obsm["spatial"][0], place(1))


def as_parquet(outs):
    pd.read_csv(outs / "spatial" / NEW).to_parquet(outs / "spatial" / HD)
    (outs / "spatial" / NEW).unlink()


def test_positions_of_visium_hd_are_read(section, table):
    """They come as Parquet."""
    pytest.importorskip("pyarrow")
    outs = section()
    as_parquet(outs)
    check(read_table(outs), table)


def test_parquet_without_pyarrow_says_how_to_get_it(section, monkeypatch):
    """The missing optional package is named with the command that installs it."""
    pytest.importorskip("pyarrow")
    outs = section()
    as_parquet(outs)
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(DataError, match=r"pip install 'genearena\[parquet\]'\)$"):
        read_table(outs)


def test_parquet_of_other_columns_or_sizes_is_refused(section, monkeypatch):
    """What is there and what is wanted is said; nothing is allocated for what cannot be."""
    pytest.importorskip("pyarrow")
    outs = section()
    as_parquet(outs)
    monkeypatch.setattr(foreign_files, "FLOOR", 100)
    monkeypatch.setattr(foreign_files, "RATIO", 1e-3)
    with pytest.raises(DataError, match=r"it declares 3\.\d+ KiB of data in"):
        read_table(outs)
    monkeypatch.undo()
    pd.DataFrame({"barcode": ["a"], "x": [1]}).to_parquet(outs / "spatial" / HD)
    with pytest.raises(DataError, match="has columns barcode, x, want barcode, in_tissue"):
        read_table(outs)


def test_coordinates_in_space_are_refused_with_what_to_do(table, tmp_path):
    """A stack of sections is no section."""
    table.obsm["spatial"] = np.arange(240.0).reshape(80, 3)
    table.write_h5ad(tmp_path / "t.h5ad")
    with pytest.raises(DataError, match="; add each flat section by itself"):
        read_donors(tmp_path / "t.h5ad", "s", ReadOptions("lung", modality="spatial"))


def test_coordinates_arrive_with_spatial_donors_only(section, table):
    """The places are carried into the counts of spatial data, and only there."""
    outs = section()
    (spatial,) = read_donors(outs, "s", ReadOptions("lung", modality="spatial"))
    np.testing.assert_array_equal(spatial.counts.coordinates[3], place(3))
    (cells,) = read_donors(outs, "s", ReadOptions("lung"))
    assert cells.counts.coordinates is None


def test_every_donor_has_the_places_of_its_own_spots(table, tmp_path):
    """The sections in one h5ad are split with their coordinates."""
    table.obsm["X_spatial"] = np.array([place(i) for i in range(80)])
    table.write_h5ad(tmp_path / "t.h5ad")
    options = ReadOptions("lung", modality="spatial", donor_key="donor")
    for donor in read_donors(tmp_path / "t.h5ad", "s", options):
        mine = np.flatnonzero(table.obs["donor"] == donor.counts.name)
        np.testing.assert_array_equal(donor.counts.coordinates, [place(i) for i in mine])


def test_checksum_is_of_what_is_read(section):
    """Images beside the section do not enter its checksum; places do."""
    outs = section()
    before = sha256_of(outs)
    (outs / "spatial" / "tissue_hires_image.png").write_bytes(b"image")
    (outs / "possorted_genome_bam.bam").write_bytes(b"reads")
    assert sha256_of(outs) == before
    path = outs / "spatial" / NEW
    path.write_text(path.read_text().replace("1000", "1001"))
    assert sha256_of(outs) != before


def drop_counts(outs):
    next(outs.glob("*.h5")).unlink()


def drop_positions(outs):
    (outs / "spatial" / NEW).unlink()


def other_spots(outs):
    path = outs / "spatial" / NEW
    path.write_text(path.read_text().replace("cell", "spot"))


def drop_column(outs):
    path = outs / "spatial" / NEW
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line.rsplit(",", 1)[0] for line in lines))


def empty_positions(outs):
    (outs / "spatial" / NEW).write_text("")


def double_counts(outs):
    (outs / "other_filtered_feature_bc_matrix.h5").touch()


def break_counts(outs):
    next(outs.glob("*.h5")).write_text("text")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (drop_counts, r"filtered_feature_bc_matrix\.h5 .* is missing"),
        (drop_positions, r"spatial/tissue_positions\.csv \(or \.parquet\) is missing"),
        (other_spots, "no position of 80 of 80 spots, such as 'cell0'"),
        (drop_column, "has columns barcode.*, want barcode.*pxl_col_in_fullres"),
        (empty_positions, "No columns"),
        (double_counts, "2 files match"),
        (break_counts, "no HDF5 file"),
    ],
)
def test_incomplete_section_is_refused_in_one_line(harm, words, section):
    """What is missing or damaged is named, with the folder."""
    outs = section()
    harm(outs)
    with pytest.raises(
        DataError, match=rf"outs' cannot be read as a Visium folder.*{words}"
    ) as got:
        read_table(outs)
    assert "\n" not in str(got.value)
