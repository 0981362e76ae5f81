"""Small inputs on which people stumbled elsewhere give the right graphs or one clear line."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from places import SHARED

from genearena.data.accessibility.gene_activity import ActivityOptions
from genearena.data.add import add_file
from genearena.data.common.errors import GeneArenaError
from genearena.data.options import BuildOptions, QualityControl
from genearena.data.reading.ingest import ReadOptions
from genearena.data.store import Store

INPUTS = SHARED / "inputs"
WHOLE = (120, 50, 56)
"""Cells, genes and edges of the counts from which most of these files were made."""

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not INPUTS.is_dir(), reason="no shared inputs"),
]


class Case(NamedTuple):
    """A file, what of it is read, and what must come of it."""

    file: str
    read: Mapping[str, Any] = MappingProxyType({})
    graph: tuple[int, int, int] | None = None
    said: str = ""
    refused: str = ""
    first: str = ""
    min_cells: int = 3


GTF = ActivityOptions(gtf=INPUTS / "ens.gtf", min_fragments=None)
FRAGMENTS = ActivityOptions(gtf=INPUTS / "ens.gtf", min_fragments=1)
GENOMES = "real_scanpy_1.2.0_multiple_genomes.h5"
PROBES = "real_scanpy_raw_probe_bc_matrix.h5"
NUMBERED = "numbered in the index and named by their column"

CASES = (
    Case("star", graph=WHOLE),
    Case("geo", graph=WHOLE),
    Case("v3c2", graph=WHOLE),
    Case("mix", graph=WHOLE),
    Case("kb_made", graph=WHOLE),
    Case("nag", graph=WHOLE),
    Case("dupg", said="genes summed into the first of their name: 1"),
    Case("real_scanpy_int-ids", refused="1 of 5 cells pass quality control"),
    Case("atac", {"modality": "scatac", "activity": GTF}, graph=(120, 1, 0)),
    Case("soma.h5ad", graph=WHOLE, said=f"{NUMBERED} 'feature_name'", first="GENE"),
    Case("p1.h5ad", graph=WHOLE, said=f"{NUMBERED} 'feature_name'", first="GENE"),
    Case("p2.h5ad", graph=WHOLE, said=f"{NUMBERED} 'feature_name'"),
    Case("l1.loom", graph=WHOLE, said=f"{NUMBERED} 'var_names'", first="GENE"),
    Case("l3.loom", graph=WHOLE, said=f"{NUMBERED} 'gene_names'", first="GENE"),
    Case("intissue.h5ad", graph=(80, 50, 37), said="40 of 120 spots lie beside the tissue"),
    Case("sp3.h5ad", {"modality": "spatial"}, refused="add each flat section by itself"),
    Case("real_visium_hd_016", {"modality": "spatial"}, said="no position of 227 of 300 spots"),
    Case("f16.h5ad", graph=WHOLE),
    Case("lf16.h5ad", {"layer": "counts"}, graph=WHOLE),
    Case("lf16.h5ad", refused="these hold some: --layer counts"),
    Case("xnone.h5ad", refused="these hold some: --layer counts"),
    Case("xzero.h5ad", refused="these hold some: --layer counts"),
    Case("bool.h5ad", said="no count is above 1"),
    Case("frac.h5ad", refused="14 % of values have fractions: --round rounds them"),
    Case("frac.h5ad", {"round_counts": True}, said="827 of 5785 counts had fractions"),
    Case("ft2.h5", refused="none of its features is of type 'Gene Expression', they are 'gene'"),
    Case(PROBES, said="counts 1000 probes, not genes; --gene-key gene_name"),
    Case(PROBES, {"gene_key": "gene_name"}, said="summed into the first of their name: 12"),
    Case(GENOMES, refused="choose one with --genome: another_genome, hg19_chr21"),
    Case(GENOMES, {"genome": "hg19_chr21"}, graph=(12, 12, 0), min_cells=1),
    Case(
        "fr_midcomment.fragments.tsv",
        {"modality": "scatac", "activity": FRAGMENTS},
        refused="none of 4 genes is detected in 3 or more cells",
    ),
    Case("real_anndata_adata-comments.tsv", refused="want names of columns)"),
    Case("real_anndata_umi_tools.tsv.gz", refused="a line for each gene and cell"),
    Case("gempty.h5ad", graph=(120, 50, 56), said="1 of 60 genes have no name and are left out"),
    Case("gdash.h5ad", {"gene_key": "sym"}, graph=WHOLE),
    Case("space.h5ad", {"donor_key": "donor"}, graph=WHOLE, said="'D1 ' is taken for 'D1'"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file} {' '.join(case.read)}")
def test_awkward_file_is_read_or_refused(case, tmp_path):
    """Each gives the graph of its counts, says what was done to them, or is refused for a cause."""

    def add():
        return add_file(
            Store(tmp_path),
            INPUTS / case.file,
            "own",
            ReadOptions("lung", **case.read),
            quality=QualityControl(min_genes=1, min_donor_cells=3, min_cells=case.min_cells),
            build=BuildOptions(n_genes=50),
        )

    if case.refused:
        with pytest.raises(GeneArenaError) as caught:
            add()
        assert case.refused in str(caught.value)
        assert "\n" not in str(caught.value)
        return
    card = add()
    (graph,) = card.graphs
    if case.graph:
        assert (graph.n_cells, graph.n_genes, graph.n_edges) == case.graph
    assert case.said in "\n".join([*card.origin.notes, *card.origin.warnings])
    assert all(gene.startswith(case.first) for gene in graph.genes)
