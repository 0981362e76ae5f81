"""The vectors that tell scBERT's genes apart: of a text, of a checkpoint, or to be trained."""

import os
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from genearena.data.common.errors import DataError
from genearena.data.reading.formats.text import numbered_lines
from genearena.data.reading.formats.word2vec import word2vec_rows
from genearena.methods._scbert.checkpoint import POSITIONS, check_finite


class Table:
    """The vectors that tell genes apart, by name.

    Parameters
    ----------
    rows
        Gene -> its row.
    vectors
        (rows, width) trained along unless they are frozen.
    told
        What they are, for messages.
    """

    def __init__(self, rows: Mapping[str, int], vectors: nn.Embedding, told: str = "") -> None:
        self.rows, self.vectors, self.told = rows, vectors, told

    @classmethod
    def of_text(cls, path: Path, wanted: Container[str]) -> Self:
        """Read the vectors of wanted genes; DataError if a line cannot be read."""
        found: dict[str, npt.NDArray[np.float64]] = {}
        names: set[str] = set()
        with file_named(path, "positions"):
            for number, gene, vector in word2vec_rows(path):
                if gene in names:
                    raise DataError(f"line {number} has gene '{gene}' again; give each once")
                names.add(gene)
                if gene in wanted:
                    found[gene] = vector
            if not found:
                raise DataError(
                    f"none of its {len(names)} genes is in the task; use the same names"
                )
        rows = {gene: row for row, gene in enumerate(found)}
        vectors = torch.tensor(np.stack(list(found.values())), dtype=torch.float32)
        return cls(rows, _frozen(vectors), f"the {len(names)} genes of '{path}'")

    @classmethod
    def of_checkpoint(cls, state: Mapping[str, Tensor], order: Path) -> Self:
        """Take a checkpoint's own positions, of the genes that a text lists."""
        with file_named(order, "genes"):
            genes = [line.strip() for _, line in numbered_lines(order)]
            rows = {gene: row for row, gene in enumerate(genes)}
            if len(rows) < len(genes):
                raise DataError("it has a gene twice; give the checkpoint's order of genes")
            vectors = state.get(POSITIONS)
            if vectors is None or vectors.ndim != 2:
                raise DataError(
                    f"the checkpoint has no table '{POSITIONS}'; give positions instead"
                )
            check_finite(POSITIONS, vectors)
            # the last row is that of the token at the end
            if len(genes) != len(vectors) - 1:
                raise DataError(
                    f"it has {len(genes)} genes, want the checkpoint's {len(vectors) - 1}"
                )
        return cls(rows, _frozen(vectors.float()), f"the {len(genes)} genes of '{order}'")


@contextmanager
def file_named(path: os.PathLike[str], setting: str) -> Iterator[None]:
    """Say which file it is of which a DataError in the block tells."""
    try:
        yield
    except DataError as problem:
        raise DataError(f"scbert: {setting} '{os.fspath(path)}': {problem}") from problem


def _frozen(vectors: Tensor) -> nn.Embedding:
    rows, width = vectors.shape
    return nn.Embedding(rows, width, _weight=vectors).requires_grad_(False)
