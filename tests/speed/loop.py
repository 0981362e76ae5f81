"""Neighbours overlap by a loop over pairs of genes, as it would be written down first."""

from itertools import combinations

from genearena.metrics.embedding_space import EmbeddingSpace

_Row = tuple[int, set[str]]


def overlap_by_loop(space: EmbeddingSpace) -> float:
    """Return the same number as the metric ``neighbour_overlap``."""
    rows = [
        (position, {graph.genes[column] for column in graph.adjacency[[row]].indices})
        for position, graph in enumerate(space.graphs)
        for row in range(graph.n_genes)
    ]
    clusters: dict[int, list[_Row]] = {}
    for cluster, row in zip(space.clusters.tolist(), rows, strict=True):
        clusters.setdefault(cluster, []).append(row)
    return sum(len(c) * _mean_jaccard(c) for c in clusters.values()) / len(rows)


def _mean_jaccard(rows: list[_Row]) -> float:
    total, pairs = 0.0, 0
    for (dataset, near), (other, other_near) in combinations(rows, 2):
        if dataset != other:
            union = len(near | other_near)
            total += len(near & other_near) / union if union else 0.0
            pairs += 1
    return total / pairs if pairs else 0.0
