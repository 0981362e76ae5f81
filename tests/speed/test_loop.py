"""The loop over pairs of genes gives the metric's number."""

import pytest

from genearena.metrics.embedding_space import EmbeddingSpace
from genearena.metrics.neighbour_overlap import neighbour_overlap
from speed.loop import overlap_by_loop
from speed.made_up import programme_vectors, random_task


def test_loop_equals_the_metric():
    """On three graphs with mixed clusters."""
    graphs = random_task(3, 60, 2, 300)
    space = EmbeddingSpace(graphs, tuple(programme_vectors(graphs)))
    assert space.mixed
    assert overlap_by_loop(space) == pytest.approx(neighbour_overlap(space).value, abs=1e-12)


def test_made_up_tasks_have_the_size_asked_for():
    """Genes, cells and edges of every graph, and three genes in five common to all."""
    graphs = random_task(3, 50, 7, 123)
    assert [(g.n_genes, g.n_cells, g.n_edges) for g in graphs] == [(50, 7, 123)] * 3
    assert len(graphs.common_genes) == 30
    assert len(graphs.groups) == 1
