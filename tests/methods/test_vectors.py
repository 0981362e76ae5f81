"""Vectors of a file are the same in every graph, and what was made of which file is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from genearena.benchmark.records.declared import declared_method
from genearena.data.common.errors import DataError, UsageError
from genearena.data.graphs import GraphCollection
from genearena.methods.vectors import Vectors


def frame(graphs: GraphCollection, leave_out: int = 3) -> pd.DataFrame:
    """Make vectors of all genes but the last few, and of two others."""
    genes = sorted({gene for graph in graphs for gene in graph.genes})
    names = [*genes[:-leave_out], "ELSE1", "ELSE2"]
    return pd.DataFrame(np.random.default_rng(0).normal(size=(len(names), 5)), names)


def hub(path: Path, vectors: pd.DataFrame) -> Path:
    """Write a folder as the Gene Embedding Hub has them."""
    path.mkdir()
    np.savez(path / "embeddings.npz", embeddings=vectors.to_numpy(np.float32))
    (path / "genes.tsv").write_text("\n".join(vectors.index) + "\n")
    (path / "metadata.json").write_text("{}")
    return path


def test_a_gene_has_the_vector_of_its_name_in_every_graph(graphs: GraphCollection, tmp_path: Path):
    """Those that the file lacks have zeros, of the file's length whatever dim says."""
    vectors = frame(graphs)
    vectors.to_csv(tmp_path / "made.csv")
    found = Vectors(file=tmp_path / "made.csv", dim=32).fit(graphs).embed()
    for graph, z in zip(graphs, found, strict=True):
        want = vectors.reindex(graph.genes).fillna(0).to_numpy(np.float32)
        np.testing.assert_array_equal(z, want)
    lacking = sum((~z.any(axis=1)).sum() for z in found)
    assert lacking == sum(gene not in vectors.index for graph in graphs for gene in graph.genes) > 0


def test_a_table_finds_genes_of_other_names(graphs: GraphCollection, tmp_path: Path):
    """A file of ids serves a task of symbols, as does one of previous symbols."""
    vectors = frame(graphs)
    ids = [f"ENSG{i:011d}" for i in range(len(vectors))]
    rows = "".join(f"{name}\tOLD{name}\t{i}\n" for name, i in zip(vectors.index, ids, strict=True))
    (tmp_path / "hgnc.tsv").write_text(f"symbol\tprev_symbol\tensembl_gene_id\n{rows}")
    vectors.to_csv(tmp_path / "symbols.csv")
    vectors.set_axis([f"{i}.3" for i in ids]).to_csv(tmp_path / "ids.csv")
    vectors.set_axis([f"Old{name}" for name in vectors.index]).to_csv(tmp_path / "old.csv")
    want = Vectors(file=tmp_path / "symbols.csv").fit(graphs).embed()
    for name in ("ids.csv", "old.csv"):
        with pytest.raises(DataError, match=rf"'{name}': none of its .* genes"):
            Vectors(file=tmp_path / name).fit(graphs)
        found = Vectors(file=tmp_path / name, table=tmp_path / "hgnc.tsv").fit(graphs).embed()
        for z, other in zip(found, want, strict=True):
            np.testing.assert_array_equal(z, other)


def test_a_file_that_was_changed_is_read_again(graphs: GraphCollection, tmp_path: Path):
    """What a worker keeps of the last file is known by what that held."""
    vectors = frame(graphs)
    path = tmp_path / "made.csv"
    vectors.to_csv(path)
    first = Vectors(file=path).fit(graphs).embed()[0]
    (vectors * 2).to_csv(path)
    np.testing.assert_allclose(Vectors(file=path).fit(graphs).embed()[0], first * 2, rtol=1e-6)


def test_a_folder_is_known_by_its_three_files(graphs: GraphCollection, tmp_path: Path):
    """Whatever it is called and whatever else lies in it."""
    folder = hub(tmp_path / "made", frame(graphs))

    def known(at: Path) -> str:
        return declared_method("vectors", changed={"file": str(at)}).params["file"]

    before = known(folder)
    (folder / "README").write_text("else")
    assert known(folder.rename(tmp_path / "moved")) == before
    folder = tmp_path / "moved"
    (folder / "metadata.json").write_text('{"name": "other"}')
    assert known(folder) != before
    assert Vectors(file=folder).fit(graphs).embed()[0].shape[1] == 5
    (folder / "genes.tsv").unlink()
    with pytest.raises(UsageError, match=r"vectors: file is .*\(the folder has no genes.tsv\)"):
        known(folder)


def test_the_row_says_that_it_was_trained_elsewhere(graphs: GraphCollection, tmp_path: Path):
    """By the file; another method takes no folder for one."""
    folder = hub(tmp_path / "made", frame(graphs))
    info = declared_method("vectors", changed={"file": str(folder)})
    assert info.trained_on == "the data behind its files (file)"
    assert info.files == {"file": str(folder)}
    with pytest.raises(UsageError, match=r"positions is .*, want a file .*no plain file"):
        declared_method("scbert", changed={"positions": str(folder)})


def test_without_a_file_or_a_gene_there_is_nothing(graphs: GraphCollection, tmp_path: Path):
    """The reason is one line."""
    assert Vectors().skip(graphs) == "it has no file; give vectors:FILE"
    with pytest.raises(DataError, match="it has no file"):
        Vectors().fit(graphs)
    with pytest.raises(UsageError, match=r"file is .*, want a file that can be read"):
        Vectors(file=tmp_path / "none.csv").fit(graphs)
    frame(graphs).to_csv(tmp_path / "made.csv")
    foreign = [replace(graph, genes=tuple(f"x{g}" for g in graph.genes)) for graph in graphs]
    with pytest.raises(
        DataError, match=r"'made.csv': none of its \d+ genes, such as .*vectors.tab"
    ):
        Vectors(file=tmp_path / "made.csv").fit(graphs.with_graphs(foreign))
