"""Which gene of a task a name in a file is: naive loops, the tables of others, and what is told."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genearena.data.common.errors import DataError
from genearena.data.reading import gene_matching
from genearena.data.reading.gene_matching import Fate, match
from genearena.data.reading.gene_vectors import GeneVectors
from genearena.data.reading.synonyms import Synonyms

KINDS = ("id", "symbol", "previous", "alias")
Table = Sequence[Mapping[str, Sequence[str]]]
NAMES = st.sampled_from([*"abcdeAB", "ENSG00000000001", "ensg00000000001.7"])


def naive(table: GeneVectors, wanted: Sequence[str], known: Table) -> dict[str, np.ndarray]:
    """Return the vector of each wanted gene that has one, by going through everything."""

    def spelled(name: str) -> str:
        base = name.lower()
        return base.split(".")[0] if base.startswith("ensg") else base

    def meant(name: str) -> tuple[str, int]:
        for kind in KINDS:
            genes = {
                spelled(gene["symbol"][0])
                for gene in known
                if spelled(name) in map(spelled, gene[kind])
            }
            if len(genes) == 1:
                return genes.pop(), KINDS.index(kind)
            if genes:
                return spelled(name), KINDS.index(kind)
        return spelled(name), 0

    own: dict[str, np.ndarray] = {}
    bad = {""}
    for name, vector in zip(table.gene, table.vectors, strict=True):
        if not np.array_equal(own.setdefault(name, vector), vector):
            bad.add(name)
    found = {}
    for gene in dict.fromkeys(wanted):
        if gene in own:
            if gene not in bad:
                found[gene] = own[gene]
            continue
        identity, kind = meant(gene)
        others = [name for name in set(wanted) - {gene} if meant(name)[0] == identity]
        if any(meant(name)[1] <= kind or (name in own and name not in bad) for name in others):
            continue
        same = [name for name in own if name not in bad and meant(name)[0] == identity]
        best = min((meant(name)[1] for name in same), default=0)
        if sum(meant(name)[1] == best for name in same) == 1:
            found[gene] = own[next(name for name in same if meant(name)[1] == best)]
    return {gene: vector for gene, vector in found.items() if vector.any()}


def written(known: Table) -> str:
    """Return a table as HGNC has it."""
    rows = [
        "\t".join([gene["symbol"][0], "|".join(gene["alias"]), "|".join(gene["previous"]),
                   "|".join(gene["id"])])
        for gene in known
    ]  # fmt: skip
    # a gene whose id tells what the column holds
    last = "zzz\t\t\tENSG00000000999\n" * 9
    return "symbol\talias_symbol\tprev_symbol\tensembl_gene_id\n" + "\n".join([*rows, last])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    rows=st.lists(st.tuples(NAMES, st.integers(0, 2)), min_size=1, max_size=8),
    wanted=st.lists(NAMES, min_size=1, max_size=8),
    known=st.lists(
        st.fixed_dictionaries(
            {
                "symbol": st.lists(st.sampled_from("abcde"), min_size=1, max_size=1),
                "previous": st.lists(st.sampled_from("abcde"), max_size=2),
                "alias": st.lists(st.sampled_from("abcde"), max_size=2),
                "id": st.sampled_from([[], ["ENSG00000000001"], ["ENSG00000000002"]]),
            }
        ),
        max_size=4,
    ),
)
def test_genes_are_found_as_a_naive_loop_finds_them(tmp_path_factory, rows, wanted, known):
    """With names that mean several genes, two names of a gene, and rows twice."""
    genes = (*(name for name, _ in rows), "far", "off")
    numbers = [[number, 7 * (number > 0)] for _, number in rows] + [[1, 5], [2, 1]]
    vectors = GeneVectors(genes, np.array(numbers, dtype=np.float32))
    path = tmp_path_factory.mktemp("table") / "table.tsv"
    path.write_text(written(known))
    wanted = [*wanted, "far", "off"]
    matching = match(vectors, wanted, Synonyms.read(path))
    want = naive(vectors, wanted, known)
    assert matching.rows.keys() == want.keys()
    for gene, row in matching.rows.items():
        np.testing.assert_array_equal(vectors.vectors[row], want[gene])
    assert matching.genes.keys() == set(wanted)
    used = {matching.genes[gene].other for gene in matching.rows}
    zero = {fate.other for fate in matching.genes.values() if fate.what == gene_matching.ZERO}
    assert not used & matching.unused.keys()
    assert used | zero | matching.unused.keys() == set(genes)


TABLES = {
    "HGNC's complete set": (
        "hgnc_id\tsymbol\tname\talias_symbol\talias_name\tprev_symbol\tprev_name\tensembl_gene_id\n"
        'HGNC:1\tMARCHF1\tfinger 1\t"RNF171|DKFZ"\t"OLD2"\tMARCH1\t\tENSG00000145416\n'
        "HGNC:2\tTP53\ttumour\tp53\tother\tOLD1|OLD3\tX1\tENSG00000141510\n"
    ),
    "HGNC's download": (
        "HGNC ID\tApproved symbol\tApproved name\tPrevious symbols\tAlias symbols\t"
        "Ensembl gene ID\n"
        "HGNC:1\tMARCHF1\tfinger 1\tMARCH1\tRNF171, DKFZ\tENSG00000145416\n"
        "HGNC:2\tTP53\ttumour\tOLD1, OLD3\tp53\tENSG00000141510\n"
    ),
    "BioMart": (
        "Gene stable ID,Gene name,Gene Synonym\n"
        "ENSG00000145416,MARCHF1,MARCH1\nENSG00000145416,MARCHF1,RNF171\n"
        "ENSG00000145416,MARCHF1,DKFZ\nENSG00000141510,TP53,OLD1\nENSG00000141510,TP53,p53\n"
        "ENSG00000141510,TP53,OLD3\nENSG00000000003,,\n"
    ),
    "NCBI": (
        "#tax_id\tGeneID\tSymbol\tLocusTag\tSynonyms\tdescription\n"
        "9606\t1\tMARCHF1\t-\tMARCH1|RNF171|DKFZ\tfinger, of genes\n"
        "9606\t2\tTP53\t-\tOLD1|p53|OLD3\ttumour\n"
    ),
    "features": (
        "ENSG00000145416\tMARCHF1\tGene Expression\nENSG00000141510\tTP53\tGene Expression\n"
    ),
}


@pytest.mark.parametrize("table", TABLES)
def test_tables_of_others_are_read(tmp_path: Path, table: str):
    """Columns are told by their headings; names in full words are no symbols."""
    path = tmp_path / "table.txt"
    path.write_text(TABLES[table])
    synonyms = Synonyms.read(path)

    def known(name: str, gene: str) -> bool:
        return synonyms.meaning(name).gene == gene

    assert known("marchf1", "marchf1")
    if table != "NCBI":
        assert known("ENSG00000145416.12", "marchf1")
    if table != "features":
        assert all(known(name, "marchf1") for name in ("MARCH1", "rnf171", "DKFZ"))
        assert all(known(name, "tp53") for name in ("P53", "OLD1", "OLD3"))
    assert all(known(name, name) for name in ("old2", "finger 1", "other", "x1", "tumour"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A\nB\n", "no two columns"),
        ("symbol\tchromosome\nA\t1\nB\t2\n", "symbols and nothing beside them"),
        ("a\tb\nA\tB\n", "no column headed as symbols"),
    ],
)
def test_a_table_that_tells_nothing_is_refused(tmp_path: Path, text: str, message: str):
    """One line says what it should have."""
    path = tmp_path / "table.tsv"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        Synonyms.read(path)


def vectors_of(*genes: str) -> GeneVectors:
    """Return vectors that differ."""
    return GeneVectors(genes, np.arange(1, 2 * len(genes) + 1, dtype=np.float32).reshape(-1, 2))


def test_every_gene_has_its_reason(tmp_path: Path):
    """Of the task, and of the file; counts and examples are told."""
    path = tmp_path / "table.tsv"
    path.write_text(
        TABLES["HGNC's complete set"] + "HGNC:3\tMTARC1\t\tp53\t\t\t\tENSG00000186205\n"
    )
    table = GeneVectors(
        ("MARCH1", "RNF171", "Old1", "OLD3", "p53", "X", "X", "actb", "zero", " ", "else"),
        np.array([[i, i % 3] for i in range(1, 9)] + [[0, 0], [1, 1], [5, 5]]),
    )
    wanted = ["MARCHF1", "TP53", "P53", "mtarc1", "X", "ACTB", "zero", "nowhere"]
    matching = match(table, wanted, Synonyms.read(path))
    assert matching.genes == {
        "MARCHF1": Fate("by the table", "MARCH1"),
        "TP53": Fate("several rows are of the gene", "Old1"),
        "P53": Fate("by their name in another case or version", "p53"),
        "mtarc1": Fate("not in the file"),
        "X": Fate("several rows of this name that differ"),
        "ACTB": Fate("by their name in another case or version", "actb"),
        "zero": Fate("a row of zeros", "zero"),
        "nowhere": Fate("not in the file"),
    }
    assert matching.unused == {
        "": Fate("without a name"),
        "X": Fate("several rows of this name that differ"),
        "RNF171": Fate("another name of a gene that is there too", "MARCHF1"),
        "Old1": Fate("another name of a gene that is there too", "TP53"),
        "OLD3": Fate("another name of a gene that is there too", "TP53"),
        "else": Fate("not in the task"),
    }
    first, second, third = matching.lines()
    assert first == (
        "3 of 8 genes have a vector (37.5%): by their name in another case or version 2 "
        "('P53' ('p53'), 'ACTB' ('actb')); by the table 1 ('MARCHF1' ('MARCH1'))"
    )
    assert second.startswith("5 have none: not in the file 2 ('mtarc1', 'nowhere'); ")
    assert third.startswith("6 of the file's 10 are not used: another name of a gene ")


def test_two_names_of_a_gene_in_a_task_do_not_share_a_vector(tmp_path: Path):
    """The task says they are two genes; of two previous symbols none is the likelier."""
    path = tmp_path / "table.tsv"
    path.write_text(TABLES["HGNC's complete set"])
    synonyms = Synonyms.read(path)
    table = vectors_of("p53", "A", "B")
    assert match(table, ["TP53", "OLD1", "A"], synonyms).rows == {"TP53": 0, "A": 1}
    both = match(table, ["OLD1", "OLD3", "A", "B"], synonyms)
    assert both.rows == {"A": 1, "B": 2}
    assert both.genes["OLD1"] == Fate("another name of a gene that is there too", "OLD3")
    # a row of the own name counts before any table
    assert match(vectors_of("OLD1", "TP53", "A"), ["OLD1", "TP53"], synonyms).rows == {
        "OLD1": 0,
        "TP53": 1,
    }


def test_vectors_of_none_of_the_genes_or_one_for_all_are_refused():
    """The line shows names of either side."""
    with pytest.raises(DataError, match=r"none of its 2 genes, such as 'A', .* 1, such as 'ENSG1'"):
        match(vectors_of("A", "B"), ["ENSG1"], Synonyms())
    same = GeneVectors(("A", "B", "C"), np.array([[1, 2], [1, 2], [3, 4]]))
    with pytest.raises(DataError, match="the same vector for every gene of the task"):
        match(same, ["A", "B"], Synonyms())
