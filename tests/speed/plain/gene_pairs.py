"""Common and private genes of two graphs, by sets of names."""

from dataclasses import dataclass

import torch
from torch import Tensor

from genearena.data.graphs import GeneGraph


@dataclass(frozen=True, eq=False)
class PlainPairs:
    """Rows of common genes in both graphs, their Jaccard weights, and rows of private genes."""

    common: Tensor
    other_common: Tensor
    jaccard: Tensor
    private: Tensor
    other_private: Tensor


def plain_pairs(graph: GeneGraph, other: GeneGraph) -> PlainPairs:
    """Return the gene pairs of two graphs; neighbourhoods are compared by gene name."""
    near, other_near = _neighbourhoods(graph), _neighbourhoods(other)
    common = [gene for gene in graph.genes if gene in other.index]
    return PlainPairs(
        torch.tensor([graph.index[gene] for gene in common]),
        torch.tensor([other.index[gene] for gene in common]),
        torch.tensor([_jaccard(near[gene], other_near[gene]) for gene in common]),
        torch.tensor([row for gene, row in graph.index.items() if gene not in other.index]),
        torch.tensor([row for gene, row in other.index.items() if gene not in graph.index]),
    )


def _neighbourhoods(graph: GeneGraph) -> dict[str, set[str]]:
    return {
        gene: {graph.genes[column] for column in graph.adjacency[[row]].indices}
        for gene, row in graph.index.items()
    }


def _jaccard(one: set[str], two: set[str]) -> float:
    return len(one & two) / len(one | two) if one or two else 0.0
