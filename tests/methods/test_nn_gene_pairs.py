"""Common and private genes, neighbourhood overlap and drawn neighbours against Python sets."""

import numpy as np
import pytest
import torch

from genearena.methods._nn.gene_pairs import all_pairs, gene_pairs, random_neighbours

CPU = torch.device("cpu")


def neighbour_names(graph, gene):
    """Return the names of a gene's neighbours."""
    return {graph.genes[k] for k in graph.adjacency[[graph.index[gene]]].nonzero()[1]}


def test_pairs_equal_sets_of_gene_names(graphs):
    """Rows, overlap and private genes equal what Python sets give."""
    first, second = graphs[0], graphs[1]
    pairs = gene_pairs(first, second, CPU)
    common = [first.genes[row] for row in pairs.common_i]
    assert common == [second.genes[row] for row in pairs.common_j]
    assert set(common) == set(first.genes) & set(second.genes)
    assert {first.genes[r] for r in pairs.private_i} == set(first.genes) - set(second.genes)
    assert {second.genes[r] for r in pairs.private_j} == set(second.genes) - set(first.genes)
    for gene, overlap in zip(common, pairs.overlap.tolist(), strict=True):
        a, b = neighbour_names(first, gene), neighbour_names(second, gene)
        assert overlap == pytest.approx(len(a & b) / len(a | b) if a | b else 0.0)


def test_overlap_of_a_graph_with_itself_is_one_except_for_isolated_genes(graphs):
    """Equal neighbourhoods overlap fully; two empty ones count as 0."""
    graph = graphs[0]
    overlap = gene_pairs(graph, graph, CPU).overlap.numpy()
    degrees = np.diff(graph.adjacency.indptr)
    assert (degrees == 0).any()
    np.testing.assert_array_equal(overlap, (degrees > 0).astype(np.float32))


def test_all_pairs_holds_both_directions(graphs):
    """The pair (j, i) is (i, j) turned around, and no graph is paired with itself."""
    pairs = all_pairs(graphs, CPU)
    assert set(pairs) == {(i, j) for i in range(3) for j in range(3) if i != j}
    forward, backward = pairs[0, 2], pairs[2, 0]
    assert torch.equal(forward.common_i, backward.common_j)
    assert torch.equal(forward.private_j, backward.private_i)


def test_graphs_without_common_genes_give_empty_sets(graphs):
    """No common gene leaves no rows to compare and all genes private."""
    first, second = graphs[0], graphs[1]
    renamed = type(first)(
        "other", "lung", "scrna", "human", tuple(f"X{g}" for g in second.genes),
        second.x, second.adjacency,
    )  # fmt: skip
    pairs = gene_pairs(first, renamed, CPU)
    assert len(pairs.common_i) == pairs.overlap.numel() == 0
    assert len(pairs.private_i) == first.n_genes


def test_drawn_neighbours_are_neighbours_and_uniform(graphs):
    """Every neighbour is drawn equally often; an isolated gene stands for itself."""
    graph = graphs[0]
    rng = np.random.default_rng(0)
    draws = np.stack([random_neighbours(graph, rng).numpy() for _ in range(4000)])
    linked = graph.adjacency.toarray().astype(bool)
    for gene in range(graph.n_genes):
        allowed = np.flatnonzero(linked[gene]) if linked[gene].any() else np.array([gene])
        counts = np.bincount(draws[:, gene], minlength=graph.n_genes)
        assert counts[allowed].sum() == len(draws)
        share = len(draws) / len(allowed)
        assert abs(counts[allowed] - share).max() <= 6 * np.sqrt(share)
