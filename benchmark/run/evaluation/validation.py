"""Score settings of a method without any test label: by edges that were hidden from it.

A tenth of the gene pairs of every graph is hidden, edges and others alike; the method trains on the
graphs without those edges; the score is how well the cosine of its vectors finds them.
"""

from dataclasses import replace

import numpy as np

from genearena.benchmark.records.record import MetricResult
from genearena.benchmark.run.evaluation.job import Job, Outcome
from genearena.benchmark.run.evaluation.training import Report, Training
from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.data.hidden_pairs import PairMask, draw_pairs, without_pairs
from genearena.data.sealed import sealed
from genearena.metrics._shared.edge_precision import edge_precision
from genearena.metrics._shared.preconditions import mean_over_graphs
from genearena.metrics.base import Score
from genearena.metrics.embedding_space import EmbeddingSpace

CRITERION = "hidden_pairs"


def validated(job: Job, graphs: GraphCollection, report: Report) -> Outcome:
    """Train a job's method on graphs with hidden pairs, and score these instead of its metrics."""
    masks = hidden_masks(job, graphs)
    shown = sealed(shown_graphs(graphs, masks))
    training = Training(job, shown, report)
    reason = training.skipped()
    if reason:
        return Outcome("skipped", reason)
    trained = training.trained()
    score = hidden_score(graphs, masks, EmbeddingSpace(shown, trained.vectors))
    result = MetricResult(label="Hidden pairs", value=score.value, parts=score.parts)
    return Outcome("ok", metrics={CRITERION: result}, cost=trained.cost)


def hidden_masks(job: Job, graphs: GraphCollection) -> list[PairMask]:
    """Return which pairs of each graph a job hides: for one seed the same, whatever the method."""
    rng = np.random.default_rng(job.derive_seed("hidden pairs"))
    return [draw_pairs(graph.n_genes, rng) for graph in graphs]


def shown_graphs(graphs: GraphCollection, masks: list[PairMask]) -> GraphCollection:
    """Return the graphs without hidden edges, and without all that only tests may know."""
    return graphs.with_graphs(
        [_unlabelled(without_pairs(g, mask)) for g, mask in zip(graphs, masks, strict=True)]
    )


def hidden_score(graphs: GraphCollection, masks: list[PairMask], space: EmbeddingSpace) -> Score:
    """Average over graphs the adjusted precision of cosine similarity for hidden edges.

    Raises
    ------
    NotDefined
        If no graph has both an edge and another pair among those hidden.
    """
    values = []
    for position, (graph, mask) in enumerate(zip(graphs, masks, strict=True)):
        covered = space.covered_in(position)
        cosine = space.cosine(position, position)
        values.append(edge_precision(cosine, graph.adjacency, np.outer(covered, covered), mask))
    return mean_over_graphs(values, "no edges or nothing else among the hidden pairs")


def _unlabelled(graph: GeneGraph) -> GeneGraph:
    return replace(graph, replicate=None, truth=None, latent=None)
