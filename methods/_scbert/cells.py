"""The cells of a graph as scBERT reads them: bins of counts, some of them hidden."""

import numpy as np
import numpy.typing as npt
import torch
from scipy import sparse
from torch import Tensor
from torch.nn.functional import cross_entropy

from genearena.data.common.errors import DataError
from genearena.data.graphs import FloatArray, GeneGraph
from genearena.methods._nn.performer import LEVELS, MASK, Performer
from genearena.methods._scbert.positions import Table

TOKENS_AT_ONCE = 2**14
"""Genes of cells that pass the network together; it bounds memory and changes no result."""
CHOSEN, HIDDEN = 0.15, 0.9
"""Share of the tokens that are to be told, and of these that the network does not see."""


class Cells:
    """The cells of a graph as the network takes them: bins of the genes that have a position."""

    def __init__(self, graph: GeneGraph, table: Table, depth: float, device: torch.device) -> None:
        rows = [table.rows.get(gene, -1) for gene in graph.genes]
        self.n_genes, self.device, self.table = graph.n_genes, device, table.vectors
        self.known = np.flatnonzero(np.array(rows) >= 0)
        if not self.known.size:
            raise DataError(
                f"scbert: no gene of graph '{graph.name}' is among {table.told}; use the same names"
            )
        self.rows = torch.tensor(rows, device=device)[self.known]
        assert graph.counts is not None  # noqa: S101 - else skipped
        self.bins = torch.from_numpy(binned(graph.counts, depth)[:, self.known]).to(device)

    def batches(self, size: int, draws: torch.Generator) -> tuple[Tensor, ...]:
        """Return the rows of cells in a new order, in parts of a size."""
        return torch.split(torch.randperm(len(self.bins), generator=draws), size)

    def backward(self, network: Performer, part: Tensor, draws: torch.Generator) -> float:
        """Add the gradients of the mean loss over the chosen tokens of some cells; return it."""
        tokens = self.bins[part.to(self.device)].long()
        shown, chosen = (each.to(self.device) for each in masked(tokens.cpu(), draws))
        n_chosen = max(int(chosen.sum()), 1)
        total = 0.0
        parts = (torch.split(each, self._at_once) for each in (tokens, chosen, shown))
        for whole, wanted, seen in zip(*parts, strict=True):
            encoded = network(seen, self.table(self.rows))[wanted]
            answers = network.to_tokens(encoded)
            loss = cross_entropy(answers, whole[wanted], reduction="sum") / n_chosen
            torch.autograd.backward(loss)
            total += float(loss.detach())
        return total

    def mean_encodings(self, network: Performer) -> FloatArray:
        """Return the (known genes, width) means of the encodings over all cells."""
        with torch.no_grad():
            positions = self.table(self.rows)
            total = torch.zeros(positions.shape, dtype=torch.float64, device=self.device)
            for some in torch.split(self.bins, self._at_once):
                total += network(some.long(), positions).sum(dim=0)
        mean: FloatArray = (total / len(self.bins)).float().cpu().numpy()
        return mean

    def in_graph(self, vectors: FloatArray) -> FloatArray:
        """Return the vectors at the places of their genes, zeros at those of others."""
        found = np.zeros((self.n_genes, vectors.shape[1]), dtype=np.float32)
        found[self.known] = vectors
        return found

    @property
    def _at_once(self) -> int:
        return max(TOKENS_AT_ONCE // len(self.rows), 1)


def binned(counts: sparse.csr_array, depth: float) -> npt.NDArray[np.uint8]:
    """Return the (cells, genes) bins of (genes, cells) counts: ⌊log2(1 + count)⌋, at most 5.

    The counts of a cell are scaled to add up to `depth`.
    """
    dense = counts.toarray().T.astype(np.float64)
    totals = dense.sum(axis=1, keepdims=True)
    bins = np.floor(np.log2(1 + dense * (depth / np.maximum(totals, 1))))
    clipped: npt.NDArray[np.uint8] = np.minimum(bins, LEVELS).astype(np.uint8)
    return clipped


def masked(tokens: Tensor, draws: torch.Generator) -> tuple[Tensor, Tensor]:
    """Choose 15 % of every cell's tokens that are not 0, rounded up, and hide most of them.

    Parameters
    ----------
    tokens
        (cells, genes) tokens.
    draws
        Where the choice comes from.

    Returns
    -------
    The tokens that the network sees, and truth values of those it is to tell, both (cells, genes).
    """
    scores = torch.rand(tokens.shape, generator=draws).masked_fill(tokens == 0, 2.0)
    wanted = ((tokens > 0).sum(dim=1, keepdim=True) * CHOSEN).ceil()
    chosen = scores.argsort(dim=1).argsort(dim=1) < wanted
    hidden = chosen & (torch.rand(tokens.shape, generator=draws) < HIDDEN)
    return tokens.masked_fill(hidden, MASK), chosen
