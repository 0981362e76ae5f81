"""Sound files of every kind the suite reads, small enough to be read thousands of times."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
from scipy import io as scipy_io
from scipy import sparse

from genearena.benchmark.records.embeddings import Embedding, encode
from genearena.benchmark.records.record import MethodInfo, MetricResult
from genearena.benchmark.records.seal import sealed
from genearena.benchmark.run.evaluation.evaluate import Outcome
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.runner import make_record
from genearena.data.build import build_graph
from genearena.data.cards.stored_card import Origin
from genearena.data.graphs import GraphCollection
from genearena.data.options import BuildOptions
from genearena.data.reading.counts import CountMatrix
from genearena.data.store import Store
from genearena.data.tasks import find_task, load_task
from genearena.methods._nn.performer import Performer, Sizes
from genearena.methods._scbert.checkpoint import published_name

GENES = tuple(f"GENE{i}" for i in range(12))
CELLS = tuple(f"CELL{i}-1" for i in range(24))
TISSUE, SOURCE = "lung", "own"


def counts() -> np.ndarray:
    """Return (cells, genes) counts of three programmes."""
    rng = np.random.default_rng(0)
    return rng.poisson(rng.gamma(2, 2, (len(CELLS), 3))[:, np.arange(len(GENES)) % 3])


def table() -> anndata.AnnData:
    """Return the counts of two donors."""
    adata = anndata.AnnData(sparse.csr_matrix(counts().astype(np.float32)))
    adata.var_names, adata.obs_names = list(GENES), list(CELLS)
    adata.obs["donor"] = pd.Categorical(["a", "b"] * 12)
    adata.obs["depth"] = np.arange(24.0)
    adata.var["name"] = [f"SYMBOL{i}" for i in range(len(GENES))]
    adata.layers["more"] = adata.X.tocsc()
    adata.raw = adata.copy()
    adata.obsm["spatial"] = np.arange(48.0).reshape(24, 2)
    adata.uns["about"] = {"text": "made up", "numbers": np.arange(3)}
    return adata


def h5ad() -> bytes:
    """Return the table as h5ad."""
    return _hdf5(lambda file: anndata.io.write_elem(file, "/", table()))


def tenx_h5() -> bytes:
    """Return the table as Cell Ranger writes it."""

    def write(file: h5py.File) -> None:
        matrix = sparse.csr_matrix(counts()).astype(np.int32)
        group = file.create_group("matrix")
        group["barcodes"] = np.array(CELLS, dtype="S")
        for part in ("data", "indices", "indptr"):
            group.create_dataset(part, data=getattr(matrix, part), chunks=(8,), compression="gzip")
        group["shape"] = np.array(matrix.shape[::-1], dtype=np.int32)
        features = group.create_group("features")
        for name, values in (("id", GENES), ("name", GENES)):
            features[name] = np.array(values, dtype="S")
        features["feature_type"] = np.array(["Gene Expression"] * len(GENES), dtype="S")
        features["genome"] = np.array(["made-up"] * len(GENES), dtype="S")

    return _hdf5(write)


def loom() -> bytes:
    """Return the table as loom."""

    def write(file: h5py.File) -> None:
        file["matrix"] = counts().T.astype(np.float32)
        file.create_group("layers")
        file.create_group("attrs")["LOOM_SPEC_VERSION"] = "3.0.0"
        file.create_group("row_attrs")["Gene"] = list(GENES)
        file.create_group("col_attrs")["CellID"] = list(CELLS)
        for axis in ("row_graphs", "col_graphs"):
            file.create_group(axis)

    return _hdf5(write)


def csv() -> bytes:
    """Return the counts as csv with a column of donors."""
    frame = pd.DataFrame(counts(), index=list(CELLS), columns=list(GENES))
    frame.insert(2, "donor", ["a", "b"] * 12)
    return frame.to_csv().encode()


def matrix() -> bytes:
    """Return the counts as a gzipped Matrix Market file, genes in rows."""
    buffer = io.BytesIO()
    scipy_io.mmwrite(buffer, sparse.coo_matrix(counts().T))
    return _packed(buffer.getvalue())


def names(kind: str) -> bytes:
    """Return the barcodes or features beside it."""
    features = (f"ENS{gene}\t{gene}\tGene Expression" for gene in GENES)
    return _packed(_lines(*(CELLS if kind == "barcodes" else features)))


def cells_x_genes() -> dict[str, bytes]:
    """Return the counts as kallisto bustools writes them, cells in rows, by suffix."""
    buffer = io.BytesIO()
    scipy_io.mmwrite(buffer, sparse.coo_matrix(counts()))
    return {
        "mtx": buffer.getvalue(),
        "barcodes.txt": _lines(*CELLS),
        "genes.txt": _lines(*(f"ENS{gene}" for gene in GENES)),
        "genes.names.txt": _lines(*GENES),
    }


def parquet_positions() -> bytes:
    """Return the places of spots as Space Ranger writes them for Visium HD."""
    return bytes(pd.read_csv(io.BytesIO(positions())).to_parquet())


def positions() -> bytes:
    """Return the places of spots as Space Ranger writes them."""
    head = "barcode,in_tissue,array_row,array_col,pxl_row_in_fullres,pxl_col_in_fullres"
    return _lines(head, *(f"{c},1,{i},{i},{i * 9},{i * 7}" for i, c in enumerate(CELLS)))


def fragments() -> bytes:
    """Return scATAC fragments over the genes of `gtf`."""
    rows = (f"chr1\t{100 + 37 * i}\t{180 + 37 * i}\t{CELLS[i % 24]}\t1" for i in range(150))
    return _packed(_lines("# made up", *rows))


def gtf() -> bytes:
    """Return genes of one chromosome."""
    about = 'gene_id "E{0}"; gene_name "GENE{0}"; gene_type "protein_coding";'
    rows = (
        f"chr1\tx\tgene\t{1 + 500 * i}\t{400 + 500 * i}\t.\t{'+-'[i % 2]}\t.\t{about.format(i)}"
        for i in range(len(GENES))
    )
    return _lines("# made up", *rows)


def exons() -> bytes:
    """Return the same genes as their exons, kinds in the second column."""
    return gtf().replace(b"\tx\tgene", b"\tprotein_coding\texon")


def barcodes() -> bytes:
    """Return cells of a fragment file and their donors."""
    return _lines("barcode,donor", *(f"{cell},{'ab'[i % 2]}" for i, cell in enumerate(CELLS)))


def names_of_genes() -> bytes:
    """Return names of the genes in two species, as BioMart lists homologues."""
    rows = (f"ENSG{i:011d}\t{g}\tENSMUSG{i:011d}\tMouse{i}" for i, g in enumerate(GENES))
    return _lines("Gene stable ID\tGene name\tMouse gene stable ID\tMouse gene name", *rows)


def store_graphs(folder: Path) -> None:
    """Store two graphs as a data set."""
    graphs = []
    for name, cells in (("a", slice(0, None, 2)), ("b", slice(1, None, 2))):
        kept = sparse.csr_array(counts()[cells].astype(np.int32))
        own = CountMatrix(name, TISSUE, "scrna", "human", GENES, kept)
        graphs.append(build_graph(own, BuildOptions(n_genes=len(GENES), alpha=0.5)))
    Store(folder).add(TISSUE, SOURCE, graphs, Origin(file="made-up.h5ad", notes=("made up",)))


def embedding(graphs: GraphCollection) -> Embedding:
    """Return made-up vectors of every gene."""
    rng = np.random.default_rng(1)
    drawn, again = (
        tuple(rng.normal(size=(g.n_genes, 4)).astype(np.float32) for g in graphs) for _ in range(2)
    )
    return Embedding(drawn, again, np.arange(graphs.n_rows) % 3, (3.0, 2.0, 1.0))


def run_files(data_dir: Path) -> tuple[str, bytes, bytes]:
    """Return the id, the record and the vectors of a run."""
    task = find_task(TISSUE, source=SOURCE, folder=data_dir)
    graphs = load_task(TISSUE, source=SOURCE, folder=data_dir)
    method = MethodInfo(
        name="mine", version="1", params={"dim": 4, "deep": {"x": [1, 2.5, "y"]}}, control=False,
        origin="suite", trained_on="nothing", needs=("graph",), deterministic=True,
    )  # fmt: skip
    job = Job(task, method, 3, "fast", ())
    kept = embedding(graphs)
    metrics = {
        "asw": MetricResult(label="ASW", value=0.5, scored=True),
        "retrieval": MetricResult(label="MRR", value=0.25, flag="few genes"),
    }
    outcome = Outcome("ok", metrics=metrics, gene_coverage=1.0)
    record = sealed(make_record(job, outcome))
    about: dict[str, str | int] = {"run_id": record.run_id, "seed": 3}
    return job.run_id, record.model_dump_json(indent=1).encode(), encode(graphs, kept, about)


def submission(graphs: GraphCollection, suffix: str) -> bytes:
    """Return gene vectors as someone may hand them in."""
    obs = pd.DataFrame(
        {
            "dataset": np.repeat(graphs.names, [g.n_genes for g in graphs]),
            "gene": [gene for graph in graphs for gene in graph.genes],
        }
    ).astype(str)
    obs.index = obs.index.astype(str)
    vectors = np.concatenate(embedding(graphs).vectors)
    if suffix == "csv":
        return (
            pd.concat([obs.reset_index(drop=True), pd.DataFrame(vectors)], axis=1)
            .to_csv(index=False)
            .encode()
        )
    if suffix == "npz":
        texts = {c: obs[c].to_numpy(dtype=str) for c in obs}
        return _npz(vectors=vectors, new_donor=vectors, fingerprint=np.array("ab"), **texts)
    made = anndata.AnnData(vectors, obs=obs, obsm={"new_donor": vectors}, uns={"fingerprint": "ab"})
    return _hdf5(lambda file: anndata.io.write_elem(file, "/", made))


def fixed_vectors(suffix: str) -> bytes:
    """Return one vector for each gene, as a file of some kind."""
    vectors = np.random.default_rng(2).normal(size=(len(GENES), 4)).astype(np.float32)
    frame = pd.DataFrame(vectors, list(GENES), [f"v{i}" for i in range(4)])
    if suffix == "txt":
        rows = (
            f"{gene} {' '.join(map(str, row))}" for gene, row in zip(GENES, vectors, strict=True)
        )
        return _lines(f"{len(GENES)} 4", *rows)
    if suffix == "tsv":
        return bytes(frame.to_csv(sep="\t").encode())
    if suffix == "parquet":
        return bytes(frame.to_parquet())
    if suffix == "npz":
        return _npz(gene=np.array(GENES), vectors=vectors)
    made = anndata.AnnData(obs=frame[[]], obsm={"X_made": vectors})
    return _hdf5(lambda file: anndata.io.write_elem(file, "/", made))


def hub() -> dict[str, bytes]:
    """Return the files of a folder of the Gene Embedding Hub."""
    vectors = np.random.default_rng(2).normal(size=(len(GENES), 4)).astype(np.float32)
    return {
        "embeddings.npz": _npz(embeddings=vectors),
        "genes.tsv": _lines("symbol\tkind", *(f"{gene}\tcoding" for gene in GENES)),
        "metadata.json": b'{"name": "made up", "dim": 4}',
    }


def synonyms() -> bytes:
    """Return names of the genes as HGNC has them."""
    rows = (f"{g}\tOLD{i}|WAS{i}\t\tENSG{i:011d}" for i, g in enumerate(GENES))
    return _lines("symbol\tprev_symbol\talias_symbol\tensembl_gene_id", *rows)


def checkpoint() -> bytes:
    """Return a small network under the published names, with positions of the genes."""
    import torch

    network = Performer(Sizes(4, 1, 1, 4, 3), torch.Generator().manual_seed(0))
    state = {published_name(name): array for name, array in network.state_dict().items()}
    state["pos_emb.emb.weight"] = torch.ones(len(GENES) + 1, 4)
    buffer = io.BytesIO()
    torch.save({"epoch": 3, "model_state_dict": state}, buffer)
    return buffer.getvalue()


def _npz(**arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def _lines(*rows: str) -> bytes:
    return "".join(f"{row}\n" for row in rows).encode()


def _packed(data: bytes) -> bytes:
    return gzip.compress(data, 1, mtime=0)


def _hdf5(write: Callable[[h5py.File], object]) -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        write(file)
    return buffer.getvalue()
