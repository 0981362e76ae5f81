"""Gene sets in the data folder: kept whole, named by their checksum, matched as other names are."""

import hashlib

import numpy as np
import pytest

from genearena.data.common.errors import DataError, StoreError, UsageError
from genearena.data.genesets.gene_sets import check_species, membership, named_members
from genearena.data.genesets.store import GeneSetStore, Statement
from genearena.data.store import Store


def gmt(path, sets):
    """Write sets as GMT and return the file."""
    path.write_text("".join(f"{key}\t\t{chr(9).join(genes)}\n" for key, genes in sets.items()))
    return path


def add(tmp_path, sets, **said):
    """Keep some sets as ``mine``."""
    file = gmt(tmp_path / "mine.gmt", sets)
    said = {"species": "human", **said}
    return GeneSetStore(tmp_path).add(file, "mine", Statement(**said), replace=True)


def test_sets_come_back_with_all_that_was_said(tmp_path):
    """Genes, terms and the checksum of the file."""
    sets = add(tmp_path, {"S1": ["A", "B"]}, licence="CC0", source="here")
    again = GeneSetStore(tmp_path).get("mine")
    assert again == sets
    assert again.sha256 == hashlib.sha256((tmp_path / "mine.gmt").read_bytes()).hexdigest()
    assert (again.licence, again.source, again.file) == ("CC0", "here", "mine.gmt")


def test_gene_sets_are_no_tissue(tmp_path):
    """They lie beside the tasks, and are no data sets."""
    add(tmp_path, {"S1": ["A", "B"]})
    assert Store(tmp_path).sources() == ()


def test_a_taken_name_is_kept(tmp_path):
    """Unless it is to be replaced; a name must be one of a file."""
    add(tmp_path, {"S1": ["A"]})
    store, file = GeneSetStore(tmp_path), gmt(tmp_path / "b.gmt", {"S2": ["B"]})
    with pytest.raises(UsageError, match="called 'mine' already; add --force"):
        store.add(file, "mine", Statement("human"))
    with pytest.raises(UsageError, match="not usable"):
        store.add(file, "../mine", Statement("human"))
    assert store.get("mine").sets[0].key == "S1"


def test_unknown_and_damaged_sets_are_told(tmp_path):
    """With the names that there are, or what to do."""
    add(tmp_path, {"S1": ["A"]})
    store = GeneSetStore(tmp_path)
    with pytest.raises(UsageError, match="no gene sets are called 'mina'; did you mean 'mine'"):
        store.get("mina")
    store.path("mine").write_text("{}")
    with pytest.raises(StoreError, match="damaged"):
        store.get("mine")


def test_names_are_found_as_in_files_of_vectors(tmp_path):
    """By case, version, and the other names of a table."""
    table = tmp_path / "hgnc.tsv"
    table.write_text(
        "symbol\tprev_symbol\talias_symbol\tensembl_gene_id\n"
        "NEW1\tOLD1\t\tENSG00000000001\nB\t\tBEE\tENSG00000000002\n"
    )
    sets = add(tmp_path, {"S1": ["NEW1", "B", "C"]}, gene_names=table)
    wanted = ["OLD1", "ENSG00000000002.3", "c", "D"]
    expected = {"OLD1": "NEW1", "ENSG00000000002.3": "B", "c": "C"}
    assert named_members(sets, wanted) == expected


def test_ids_become_symbols(tmp_path):
    """By a table of both, as counts do."""
    table = tmp_path / "ids.tsv"
    table.write_text("entrez\tsymbol\n1\tA\n2\tB\n3\tC\n")
    sets = add(tmp_path, {"S1": ["1", "2", "9"]}, gene_names=table)
    assert sets.sets[0].genes == ("A", "B", "9")
    assert "a symbol for 2 of 3 ids" in sets.notes[0]


def test_orthologs_rename_sets(tmp_path):
    """One-to-one pairs, and the number is kept."""
    table = tmp_path / "orthologs.tsv"
    table.write_text("mouse\thuman\nAcadm\tACADM\nCd3d\tCD3D\nTwo\tTWO\nTwob\tTWO\n")
    sets = add(tmp_path, {"S1": ["ACADM", "CD3D", "TWO"]}, species="Mouse", orthologs=table)
    assert sets.sets[0].genes == ("Acadm", "Cd3d")
    assert sets.species == "mouse"
    assert "renames 2 of 3 genes" in sets.notes[0]


def test_membership_counts_and_chooses(tmp_path):
    """Sizes are those among the genes asked about; whoever is in no set is not asked about."""
    sets = add(
        tmp_path, {"S1": ["A", "B"], "S2": ["B", "C", "D"], "big": list("ABCDE"), "S3": ["Z"]}
    )
    known = membership(sets, list("FABCDE"), fewest=2, most=3)
    assert known.genes == tuple("ABCDE")
    assert known.keys == ("S1", "S2")
    assert known.members.astype(int).tolist() == [[1, 0], [1, 1], [0, 1], [0, 1], [0, 0]]
    assert known.n_sets.tolist() == [2, 3, 2, 2, 1]
    assert known.rows(["B", "F"]).tolist() == [1, -1]


def test_of_a_list_all_genes_are_asked_about(tmp_path):
    """Who is not on it is known not to be."""
    known = membership(add(tmp_path, {"tf": ["A", "B"]}), list("ABCD"), fewest=2)
    assert known.members[:, 0].tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("genes", "options", "message"),
    [
        (["X", "Y"], {}, "none of the 2 genes, such as 'X', is in 'mine'.*--gene-names"),
        (["A", "B"], {"fewest": 9}, "no set of 'mine' has 9 to 200.* its 2 have 1 to 2"),
        (["A", "B", "C"], {"fewest": 1, "only": ["S9"]}, "has no set 'S9'"),
    ],
)  # fmt: skip
def test_sets_that_say_nothing_of_genes_are_refused(tmp_path, genes, options, message):
    """None in common, too small, or not there."""
    sets = add(tmp_path, {"S1": ["A", "B"], "S2": ["B", "C"]})
    with pytest.raises(DataError, match=message):
        membership(sets, genes, **options)


def test_one_class_is_refused(tmp_path):
    """A set of all genes tells none from another."""
    with pytest.raises(DataError, match="one class only"):
        membership(add(tmp_path, {"tf": ["A", "B", "C"]}), list("AB"), fewest=2)


def test_other_species_are_refused_with_what_to_do(tmp_path):
    """Mouse symbols may be written in capitals: names do not tell."""
    from genearena.metrics.example import example_graphs

    graphs = example_graphs()
    sets = add(tmp_path, {"S1": ["A"]})
    with pytest.raises(DataError, match="--species simulated --orthologs TABLE"):
        check_species(sets, graphs)
    check_species(add(tmp_path, {"S1": ["A"]}, species="simulated"), graphs)


def test_content_tells_sets_apart_that_come_from_one_file(tmp_path):
    """The checksum of the file is the same, what was made of it is not."""
    table = tmp_path / "orthologs.tsv"
    table.write_text("mouse\thuman\nAcadm\tACADM\nCd3d\tCD3D\n")
    plain = add(tmp_path, {"S1": ["ACADM", "CD3D"]})
    renamed = add(tmp_path, {"S1": ["ACADM", "CD3D"]}, orthologs=table)
    assert plain.sha256 == renamed.sha256
    assert plain.content != renamed.content
    assert np.unique([plain.content, GeneSetStore(tmp_path).get("mine").content]).size == 2


def test_genes_of_species_named_apart_are_found_by_their_own_sets(tmp_path):
    """The species before a name is no part of it, and another's genes are no members."""
    sets = add(tmp_path, {"S1": ["CD3D", "CD4"], "TF": ["CD8A"]})
    genes = ["human:CD3D", "mouse:CD4", "CD8A", "human:TF"]
    assert named_members(sets, genes) == {"human:CD3D": "CD3D", "CD8A": "CD8A"}
    assert named_members(sets, genes, ["TF", "S1"]) == {"human:TF": "TF"}
