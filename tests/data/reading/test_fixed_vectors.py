"""Files of one vector per gene, as other programs write them, and as nobody should."""

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import anndata
import numpy as np
import pandas as pd
import pytest
from gensim.models import KeyedVectors
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.reading import vector_files
from genearena.data.reading.vector_files import read_fixed_vectors, read_vectors

GENES = ["TP53", "NA", "HLA-A", "1", "inf", "Ü"]
VECTORS = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
FRAME = pd.DataFrame(VECTORS, index=GENES, columns=[f"v{i}" for i in range(4)])


def gensim_text(path: Path, **options: bool) -> None:
    """Write as gensim does."""
    vectors = KeyedVectors(4)
    vectors.add_vectors(GENES, VECTORS)
    vectors.save_word2vec_format(path, binary=False, **options)


def hub(path: Path, heading: str = "", lines: list[str] = GENES) -> None:
    """Write a folder as the Gene Embedding Hub has them."""
    path.mkdir()
    np.savez_compressed(path / "embeddings.npz", embeddings=VECTORS, other=np.array([{}], object))
    text = "".join(f"{line}\n" for line in ([heading] if heading else []) + lines)
    (path / "genes.tsv").write_text(text)
    (path / "metadata.json").write_text(json.dumps({"name": "made up"}))


def h5ad(path: Path, **parts: object) -> None:
    """Write an AnnData of some parts."""
    anndata.AnnData(**parts).write_h5ad(path)


OBS, COLUMN = pd.DataFrame(index=GENES), pd.DataFrame({"gene": GENES}, index=list("abcdef"))
WRITERS: dict[str, Callable[[Path], object]] = {
    "header.txt": gensim_text,
    "bare.vec": lambda path: gensim_text(path, write_header=False),
    "packed.w2v.gz": gensim_text,  # which packs it
    "gene2vec.txt": lambda path: path.write_text(
        "".join(f"{g}\t{' '.join(map(str, v))} \n" for g, v in zip(GENES, VECTORS, strict=True))
    ),
    "index.csv": FRAME.to_csv,
    "named.csv": lambda path: FRAME.rename_axis("symbol").to_csv(path),
    "column.csv": lambda path: FRAME.assign(gene=GENES).to_csv(path, index=False),
    "plain.csv": lambda path: pd.DataFrame(VECTORS, index=GENES).to_csv(path),
    "packed.csv.gz": lambda path: FRAME.to_csv(path, compression="gzip"),
    "tabs.tsv": lambda path: FRAME.to_csv(path, sep="\t"),
    "index.parquet": FRAME.to_parquet,
    "column.parquet": lambda path: FRAME.assign(gene=GENES).reset_index(drop=True).to_parquet(path),
    "first.parquet": lambda path: FRAME.reset_index(names="symbol").to_parquet(path, index=False),
    "category.parquet": lambda path: FRAME.assign(gene=pd.Categorical(GENES)).to_parquet(
        path, index=False
    ),
    "arrays.npz": lambda path: np.savez(path, gene=np.array(GENES), vectors=VECTORS),
    "plural.npz": lambda path: np.savez(path, genes=np.array(GENES), embeddings=VECTORS),
    "double.npz": lambda path: np.savez(
        path, gene=np.array(GENES), vectors=VECTORS.astype(np.float64)
    ),
    "x.h5ad": lambda path: h5ad(path, X=VECTORS, obs=OBS, obsm={"X_umap": VECTORS[:, :2]}),
    "column.h5ad": lambda path: h5ad(path, X=VECTORS, obs=COLUMN),
    "obsm.h5ad": lambda path: h5ad(path, obs=OBS, obsm={"X_scgpt": VECTORS}),
    "varm.h5ad": lambda path: h5ad(path, var=OBS, varm={"gene_vectors": VECTORS}),
    "hub": hub,
    "hub heading": lambda path: hub(path, "gene_name"),
    "hub ids.v1": lambda path: hub(
        path, "ensembl_id\tsymbol", [f"ENSG{i:011d}\t{gene}" for i, gene in enumerate(GENES)]
    ),
}


@pytest.mark.parametrize("name", WRITERS)
def test_what_others_write_is_read(tmp_path: Path, name: str):
    """Names that look like numbers or nothing stay names; numbers come back to the bit."""
    WRITERS[name](tmp_path / name)
    table = read_fixed_vectors(tmp_path / name)
    assert list(table.gene) == GENES
    assert table.vectors.dtype == np.float32
    np.testing.assert_array_equal(table.vectors, VECTORS)
    assert table.dataset == ()


def npz(**changes: object) -> Callable[[Path], object]:
    """Return a writer of an npz with some arrays changed, or left out."""
    arrays = {"gene": np.array(["a", "b"]), "vectors": np.ones((2, 3)), **changes}
    return lambda path: np.savez(path, **{k: v for k, v in arrays.items() if v is not None})


def text(content: str) -> Callable[[Path], object]:
    """Return a writer of a text."""
    return lambda path: path.write_text(content)


def hub_but(change: Callable[[Path], object]) -> Callable[[Path], object]:
    """Return a writer of a folder in which something is changed."""

    def write(path: Path) -> None:
        hub(path)
        change(path)

    return write


THIN = sparse.csr_matrix(VECTORS)
WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "none.txt": (lambda path: None, "there is no file '.*none.txt'; give one of gene vectors"),
    "any.bin": (text(""), "'any.bin' is of no known kind; want one of .txt, .vec"),
    "any.npz.gz": (text(""), "is of no known kind"),
    "empty.txt": (text(""), "it has no line with a gene and numbers"),
    "header.txt": (text("2 3\n"), "announces 2 vectors of length 3, it has 0"),
    "cut.txt": (text("3 2\nA 1 2\nB 1 2\n"), "announces 3 vectors of length 2, it has 2 of 2"),
    "wider.txt": (text("1 2\nA 1 2 3\n"), "line 2 has 3 numbers, want 2"),
    "ragged.txt": (text("A 1 2\nB 1\n"), "line 2 has 1 numbers, want 2"),
    "endless.txt": (text("9" * 5000 + " 2\nA 1 2\n"), "line 2 has 2 numbers, want 1"),
    "nan.txt": (text("A 1 2\nB nan 1\n"), "line 2 has a value that is not finite"),
    "inf.txt": (text("A 1 2\nB inf 1\n"), "line 2 has a value that is not finite"),
    "large.txt": (text("A 1 2\nB 1e200 1\n"), "vectors are not finite in row 2"),
    "words.txt": (text("A 1 2\nB one 1\n"), "line 2 has no numbers after its gene"),
    "binary.txt": (lambda path: path.write_bytes(bytes(range(256))), "cannot be read"),
    "wide.txt": (text("A" + " 1" * 16_385 + "\n"), "line 1 has more than 16384 numbers"),
    "empty.csv": (text(""), "cannot be read as csv"),
    "bare.csv": (text("A,0.5,1\nB,1,2\n"), "its first line holds numbers such as '0.5'"),
    "ragged.csv": (text("gene,x,y\nA,1,2\nB,1,2,3\n"), "Expected 3 fields"),
    "gap.csv": (text("gene,x,y\nA,1,2\nB,1,\n"), "could not convert"),
    "nan.csv": (text("gene,x,y\nA,1,2\nB,1,nan\n"), "not finite in row 2"),
    "dataset.csv": (text("dataset,gene,x\na,A,1\n"), "'dataset' for each row; 'bench submit' t"),
    "narrow.csv": (text("gene\nA\n"), "0 dimensions, want 1 to"),
    "words.parquet": (
        FRAME.assign(what="word").to_parquet, "column 'what' is of type .*string, want numbers"
    ),
    "nested.parquet": (
        pd.DataFrame({"gene": GENES, "vector": list(VECTORS)}).to_parquet, "one a column"
    ),
    "any.parquet": (text("PAR1"), "cannot be read as parquet"),
    "lacks.npz": (npz(gene=None), "it has no 'gene'; want gene, vectors"),
    "no.npz": (npz(vectors=None), "it has no 'vectors'"),
    "dataset.npz": (npz(dataset=np.array(["a", "b"])), "'bench submit' takes such vectors"),
    "short.npz": (npz(gene=np.array(["a"])), "want one row for each of 1 genes"),
    "hub.npz": (npz(gene=None, vectors=None, embeddings=VECTORS), "give the folder"),
    "objects.npz": (npz(vectors=np.array([{}, 1], object)), "nothing is unpickled"),
    "names.npz": (npz(gene=np.array(["a", None], object)), "nothing is unpickled"),
    "sparse.h5ad": (lambda path: h5ad(path, X=THIN, obs=OBS), "'X' is sparse"),
    "none.h5ad": (lambda path: h5ad(path, obs=OBS), "in obsm and varm nothing, want one array"),
    "two.h5ad": (
        lambda path: h5ad(path, obs=OBS, obsm={"a": VECTORS, "b": VECTORS}),
        r"2 arrays \(obsm/a, obsm/b\), want one",
    ),
    "dataset.h5ad": (
        lambda path: h5ad(path, X=VECTORS, obs=OBS.assign(dataset="a")), "'bench submit' takes"
    ),
    "no genes": (hub_but(lambda at: (at / "genes.tsv").unlink()), "no file 'genes.tsv'; want"),
    "no vectors": (hub_but(lambda at: (at / "embeddings.npz").unlink()), "'embeddings.npz'"),
    "no metadata": (hub_but(lambda at: (at / "metadata.json").unlink()), "'metadata.json'"),
    "other key": (
        hub_but(lambda at: np.savez(at / "embeddings.npz", vectors=VECTORS)), "has no 'embeddings'"
    ),
    "fewer genes": (
        hub_but(lambda at: (at / "genes.tsv").write_text("TP53\n")), "has 1 lines, want .* 6 rows"
    ),
    "bad metadata": (
        hub_but(lambda at: (at / "metadata.json").write_text("{")), "a folder of the Gene Embedding"
    ),
    "list metadata": (hub_but(lambda at: (at / "metadata.json").write_text("[]")), "holds a list"),
    "pickled": (
        hub_but(lambda at: np.savez(at / "embeddings.npz", embeddings=np.array([{}], object))),
        "nothing is unpickled",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_such_file_is_refused_in_one_line(tmp_path: Path, name: str):
    """The line names the file and says what it has, and what it should have."""
    write, message = WRONG[name]
    write(tmp_path / name)
    with pytest.raises(DataError, match=message) as refused:
        read_fixed_vectors(tmp_path / name)
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_too_large_a_file_is_refused_before_it_is_read(tmp_path: Path, monkeypatch):
    """By its size alone."""
    gensim_text(tmp_path / "v.txt")
    monkeypatch.setattr(vector_files, "MOST_BYTES", 100)
    with pytest.raises(DataError, match=r"'v.txt' holds \d+ bytes, want at most 100 bytes"):
        read_fixed_vectors(tmp_path / "v.txt")


def test_nothing_is_unpickled(tmp_path: Path):
    """Neither of an npz nor of a pickle called so."""

    class Trap:
        def __reduce__(self) -> tuple:
            return (Path.touch, (tmp_path / "sprung",))

    np.savez(tmp_path / "v.npz", gene=np.array(["a", "b"]), vectors=np.array([Trap(), 1], object))
    (tmp_path / "w.npz").write_bytes(pickle.dumps(Trap()))
    for name in ("v.npz", "w.npz"):
        with pytest.raises(DataError, match=name):
            read_fixed_vectors(tmp_path / name)
    assert not (tmp_path / "sprung").exists()


def test_a_submission_may_be_parquet_or_tabs(tmp_path: Path):
    """The same readers, with a column of data sets."""
    frame = FRAME.assign(gene=GENES, dataset=["a", "b"] * 3)
    frame.to_parquet(tmp_path / "v.parquet")
    frame.to_csv(tmp_path / "v.tsv", sep="\t", index=False)
    frame.drop(columns="dataset").to_parquet(tmp_path / "w.parquet", index=False)
    for name in ("v.tsv", "v.parquet"):
        table = read_vectors(tmp_path / name)
        assert (list(table.gene), table.dataset) == (GENES, ("a", "b") * 3)
        np.testing.assert_array_equal(table.vectors, VECTORS)
    with pytest.raises(DataError, match="it has no 'dataset'; want dataset, gene"):
        read_vectors(tmp_path / "w.parquet")
