"""Tables, names and annotations that outsiders met are read right, or refused with the reason."""

import shlex
from dataclasses import dataclass

import pytest
from click.testing import CliRunner
from places import SHARED

from genearena.benchmark.commands.data.group import command
from genearena.data.common.errors import GeneArenaError
from genearena.data.store import Store

INPUTS = SHARED / "inputs"
SMALL = "--min-genes 1 --min-donor-cells 3 --genes 50"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not INPUTS.is_dir(), reason="no development data"),
]


@dataclass(frozen=True)
class Read:
    """What a file is read as: all inputs hold the counts of the same cells and genes."""

    said: tuple[str, ...] = ()
    genes: tuple[str, ...] = ("GENE00", "GENE01", "GENE54", "GENE55", "GENE56")
    edges: int | None = 56
    donors: tuple[tuple[str, int], ...] = (("n", 120),)
    species: str = "human"


PLAIN = Read()
IDS = tuple(f"ENSG{i:011d}" for i in (0, 2, 58))
OLD = ("Ensembl ids are read without their versions (60: ",)
TWO = (("007", 60), ("010", 60))
FIRST = "genes summed into the first of their name: "

READ = {
    "T.csv --transpose": PLAIN,
    "T.h5ad --transpose": PLAIN,
    "e.h5ad --gene-names bm.tsv": Read(("a symbol for 60 of 60 ids",)),
    "e.h5ad --gene-names uq.tsv": Read(("a symbol for 60 of 60 ids",)),
    "mm.h5ad --species mouse --orthologs o4.csv": Read(
        ("renames 60 of 60 genes from its fourth to its second column",), species="mouse"
    ),
    "barn.h5ad --max-pct-mt 10": Read(genes=("GRCh38_GENE00",), donors=(("n", 119),)),
    "mtdot.h5ad --max-pct-mt 10": Read(donors=(("n", 119),)),
    "e.h5ad --max-pct-mt 10": Read(("--max-pct-mt drops no cell",), IDS, 64),
    "lead0.csv --donor-key donor": Read(edges=None, donors=TWO),
    "blankdon.csv --donor-key donor": Read(
        ("3 of 120 cells name no donor",), edges=None, donors=(("1", 58), ("2", 59))
    ),
    "entNA.csv --transpose": Read(
        ("1 of 60 genes have no name",), ("100", "101", "158"), edges=None
    ),
    "dros2.csv --transpose": Read(genes=("NA", "GENE01", "GENE56")),
    "specT.csv --transpose": Read(genes=("NA", "NaN", "TRUE", "1E5", "INF", "GENE56")),
    "specT.csv --transpose --barcodes META --donor-key donor": Read(
        genes=("NA", "NaN", "TRUE", "1E5", "INF", "GENE56"), edges=None, donors=TWO
    ),
    "semi.csv": PLAIN,
    "ws.txt": PLAIN,
    "bomR.csv": PLAIN,
    "excel.csv": Read(("Excel makes of others (2: '1-Mar', '2-Sep')",), ("1-Mar", "2-Sep")),
    "dupsym.h5ad": Read((f"{FIRST}1, such as 'GENE03'",), ("GENE03",), 49),
    "dupg": Read((f"{FIRST}1, such as 'GENE03'",), ("GENE03",), 49),
    "dupg --duplicates keep": Read(("kept apart",), ("GENE03", "GENE03-1"), 56),
    "symT.csv --transpose": Read(("count nothing: 'symbol'",)),
    "symT.csv --transpose --barcodes META --donor-key donor --gene-key symbol": Read(
        genes=("S0", "S55", "S56"), edges=None, donors=TWO
    ),
    "rT.csv --transpose --barcodes META --donor-key donor": Read(edges=None, donors=TWO),
    "dupg --barcodes META --donor-key donor": Read(
        (f"{FIRST}1",), ("GENE03",), edges=None, donors=TWO
    ),
    "v1.h5ad": Read(OLD, IDS, 64),
    "v2.h5ad": Read(OLD, IDS, 64),
    "ensdup.h5ad": Read((*OLD, f"{FIRST}2, such as '{IDS[0]}'"), IDS),
    "ensmus.h5ad": Read(("are those of mouse",), ("ENSMUSG00000000000",), 64),
    "ensmus.h5ad --species mouse": Read((), ("ENSMUSG00000000000",), 64, species="mouse"),
}

REFUSED = {
    "T.csv": "genes such as 'MT-ND1' in its rows and cells such as 'C000' in its columns; add --t",
    "T.h5ad": "genes such as 'MT-ND1' in its rows and cells such as 'C000' in its columns; add --t",
    "specT.csv": "in its rows and cells such as 'C000' in its columns; add --transpose",
    "semi.csv --transpose": "in its columns and cells such as 'C000' in its rows; leave out --tr",
    "dupsym.h5ad --duplicates refuse": "gene 'GENE03' appears 2 times; give --duplicates sum",
    "dupg --duplicates refuse": "'gene_ids' is unique",
    "real_anndata_adata-comments.tsv": "first line holds numbers such as '1.0', want names",
    "real_anndata_umi_tools.tsv.gz": "a line for each gene and cell",
}


@pytest.fixture
def add(tmp_path):
    """Return a function that runs ``bench data add`` on inputs named by a line of a shell."""
    rows = [f"C{i:03d},{('010', '007')[i % 2]}\n" for i in range(120)]
    (tmp_path / "META").write_text("".join(["barcode,donor\n", *rows]))

    def run(line):
        words = [INPUTS / word if (INPUTS / word).exists() else word for word in shlex.split(line)]
        words = [tmp_path / "META" if word == "META" else word for word in words]
        options = ["--tissue", "lung", "--name", "n", *SMALL.split(), "--data-dir", tmp_path / "s"]
        options += ["--protocol", "paper"]  # all of these are too small to be split
        return CliRunner().invoke(command, ["add", *map(str, [*words, *options])])

    return run


@pytest.mark.parametrize("line", READ)
def test_input_is_read_as_what_it_is(line, add, tmp_path):
    """Cells, donors, genes and edges are those that the file holds, and what is done is said."""
    done, want = add(line), READ[line]
    assert done.exit_code == 0, done.output
    said = [row for row in done.stderr.splitlines() if row.startswith(("Note:", "Warning:"))]
    assert len(said) == len(want.said), said
    assert all(any(words in row for row in said) for words in want.said), said
    store = Store(tmp_path / "s")
    graphs = store.graphs(store.card("lung", "n"))
    assert tuple((graph.name, graph.n_cells) for graph in graphs) == want.donors
    for graph in graphs:
        assert set(want.genes) <= set(graph.genes)
        assert graph.species == want.species
        assert want.edges in (None, graph.n_edges)


@pytest.mark.parametrize("line", REFUSED)
def test_input_is_refused_with_the_reason(line, add):
    """One line says what is wrong, and what to do where something can be done."""
    refused = add(line)
    assert isinstance(refused.exception, GeneArenaError), refused.output
    assert REFUSED[line] in str(refused.exception)
    assert "\n" not in str(refused.exception)


@pytest.mark.parametrize(
    ("gtf", "genes"),
    [
        ("real_gtf_ensembl_gtf.txt", [("amx-2", "I", 12759578, 12764949)]),
        ("real_gtf_sharr.gtf", [("ENSSHAG00000008256", "3", 536870512, 536872365)]),
        ("ens.gtf", [("AAA", "1", 234999, 237800)]),
    ],
)
def test_annotation_without_genes_has_those_of_its_parts(gtf, genes):
    """Genes reach over their exons, and code for proteins if the second column says so."""
    from genearena.data.accessibility.gtf import read_genes

    found = read_genes(INPUTS / gtf)
    assert [(gene.name, gene.chromosome, gene.start, gene.end) for gene in found][:1] == genes
    assert {gene.biotype for gene in found} == {"protein_coding"}
