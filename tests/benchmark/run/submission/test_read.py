"""Files of gene vectors, whole, wrong and broken."""

import pickle
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse

from genearena.data.common.errors import DataError
from genearena.data.reading.gene_vectors import GeneVectors
from genearena.data.reading.vector_files import read_vectors

KINDS = ("h5ad", "npz", "csv")
TABLE = anndata.AnnData(
    np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32),
    obs=pd.DataFrame(
        {"dataset": ["a", "a", "a", "b", "b", "b"], "gene": ["NA", "x,1", 'q"', "Ü", "inf", "1"]},
        index=list("123456"),
    ),
    uns={"fingerprint": "f" * 64},
)


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory, write_vectors: Callable) -> dict[str, bytes]:
    """Return the content of one good file of each kind."""
    folder = tmp_path_factory.mktemp("valid")
    return {kind: write_vectors(folder / f"v.{kind}", TABLE).read_bytes() for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_read_alike(tmp_path: Path, valid: dict[str, bytes], kind: str):
    """Names that look like numbers or nothing stay names; float32 come back to the bit."""
    path = tmp_path / f"v.{kind.upper()}"
    path.write_bytes(valid[kind])
    table = read_vectors(path)
    assert table.dataset == tuple(TABLE.obs["dataset"])
    assert table.gene == tuple(TABLE.obs["gene"])
    np.testing.assert_array_equal(table.vectors, TABLE.X)
    assert table.vectors.dtype == np.float32
    assert table.fingerprint == ("" if kind == "csv" else "f" * 64)


@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12),
    keep=st.one_of(st.just(1.0), st.floats(0, 1)),
)
def test_mutated_files_give_only_our_errors(
    valid: dict[str, bytes], kind: str, changes: list[tuple[float, int]], keep: float
):
    """Changed bytes and cut ends give a sound table or one line that names the file."""
    content = bytearray(valid[kind])
    for place, value in changes:
        content[int(place * (len(content) - 1))] = value
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / f"v.{kind}"
        path.write_bytes(content[: int(keep * len(content))])
        check_outcome(path)
    finally:
        shutil.rmtree(folder)


def check_outcome(path: Path) -> None:
    """Fail unless the file is read soundly or refused in one line."""
    refused = ""
    try:
        table = read_vectors(path)
    except DataError as error:
        refused = str(error)
    if refused:
        assert path.name in refused
        assert "\n" not in refused
    else:
        assert isinstance(table, GeneVectors)
        assert np.isfinite(table.vectors).all()
        assert len(table.vectors) == len(table.gene) == len(table.dataset)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(text=st.text(max_size=200))
def test_any_text_as_csv(text: str):
    """Arbitrary text after a good heading is read or refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "v.csv"
        path.write_bytes(("dataset,gene,v0\n" + text).encode("utf-8", "surrogatepass"))
        check_outcome(path)


def test_pickles_are_never_loaded(tmp_path: Path):
    """An npz with an object array is refused before anything in it runs."""

    class Trap:
        def __reduce__(self) -> tuple:
            return (Path.touch, (tmp_path / "sprung",))

    names = np.array(["a", "b"])
    np.savez(tmp_path / "v.npz", dataset=names, gene=names, vectors=np.array([Trap(), 1], object))
    with pytest.raises(DataError, match="nothing is unpickled"):
        read_vectors(tmp_path / "v.npz")
    (tmp_path / "w.npz").write_bytes(pickle.dumps(Trap()))
    with pytest.raises(DataError, match=r"'w.npz' cannot be read"):
        read_vectors(tmp_path / "w.npz")
    assert not (tmp_path / "sprung").exists()


def test_a_swollen_archive_is_refused(tmp_path: Path):
    """What an npz unpacks to is measured before it is unpacked."""
    with zipfile.ZipFile(tmp_path / "v.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("vectors.npy", "w", force_zip64=True) as file:
            file.write(b"x")
        archive.infolist()[0].file_size = 5 * 2**30
    with pytest.raises(DataError, match="it declares 5 GiB of data in 1"):
        read_vectors(tmp_path / "v.npz")


def wrong_files() -> dict[str, tuple[Callable[[Path], object], str]]:
    """Return writers of files that are not gene vectors, and what is said of each."""
    names = np.array(["a", "b"])
    arrays = {"dataset": names, "gene": names, "vectors": np.ones((2, 3), np.float32)}

    def npz(**changes: object) -> Callable[[Path], object]:
        kept = {k: v for k, v in {**arrays, **changes}.items() if v is not None}
        return lambda path: np.savez(path, **kept)

    def h5ad(table: anndata.AnnData) -> Callable[[Path], object]:
        return lambda path: table.write_h5ad(path)

    thin = anndata.AnnData(sparse.csr_matrix(TABLE.X), obs=TABLE.obs)
    nameless = anndata.AnnData(TABLE.X, obs=TABLE.obs[["gene"]])
    return {
        "lacks.npz": (npz(gene=None), "it has no 'gene'"),
        "numbers.npz": (npz(gene=np.arange(2)), "'gene' is int64 of shape .*, want .* text"),
        "short.npz": (npz(gene=np.array(["a"])), "2 data set names for 1 genes"),
        "rows.npz": (npz(vectors=np.ones((3, 3))), "vectors have shape .3, 3., want one row"),
        "flat.npz": (npz(vectors=np.ones(2)), "vectors have shape .2,., want one row"),
        "none.npz": (npz(vectors=np.ones((2, 0))), "0 dimensions, want 1 to"),
        "wide.npz": (npz(vectors=np.ones((2, 20000))), "20000 dimensions, want 1 to"),
        "complex.npz": (npz(vectors=np.ones((2, 2), complex)), "complex128, want numbers"),
        "text.npz": (npz(vectors=np.full((2, 2), "x")), "want numbers"),
        "second.npz": (npz(new_donor=np.ones((1, 2))), "new_donor have shape"),
        "sparse.h5ad": (h5ad(thin), "'X' is sparse, want a dense array"),
        "column.h5ad": (h5ad(nameless), "it has no column 'dataset' in obs"),
        "empty.csv": (lambda path: path.write_text(""), "cannot be read as csv"),
        "heading.csv": (lambda path: path.write_text("dataset,gene,0\n"), "want one row for each"),
        "words.csv": (lambda path: path.write_text("dataset,gene,0\na,b,c\n"), "could not convert"),
        "gap.csv": (lambda path: path.write_text("dataset,gene,0\na,b,\n"), "could not convert"),
        "nan.csv": (lambda path: path.write_text("dataset,gene,0\na,b,nan\n"), "not finite"),
        "surplus.csv": (
            lambda path: path.write_text("dataset,gene,0\na,b,1,2\n"), "more fields than"
        ),
        "uneven.csv": (
            lambda path: path.write_text("dataset,gene,0\na,b,1\na,c,1,2\n"), "Expected 3 fields"
        ),
        "short.csv": (lambda path: path.write_text("dataset,gene,0\na,b\n"), "could not convert"),
        "any.pkl": (lambda path: path.write_text(""), "want one of .h5ad, .npz, .csv"),
    }  # fmt: skip


@pytest.mark.parametrize("name", wrong_files())
def test_wrong_files_are_refused_with_the_reason(tmp_path: Path, name: str):
    """Each way to be no table of gene vectors is told in one line."""
    write, message = wrong_files()[name]
    write(tmp_path / name)
    with pytest.raises(DataError, match=message) as refused:
        read_vectors(tmp_path / name)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("link", [h5py.ExternalLink("/etc/hostname", "/X"), h5py.SoftLink("/obs")])
def test_links_out_of_a_file_are_refused(
    tmp_path: Path, valid: dict[str, bytes], link: h5py.ExternalLink | h5py.SoftLink
):
    """An h5ad cannot make the reader open another file."""
    path = tmp_path / "v.h5ad"
    path.write_bytes(valid["h5ad"])
    with h5py.File(path, "r+") as file:
        del file["uns"]["fingerprint"]
        file["uns"]["fingerprint"] = link
    with pytest.raises(DataError, match="'fingerprint' is a link"):
        read_vectors(path)


def test_data_in_another_file_are_refused(tmp_path: Path, valid: dict[str, bytes]):
    """Nor can it place its numbers in another file."""
    path = tmp_path / "v.h5ad"
    path.write_bytes(valid["h5ad"])
    (tmp_path / "secret").write_bytes(bytes(72))
    with h5py.File(path, "r+") as file:
        del file["X"]
        file.create_dataset("X", (6, 3), "f4", external=[(str(tmp_path / "secret"), 0, 72)])
    with pytest.raises(DataError, match="lies in another file"):
        read_vectors(path)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    key=st.sampled_from(
        ["X", "obs", "obs/gene", "obs/dataset", "uns/fingerprint", "obsm/new_donor"]
    ),
    value=st.sampled_from(
        [
            0,
            b"x",
            "x",
            np.ones(3),
            np.ones((6, 3), "S4"),
            np.ones((6, 3), bool),
            {},
            np.ones((0, 0)),
        ]
    ),
    encoding=st.sampled_from(["", "array", "string-array", "categorical", "csr_matrix", "dict"]),
)
def test_h5ad_of_wrong_parts(valid: dict[str, bytes], key: str, value: object, encoding: str):
    """Any part may be of any type and call itself anything."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "v.h5ad"
        path.write_bytes(valid["h5ad"])
        with h5py.File(path, "r+") as file:
            if key in file:
                del file[key]
            if isinstance(value, dict):
                file.create_group(key)
            else:
                file[key] = value
            if encoding:
                file[key].attrs["encoding-type"] = encoding
                file[key].attrs["encoding-version"] = "0.2.0"
        check_outcome(path)
