"""Tasks of two tables: their classes as sets, and what cannot be one."""

import hashlib

import pytest

from genearena.data.common.errors import DataError
from genearena.data.genesets.gene_sets import GeneSets, membership
from genearena.data.genesets.reading import read_gene_sets
from genearena.data.genesets.store import GeneSetStore, Statement

GENES = ("A", "B", "C", "NA", "D")


def task(folder, outcomes, entities=("symbol", *GENES)):
    """Write a task and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "entities.csv").write_text("\n".join(entities) + "\n")
    (folder / "outcomes.csv").write_text("\n".join(outcomes) + "\n")
    return folder


@pytest.mark.parametrize(
    ("outcomes", "sets", "others"),
    [
        (["Outcomes", "1", "0", "0", "1", "0"], {"mine": ("A", "NA")}, ("B", "C", "D")),
        (["x", "True", "False", "", "True", "False"], {"mine": ("A", "NA")}, ("B", "D")),
        (["x", "1.0", "0.0", "1.0", "0.0", "0.0"], {"mine": ("A", "C")}, ("B", "NA", "D")),
        (["x", "low", "high", "", "low", "low"], {"low": ("A", "NA", "D"), "high": "B"}, ()),
        (["x", "k1", "k2", '"k,3"', "k1", "k2"], {"k1": ("A", "NA"), "k2": "BD", "k,3": "C"}, ()),
        (["p,q", "1,1", "0,1", "0,0", "1,0", "0,0"], {"p": ("A", "NA"), "q": "AB"}, ("C", "D")),
    ],
)  # fmt: skip
def test_classes_become_sets(tmp_path, outcomes, sets, others):
    """Of two values, of several, and of several columns; of a gene without one nothing is told."""
    read = read_gene_sets(task(tmp_path / "t", outcomes), "mine")
    assert {each.key: each.genes for each in read.sets} == {k: tuple(v) for k, v in sets.items()}
    assert read.others == others


def test_only_genes_with_an_outcome_are_asked_about(tmp_path):
    """Those of the other class are no members, and genes that the task does not tell of no genes.

    The file's checksum is that of both tables.
    """
    folder = task(tmp_path / "t", ["Outcomes", "1", "0", "0", "1", "0"])
    sets = GeneSetStore(tmp_path).add(folder, "mine", Statement("human"))
    known = membership(sets, ["D", "E", "A", "B"], fewest=1)
    assert (known.genes, known.members[:, 0].tolist()) == (("D", "A", "B"), [False, True, False])
    both = b"".join((folder / f"{name}.csv").read_bytes() for name in ("entities", "outcomes"))
    assert sets.sha256 == hashlib.sha256(both).hexdigest()
    assert sets.content != GeneSets(**sets.model_dump(exclude={"others"})).content


def test_tasks_may_share_the_genes_of_a_folder_above(tmp_path):
    """As sub-tasks do."""
    folder = task(tmp_path / "t" / "sub", ["Outcomes", "1", "0", "0", "1", "0"])
    (folder / "entities.csv").rename(tmp_path / "t" / "entities.csv")
    assert read_gene_sets(folder, "mine").sets[0].genes == ("A", "NA")


@pytest.mark.parametrize(
    ("outcomes", "entities", "message"),
    [
        (["x", "0.1", "0.2", "3", "4", "5"], None, "5 numbers such as 0.1.*no regression"),
        (["x", "1", "1", "1", "1", "1"], None, "one class only"),
        (["x", "1", "0"], None, "5 genes and .* 2 outcomes"),
        (["p,q", "1,0", "0,2", "0,0", "1,0", "0,0"], None, "has '2' in its column 'q'"),
        (["x", "1", "0"], ("symbol,symbol", "A,B", "B,C"), "pairs of genes"),
    ],
)
def test_what_is_no_label_is_refused(tmp_path, outcomes, entities, message):
    """In one line."""
    folder = task(tmp_path / "t", outcomes, entities or ("symbol", *GENES))
    with pytest.raises(DataError, match=message) as refused:
        read_gene_sets(folder, "mine")
    assert "\n" not in str(refused.value)


def test_a_folder_without_the_tables_is_none(tmp_path):
    """Whichever is missing."""
    with pytest.raises(DataError, match=r"without outcomes\.csv and entities\.csv"):
        read_gene_sets(tmp_path, "mine")


def test_a_table_with_a_column_of_marks_tells_of_the_unmarked_too(tmp_path):
    """They are the other class."""
    path = tmp_path / "marks.csv"
    path.write_text("gene,essential\nA,1\nB,0\nC,\n")
    read = read_gene_sets(path, "mine")
    assert (read.sets[0].genes, read.others) == (("A",), ("B", "C"))
