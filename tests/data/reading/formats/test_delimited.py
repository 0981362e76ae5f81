"""Tables of text are read as they are written: their separators, their names, nothing guessed."""

import gzip

import numpy as np
import pytest

from genearena.data.common.errors import DataError
from genearena.data.notes import DataNote, DataWarning
from genearena.data.reading.ingest import ReadOptions, read_donors
from genearena.data.reading.readers import read_table

COUNTS = "A,B,C\nx1,1,0,2\nx2,0,3,4\n"
"""A small table as R writes it, with no name over those of the rows."""
WANT = np.array([[1, 0, 2], [0, 3, 4]])


@pytest.fixture
def read(tmp_path):
    """Return a function that reads the text of a file."""

    def run(text, name="t.csv", **options):
        path = tmp_path / name
        data = text if isinstance(text, bytes) else text.encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return read_table(path, **options)

    return run


def refused(read, text, **options):
    with pytest.raises(DataError) as caught:
        read(text, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.txt.gz"])
@pytest.mark.parametrize("separator", [",", "\t", ";", " ", "   "])
@pytest.mark.parametrize("corner", ["", "cell", None])
def test_separator_is_that_of_the_first_lines(separator, name, corner, read):
    """Whatever the suffix, columns are told by what stands between them."""
    text = COUNTS if corner is None else f"{corner},{COUNTS}"
    got = read(text.replace(",", separator), name)
    np.testing.assert_array_equal(got.X.toarray(), WANT)
    assert list(got.var_names) == ["A", "B", "C"]
    assert list(got.obs_names) == ["x1", "x2"]


def test_decimal_commas_do_not_separate(read):
    """Semicolons make the columns of a table with a comma in a number, which is no count."""
    assert "column 'B', row 'x1' holds '0,5'" in refused(read, "A;B;C\nx1;1;0,5;2\nx2;0;3;4\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_marks_and_line_ends_of_windows_are_no_names(end, encoding, read):
    """A byte-order mark and carriage returns belong to no gene."""
    got = read(COUNTS.replace("\n", end).encode(encoding))
    assert list(got.var_names) == ["A", "B", "C"]
    np.testing.assert_array_equal(got.X.toarray(), WANT)


SPECIAL = ("NA", "NaN", "null", "TRUE", "1E5", "INF", "007", "100", "", "-", "1-Mar")


def test_names_stay_the_text_they_are(read):
    """No name is taken for a number, a truth or for missing, in rows or in columns."""
    rows = "".join(f"{name},{i},1\n" for i, name in enumerate(SPECIAL))
    assert tuple(read(f",c1,c2\n{rows}").obs_names) == SPECIAL
    assert tuple(read(f",c1,c2\n{rows}", transpose=True).var_names) == SPECIAL
    columns = f",{','.join(SPECIAL)}\nc1{',1' * len(SPECIAL)}\n"
    assert tuple(read(columns).var_names) == SPECIAL


@pytest.mark.parametrize(
    ("donors", "want"),
    [(("007", "010"), ["007", "010"]), (("1", ""), ["1"]), (("NA", "1.0"), ["1.0", "NA"])],
)
def test_donors_stay_the_text_they_are(donors, want, tmp_path):
    """Leading zeros are kept, a blank does not turn numbers into fractions, NA is a name."""
    rows = "".join(f"c{i},{donors[i % 2]},{i},1\n" for i in range(40))
    (tmp_path / "t.csv").write_text(f",donor,A,B\n{rows}")
    options = ReadOptions("lung", donor_key="donor")
    if "" in donors:
        with pytest.warns(DataWarning, match="20 of 40 cells name no donor"):
            found = read_donors(tmp_path / "t.csv", "s", options)
    else:
        found = read_donors(tmp_path / "t.csv", "s", options)
    assert [donor.counts.name for donor in found] == want


def test_columns_of_text_describe_rows(read):
    """A column without a number is no gene: it describes cells, or genes in rows."""
    text = ",symbol,c1,c2\ng1,S1,1,0\ng2,007,0,3\n".replace("007", "NA")
    with pytest.warns(DataNote, match="describe rows and count nothing: 'symbol'"):
        got = read(text, transpose=True)
    assert list(got.var["symbol"]) == ["S1", "NA"]
    assert list(got.obs_names) == ["c1", "c2"]
    with pytest.warns(DataNote, match="'symbol'"):
        assert list(read(text).obs["symbol"]) == ["S1", "NA"]


def test_named_columns_describe_rows_though_they_hold_numbers(read):
    """A column asked for is text and no count, and nobody needs to be told."""
    got = read(",donor,A\nx1,01,1\nx2,02,3\n", text_columns=("donor",))
    assert list(got.obs["donor"]) == ["01", "02"]
    assert list(got.var_names) == ["A"]


def test_quotation_mark_in_a_name_swallows_no_line(read):
    """Between tabs a single mark is a letter, and a pair around a field is none."""
    got = read('"A"\tB\tC\n"x1"\t1\t0\t2\n"x2\t0\t3\t4\n', "t.tsv")
    assert list(got.obs_names) == ["x1", '"x2']
    assert list(got.var_names) == ["A", "B", "C"]


def test_commas_within_quotes_do_not_separate(read):
    """Commas, unlike tabs, may be quoted."""
    got = read('"A,1","B"\n"x,1",1,0\nx2,2,3\n')
    assert list(got.var_names) == ["A,1", "B"]
    assert list(got.obs_names) == ["x,1", "x2"]


def test_text_with_genes_in_rows_is_transposed(table, tmp_path):
    """`transpose` reads a genes x cells csv, also one written by R without a corner."""
    path = tmp_path / "t.csv"
    path.write_text(table.to_df().astype(int).T.to_csv().removeprefix(","))
    got = read_table(path, transpose=True)
    np.testing.assert_array_equal(got.X.toarray(), table.X.toarray())
    assert list(got.obs_names) == list(table.obs_names)


def test_repeated_names_are_kept(read):
    """Two columns of one name stay two, for others to settle."""
    assert list(read("A,A\nx1,1,2\nx2,3,4\n").var_names) == ["A", "A"]


@pytest.mark.parametrize("head", ["# one\n# two, three\n", "#made by x\n\n"])
def test_comments_before_the_table_are_passed_over(head, read):
    """Lines with # say what was done; one that fits the rows has the names."""
    assert list(read(head + COUNTS).var_names) == ["A", "B", "C"]
    assert list(read(head + "#cell," + COUNTS).var_names) == ["A", "B", "C"]


def test_numbers_beyond_any_are_numbers(read):
    """What pandas cannot hold as an integer is still no text."""
    assert read(f"A,B\nx1,1,{'9' * 30}\nx2,2,3\n").X.toarray()[0, 1] == pytest.approx(1e30)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A,B\nx1,1,2\nx2,NA,3\n", "column 'A', row 'x2' holds 'NA' among numbers"),
        ("A,B\nx1,1,2\nx2,3,\n", "column 'B', row 'x2' holds '' among numbers"),
        ("A,B\nx1,1,2\nx2,3\n", "column 'B', row 'x2' holds '' among numbers"),
        ("a,b\nx1,y\nx2,z\n", "no column holds numbers, only text such as 'b'"),
        ("x1,1,0,0\nx2,0,3,0\n", "first line holds numbers such as '1', want names"),
        ("A|B\nx1|1\nx2|2\n", "one column; want commas, tabs, semicolons or blanks"),
        ("gene,cell,count\ng1,c1,3\ng1,c2,1\ng2,c1,4\n", "a line for each gene and cell"),
        ("A,B,C,D\nx1,1,2\n", "4 names over 3 columns"),
        ("# only\n", "no line of names"),
        ("", "no line of names"),
        ("A,B\n", "no line of names with lines of counts"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(text, words, read):
    """The cause is said, with its place where there is one."""
    assert words in refused(read, text)
