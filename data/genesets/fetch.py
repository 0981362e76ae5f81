"""Download gene sets whose terms permit it: whole, checked, and only then kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from genearena.data.common.errors import StoreError, UsageError, did_you_mean
from genearena.data.common.one_line import first_line
from genearena.data.genesets.gene_sets import GeneSets
from genearena.data.genesets.reading import UNSAID, Columns
from genearena.data.genesets.store import GeneSetStore, Statement

SECONDS = 60
"""How long a server may be silent."""


@dataclass(frozen=True)
class Download:
    """A file of gene sets that anyone may download and use.

    `sha256` is empty where it is not known, or a server gives its newest release. `member` is the
    file within a zip.
    """

    address: str
    species: str
    licence: str
    about: str
    sha256: str = ""
    member: str = ""
    columns: Columns = UNSAID


_MSIGDB = "https://data.broadinstitute.org/gsea-msigdb/msigdb/release"
_BROAD = "CC BY 4.0 (MSigDB, UC San Diego and Broad Institute)"

CATALOGUE: Mapping[str, Download] = {
    "hallmark": Download(
        f"{_MSIGDB}/2024.1.Hs/h.all.v2024.1.Hs.symbols.gmt",
        "human",
        _BROAD,
        "MSigDB hallmarks",
    ),
    "hallmark-mouse": Download(
        f"{_MSIGDB}/2024.1.Mm/mh.all.v2024.1.Mm.symbols.gmt",
        "mouse",
        _BROAD,
        "MSigDB hallmarks of the mouse",
    ),
    "go-bp": Download(
        f"{_MSIGDB}/2024.1.Hs/c5.go.bp.v2024.1.Hs.symbols.gmt",
        "human",
        "CC BY 4.0 (Gene Ontology, by MSigDB)",
        "Gene Ontology, biological processes",
    ),
    "go-bp-mouse": Download(
        f"{_MSIGDB}/2024.1.Mm/m5.go.bp.v2024.1.Mm.symbols.gmt",
        "mouse",
        "CC BY 4.0 (Gene Ontology, by MSigDB)",
        "Gene Ontology, biological processes of the mouse",
    ),
    "hpo": Download(
        f"{_MSIGDB}/2024.1.Hs/c5.hpo.v2024.1.Hs.symbols.gmt",
        "human",
        "HPO licence: free to use, cite the Human Phenotype Ontology (by MSigDB)",
        "Human Phenotype Ontology",
    ),
    "reactome": Download(
        "https://reactome.org/download/current/ReactomePathways.gmt.zip",
        "human",
        "CC0 1.0 (Reactome)",
        "Reactome pathways, newest release",
        member="ReactomePathways.gmt",
    ),
    "collectri": Download(
        "https://zenodo.org/records/8192729/files/CollecTRI_regulons.csv",
        "human",
        "CC BY 4.0 (CollecTRI)",
        "targets of transcription factors",
        sha256="4473c9189dd53dacc80297709ad1452dda1086a1cc2185f9a56146c261668701",
    ),
    "trrust": Download(
        "https://www.grnpedia.org/trrust/data/trrust_rawdata.human.tsv",
        "human",
        "CC BY-SA 4.0 (TRRUST v2)",
        "targets of transcription factors from texts",
    ),
    "trrust-mouse": Download(
        "https://www.grnpedia.org/trrust/data/trrust_rawdata.mouse.tsv",
        "mouse",
        "CC BY-SA 4.0 (TRRUST v2)",
        "targets of transcription factors from texts, mouse",
    ),
}


def known_download(name: str) -> Download:
    """Return the download of a name; UsageError if there is none."""
    if name not in CATALOGUE:
        raise UsageError(
            f"no download is called '{name}'; {did_you_mean(name, CATALOGUE)}; other files are "
            "added with 'bench genesets add'"
        )
    return CATALOGUE[name]


def fetch(store: GeneSetStore, name: str, download: Download, *, replace: bool = False) -> GeneSets:
    """Download gene sets and keep them under a name.

    A file comes to a place of its own, until it is whole and has its checksum, if that is known;
    whatever happens before leaves what was stored as it was.

    Raises
    ------
    UsageError
        If the name is taken and not to be replaced.
    StoreError
        If the file does not come, not whole, or with another checksum.
    DataError
        If it is no file of gene sets.
    """
    store.check_new(name, replace=replace)
    said = Statement(download.species, download.licence, download.address, columns=download.columns)
    with TemporaryDirectory() as folder:
        return store.add(_downloaded(download, Path(folder)), name, said, replace=replace)


def _downloaded(download: Download, folder: Path) -> Path:
    import pooch

    file = download.address.rpartition("/")[2].partition("?")[0] or "download"
    unpack = pooch.Unzip(members=[download.member]) if download.member else None
    pooch.get_logger().setLevel("ERROR")
    try:
        came = pooch.retrieve(
            download.address,
            known_hash=f"sha256:{download.sha256}" if download.sha256 else None,
            fname=file,
            path=folder,
            processor=unpack,
            downloader=pooch.HTTPDownloader(timeout=SECONDS),
        )
    except Exception as error:
        raise StoreError(
            f"'{download.address}' did not come whole ({first_line(error)}); nothing was changed: "
            "try again, or download it by other means and use 'bench genesets add'"
        ) from error
    return Path(came[0] if isinstance(came, list) else came)
