"""Where the MuSe-GNN paper had its data from (its Appendix M, Figures 21 and 22)."""

from dataclasses import dataclass

from genearena.data.cards.tissues import tissue_spec
from genearena.data.graphs import Modality


@dataclass(frozen=True)
class PaperSource:
    """One link of the paper: the tissues and the technique it is named for, and what is there.

    `condition` is empty where the paper says nothing of disease.
    """

    tissues: tuple[str, ...]
    what: str
    url: str
    modality: Modality = "scrna"
    species: str = "human"
    condition: str = ""


_DESCARTES = "https://descartes.brotmanbaty.org/bbi/human-gene-expression-during-development/"
_HUBMAP = "https://portal.hubmapconsortium.org/browse/dataset/"
_GEO = "https://www.ncbi.nlm.nih.gov/geo/query/acc.cgi?acc="
_SCP1845 = (
    "https://singlecell.broadinstitute.org/single_cell/study/SCP1845/"
    "cross-tissue-immune-cell-analysis-reveals-tissue-specific-features-in-humans"
    "?scpbr=human-cell-atlas-main-collection#study-download"
)
_FASTGENOMICS = (
    "https://beta.fastgenomics.org/datasets/detail-dataset-427f1eee6dd44f50bae1ab13f0f3c6a9"
)
_ANIMAL_TISSUES = ("heart", "lung", "kidney", "liver", "thymus", "spleen")
_IMMUNE = ("liver", "thymus", "spleen")
_BRAIN = ("cerebrum", "cerebellum")
_ATAC = ("lung", "kidney", "thymus", "spleen", *_BRAIN, "pancreas")

PAPER_SOURCES: tuple[PaperSource, ...] = (
    PaperSource(
        ("heart",),
        "Heart Cell Atlas: portal of adult hearts, with h5ad files",
        "https://www.heartcellatlas.org/",
    ),
    PaperSource(
        ("heart",),
        "count tables of developing hearts (Asp and others 2019) on Mendeley Data, version 2",
        "https://data.mendeley.com/datasets/mbvhhf8m62/2",
    ),
    PaperSource(
        ("lung",), "extended Human Lung Cell Atlas on the beta site of FASTGenomics", _FASTGENOMICS
    ),
    PaperSource(
        ("kidney",),
        "Kidney Cell Atlas: portal of fetal and adult kidneys",
        "https://www.kidneycellatlas.org/",
    ),
    PaperSource(
        _IMMUNE,
        "immune cells across adult tissues, study SCP1845 of the Single Cell Portal (login)",
        _SCP1845,
    ),
    PaperSource(_IMMUNE, "Descartes: expression atlas of fetal organs", _DESCARTES),
    PaperSource(_BRAIN, "Descartes: expression atlas of fetal organs", _DESCARTES),
    PaperSource(
        ("pbmc",),
        "COVID-19 Cell Atlas: list of patient data sets, of which the one named PBMCs",
        "https://www.covid19cellatlas.org/index.patient.html",
        condition="COVID-19",
    ),
    PaperSource(
        ("lung",),
        "GEO series of healthy and cancerous lung",
        f"{_GEO}GSE196303",
        condition="lung cancer",
    ),
    PaperSource(
        ("pancreas",),
        "Azimuth: list of references, of which the human pancreas",
        "https://azimuth.hubmapconsortium.org/references/#Human%20-%20Pancreas",
    ),
    *(
        PaperSource(("heart",), "one data set of the HuBMAP portal", _HUBMAP + name, "scatac")
        for name in (
            "ba41e71358136f6a202114681a217a95",
            "d180976b42a9ed8b5fb12a508f79a238",
            "d39a1b1f40bbab8990078d343b332cdc",
        )
    ),
    PaperSource(
        ("heart", *_ATAC),
        "Descartes: atlas of fetal organs; its accessibility data have a page of their own",
        _DESCARTES,
        "scatac",
    ),
    PaperSource(
        ("heart",),
        "Visium section of a heart, a demonstration data set of 10x Genomics",
        "https://support.10xgenomics.com/spatial-gene-expression/datasets/1.1.0/V1_Human_Heart",
        "spatial",
    ),
    PaperSource(
        ("cerebrum",),
        "GEO series of sections with epigenome and transcriptome: human hippocampus, mouse too",
        f"{_GEO}GSE205055",
        "spatial",
    ),
    PaperSource(
        _ANIMAL_TISSUES,
        "Tabula Microcebus 1.0 on figshare",
        "https://figshare.com/articles/dataset/Tabula_Microcebus_v1_0/14468196?file=31777475",
        species="lemur",
    ),
    PaperSource(
        _ANIMAL_TISSUES,
        "Tabula Muris, the droplet part, on figshare, version 2",
        "https://figshare.com/articles/dataset/"
        "Single-cell_RNA-seq_data_from_microfluidic_emulsion_v2_/5968960/2",
        species="mouse",
    ),
)
"""Every link in the paper's order; line breaks and blanks that the print put in are mended."""


def sources_of(tissue: str | None = None) -> tuple[PaperSource, ...]:
    """Return the paper's sources of a tissue, or all; an unknown one raises UsageError."""
    if tissue is None:
        return PAPER_SOURCES
    name = tissue_spec(tissue).name
    return tuple(source for source in PAPER_SOURCES if name in source.tissues)
