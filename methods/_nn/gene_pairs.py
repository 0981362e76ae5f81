"""Which genes two graphs share, which only one has, and how alike their neighbourhoods are."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import torch
from torch import Tensor

from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection, IntArray


@dataclass(frozen=True, eq=False)
class GenePairs:
    """Genes of graph i set against those of graph j.

    Parameters
    ----------
    common_i, common_j
        (m,) rows of the common genes in either graph, in the same order.
    overlap
        (m,) Jaccard index of each common gene's neighbourhoods.
    private_i, private_j
        Rows of the genes the other graph does not have, on the CPU.
    """

    common_i: Tensor
    common_j: Tensor
    overlap: Tensor
    private_i: Tensor
    private_j: Tensor

    def swapped(self) -> "GenePairs":
        """Return the same with i and j exchanged."""
        return GenePairs(self.common_j, self.common_i, self.overlap, self.private_j, self.private_i)


def all_pairs(
    graphs: GraphCollection, device: torch.device, *, looped: bool = False
) -> dict[tuple[int, int], GenePairs]:
    """Return the gene pairs of every ordered pair of different graphs, by their positions.

    Where `looped`, every gene counts as a neighbour of itself.
    """
    found: dict[tuple[int, int], GenePairs] = {}
    for i, j in combinations(range(len(graphs)), 2):
        found[i, j] = gene_pairs(graphs[i], graphs[j], device, looped=looped)
        found[j, i] = found[i, j].swapped()
    return found


def gene_pairs(
    first: GeneGraph, second: GeneGraph, device: torch.device, *, looped: bool = False
) -> GenePairs:
    """Return the common and private genes of two graphs."""
    common = [gene for gene in first.genes if gene in second.index]
    rows = np.array([first.index[gene] for gene in common], dtype=np.int64)
    others = np.array([second.index[gene] for gene in common], dtype=np.int64)
    return GenePairs(
        torch.from_numpy(rows).to(device),
        torch.from_numpy(others).to(device),
        torch.from_numpy(neighbour_overlap(first, second, rows, others, looped=looped)).to(device),
        torch.from_numpy(np.setdiff1d(np.arange(first.n_genes), rows)),
        torch.from_numpy(np.setdiff1d(np.arange(second.n_genes), others)),
    )


def neighbour_overlap(
    first: GeneGraph,
    second: GeneGraph,
    rows: IntArray,
    others: IntArray,
    *,
    looped: bool = False,
) -> FloatArray:
    """Return the Jaccard index of the neighbourhoods of common genes, compared by gene name.

    Parameters
    ----------
    rows, others
        (m,) rows of the common genes in either graph, in the same order.
    looped
        Whether every gene counts as a neighbour of itself.

    Returns
    -------
    (m,) values in [0, 1]; 0 for a gene without neighbours in both graphs. Eq. 5 of Liu et al.,
    NeurIPS 2023.
    """
    # a neighbour found in both graphs is itself a common gene
    inner = first.adjacency[rows][:, rows].multiply(second.adjacency[others][:, others])
    shared = np.asarray(inner.sum(axis=1), dtype=np.float32).ravel() + looped
    degrees = np.diff(first.adjacency.indptr)[rows] + np.diff(second.adjacency.indptr)[others]
    union = degrees + 2 * looped - shared
    overlap: FloatArray = np.where(union > 0, shared / np.maximum(union, 1), 0).astype(np.float32)
    return overlap


def random_neighbours(
    graph: GeneGraph, rng: np.random.Generator, *, looped: bool = False
) -> Tensor:
    """Return (n,) rows: for every gene one neighbour drawn uniformly, itself if it has none.

    Where `looped`, every gene is also a neighbour of itself.
    """
    adjacency = graph.adjacency
    degrees = np.diff(adjacency.indptr)
    drawn = np.arange(graph.n_genes)
    choosing = np.flatnonzero(degrees + looped)
    offsets = rng.integers(degrees[choosing] + looped)
    moved = offsets < degrees[choosing]
    rows = choosing[moved]
    drawn[rows] = adjacency.indices[adjacency.indptr[rows] + offsets[moved]]
    return torch.from_numpy(drawn)
