"""Files of vectors: what is written is read back, and read by anndata alike."""

import sys

import anndata
import h5py
import numpy as np
import pytest

from genearena.benchmark.records.embeddings import Embedding, column, encode, read_embedding
from genearena.data.common.errors import StoreError
from genearena.methods.example import example_graphs


@pytest.fixture
def written(tmp_path):
    """Write the vectors of a run; returns its graphs, them, and the file."""
    graphs = example_graphs()
    rng = np.random.default_rng(0)

    def noise():
        return tuple(rng.normal(size=(g.n_genes, 4)).astype(np.float32) for g in graphs)

    n_rows = sum(graph.n_genes for graph in graphs)
    left = Embedding(noise(), noise(), rng.integers(0, 12, n_rows), (3.0, 2.5))
    path = tmp_path / "run.h5ad"
    path.write_bytes(encode(graphs, left, {"method": "mine"}))
    return graphs, left, path


def test_what_is_written_is_read_back(written):
    """To the bit."""
    graphs, left, path = written
    found = read_embedding(path, graphs)
    for want, got in ((left.vectors, found.vectors), (left.new_donor, found.new_donor)):
        np.testing.assert_array_equal(np.concatenate(got), np.concatenate(want), strict=True)
    np.testing.assert_array_equal(found.clusters, left.clusters)
    assert found.losses == left.losses


def test_columns_are_those_that_anndata_reads(written):
    """As the suite writes them, and as anndata does: texts that repeat as categories."""
    graphs, left, path = written
    table = anndata.read_h5ad(path)
    for again in (False, True):
        if again:
            table.write_h5ad(path)
        with h5py.File(path) as file:
            assert isinstance(file["obs/cluster"], h5py.Group) is again
            for name in table.obs:
                assert column(file, name).tolist() == table.obs[name].tolist()
        np.testing.assert_array_equal(read_embedding(path, graphs).clusters, left.clusters)


def test_missing_categories_are_damage(written):
    """A code below 0 is none of the values."""
    graphs, _, path = written
    anndata.read_h5ad(path).write_h5ad(path)
    with h5py.File(path, "r+") as file:
        file["obs/cluster/codes"][3] = -1
    with pytest.raises(StoreError, match=r"it is no embedding file .*lacks values"):
        read_embedding(path, graphs)


def test_reading_takes_no_anndata(written, monkeypatch):
    """It takes longer to import than a gene's neighbours do to find."""
    graphs, _, path = written
    monkeypatch.setitem(sys.modules, "anndata", None)
    read_embedding(path, graphs)
