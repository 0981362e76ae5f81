"""Vectors of genes that were made elsewhere, the same in every graph."""

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np

from genearena.data.common.canonical import InputFile
from genearena.data.common.errors import DataError
from genearena.data.graphs import GraphCollection
from genearena.data.reading.formats.embedding_hub import HUB
from genearena.data.reading.gene_matching import Matching, match
from genearena.data.reading.gene_vectors import GeneVectors
from genearena.data.reading.synonyms import Synonyms
from genearena.data.reading.vector_files import read_fixed_vectors
from genearena.methods.base import Method
from genearena.methods.settings import File, VectorFile, with_settings


@with_settings
class Vectors(Method):
    """Give every gene the vector that a file has for its name.

    They are published ones, such as Gene2vec's, GenePT's or scGPT's. A gene has the same vector in
    every graph, so that nothing tells donors apart, and genes that the file does not have get none.
    Which gene a name of the file is, `gene_matching.match` says. No graph is read, and nothing
    learned: what the file's vectors were trained on may be the very cells of a task.

    Parameters
    ----------
    dim
        Not used: vectors are as long as the file's.
    seed
        Not used.
    file
        Text as word2vec and gensim write it (.txt, .vec, .w2v), .csv, .tsv, .npz, .parquet, .h5ad,
        or a folder of the Gene Embedding Hub; see `read_fixed_vectors`.
    table
        Names of genes, as 'bench data add --gene-names' takes them: HGNC's table of symbols,
        previous symbols, aliases and Ensembl ids, or any with some of these columns.
    """

    name = "vectors"
    reduces = False
    seeded = False
    equivariant = True
    needs = frozenset()

    file: VectorFile | None = None
    table: File | None = None

    def skip(self, graphs: GraphCollection) -> str | None:  # noqa: ARG002 - asked of any task
        """Return that there is no file, if so."""
        return None if self.file is not None else "it has no file; give vectors:FILE"

    def fit(self, graphs: GraphCollection) -> Self:
        """Look the genes of all graphs up.

        Raises
        ------
        UsageError
            If a file is missing.
        DataError
            If a file cannot be used, or has no gene of the graphs.
        """
        self._check_settings()
        if self.file is None:
            raise DataError(f"vectors: {self.skip(graphs)}")
        names = [gene for graph in graphs for gene in graph.genes]
        vectors, matching = matched(self.file, self.table, names)
        # the last row is that of genes without one
        padded = np.vstack([vectors.vectors, np.zeros_like(vectors.vectors[:1])])
        self.vectors_ = [
            padded[[matching.rows.get(gene, -1) for gene in graph.genes]] for graph in graphs
        ]
        return self


def matched(
    file: str | os.PathLike[str], table: str | os.PathLike[str] | None, names: Sequence[str]
) -> tuple[GeneVectors, Matching]:
    """Return the vectors of a file, and which of them are those of some genes.

    Raises
    ------
    DataError
        If the file or the table cannot be used, or the file has none of the genes.
    """
    vectors = _vectors(_as_file(file, HUB))
    synonyms = Synonyms() if table is None else _synonyms(_as_file(table))
    try:
        return vectors, match(vectors, names, synonyms)
    except DataError as problem:
        raise DataError(f"'{Path(file).name}': {problem}") from problem


def _as_file(path: str | os.PathLike[str], parts: Sequence[str] = ()) -> InputFile:
    if isinstance(path, InputFile):
        return path
    try:
        return InputFile.at(Path(path), parts)
    except OSError as error:
        raise DataError(f"cannot read '{path}' ({error.strerror})") from error


# a worker repeats one method over seeds, each of which is two trainings
@lru_cache(maxsize=1)
def _vectors(file: InputFile) -> GeneVectors:
    return read_fixed_vectors(file.path)


@lru_cache(maxsize=1)
def _synonyms(table: InputFile) -> Synonyms:
    return Synonyms.read(table.path)
