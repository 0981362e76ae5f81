"""Settings are judged by hidden edges, and by nothing that a test knows."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics import average_precision_score

from genearena.benchmark.records.declared import declared_method
from genearena.benchmark.run.evaluation.evaluate import evaluate
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.evaluation.validation import (
    CRITERION,
    hidden_masks,
    hidden_score,
    shown_graphs,
)
from genearena.data.cards.stored_card import describe
from genearena.data.tasks import TaskCard
from genearena.methods.example import example_graphs
from genearena.metrics.embedding_space import EmbeddingSpace
from genearena.metrics.registry import METRICS

SEED = 2


@pytest.fixture
def graphs():
    """Return the example task with edges in the other half of the cells."""
    graphs = example_graphs()
    return graphs.with_graphs([replace(g, replicate=_shuffled(g.adjacency)) for g in graphs])


def _shuffled(adjacency):
    order = np.random.default_rng(0).permutation(adjacency.shape[0])
    return sparse.csr_array(adjacency.toarray()[order][:, order])


def job_of(graphs, method="consensus", seed=SEED):
    card = TaskCard(graphs.tissue, graphs.source, "0" * 64, tuple(map(describe, graphs)))
    info = declared_method(method, "fast", 8)
    return Job(card, info, seed, "fast", (), validation=True)


def judged(graphs, method="consensus", seed=SEED):
    outcome = evaluate(job_of(graphs, method, seed), graphs, lambda *_: None)
    assert outcome.status == "ok", outcome.reason
    assert list(outcome.metrics) == [CRITERION]
    return outcome.metrics[CRITERION]


def naive(graph, mask, z):
    """Return (AP - π) / (1 - π) over hidden pairs; a gene without a vector is like no other."""
    label, score = [], []
    for i in range(graph.n_genes):
        for j in range(i + 1, graph.n_genes):
            if mask[i, j]:
                label.append(bool(graph.adjacency[i, j]))
                score.append(z[i] @ z[j] / (np.linalg.norm(z[i]) * np.linalg.norm(z[j])))
    share = np.mean(label)
    return (average_precision_score(label, score) - share) / (1 - share)


def test_the_criterion_equals_a_naive_loop(graphs):
    """Pair by pair, with scikit-learn's average precision."""
    masks = hidden_masks(job_of(graphs), graphs)
    rng = np.random.default_rng(1)
    vectors = [rng.normal(size=(g.n_genes, 6)).astype(np.float32) for g in graphs]
    score = hidden_score(graphs, masks, EmbeddingSpace(shown_graphs(graphs, masks), tuple(vectors)))
    want = [naive(*each) for each in zip(graphs, masks, vectors, strict=True)]
    assert score.parts == pytest.approx(want)
    assert score.value == pytest.approx(np.mean(want))


def test_chance_is_zero_and_knowing_all_edges_is_one(graphs):
    """Of many random spaces the mean is near 0; a gene's row of neighbours, itself in it, finds
    only what is hidden where the graph is a union of cliques."""
    masks = hidden_masks(job_of(graphs), graphs)
    rng = np.random.default_rng(1)
    scores = []
    for _ in range(200):
        vectors = tuple(rng.normal(size=(g.n_genes, 6)).astype(np.float32) for g in graphs)
        scores.append(hidden_score(graphs, masks, EmbeddingSpace(graphs, vectors)).value)
    # of so few edges the average precision of any order lies somewhat above their share
    assert abs(np.mean(scores)) < 0.1
    cliques = graphs.with_graphs([_cliques(graph) for graph in graphs])
    known = tuple(np.eye(4, dtype=np.float32)[graph.truth] for graph in graphs)
    assert hidden_score(cliques, masks, EmbeddingSpace(cliques, known)).value == 1.0


def _cliques(graph):
    same = (graph.truth[:, None] == graph.truth) & ~np.eye(graph.n_genes, dtype=bool)
    return graph.with_adjacency(sparse.csr_array(same.astype(np.int8)))


@pytest.mark.parametrize("method", ["consensus", "gae"])
def test_no_test_label_is_read(graphs, method, monkeypatch):
    """Without the other half, and without functions and true correlations, it is the same number;
    no metric is even loaded."""
    monkeypatch.setattr(METRICS, "load", None)
    bare = graphs.with_graphs([replace(g, replicate=None, truth=None, latent=None) for g in graphs])
    assert judged(graphs, method).value == judged(bare, method).value


def test_a_method_is_not_given_them_either(graphs):
    """One that reads functions fails rather than being tuned by them."""
    outcome = evaluate(job_of(graphs, "truth"), graphs, lambda *_: None)
    assert outcome.status != "ok"
    for shown in shown_graphs(graphs, hidden_masks(job_of(graphs), graphs)):
        assert (shown.replicate, shown.truth, shown.latent) == (None, None, None)


def test_hidden_edges_are_not_shown(graphs):
    """All others are."""
    masks = hidden_masks(job_of(graphs), graphs)
    for graph, shown, mask in zip(graphs, shown_graphs(graphs, masks), masks, strict=True):
        np.testing.assert_array_equal(shown.adjacency.toarray(), graph.adjacency.toarray() * ~mask)
        assert shown.n_edges < graph.n_edges


def test_a_seed_hides_the_same_pairs_from_every_method_and_is_no_seed_of_a_run(graphs):
    """Another seed hides others."""
    sets = [hidden_masks(job_of(graphs, name), graphs) for name in ("gae", "pca")]
    np.testing.assert_equal(*sets)
    others = hidden_masks(job_of(graphs, seed=SEED + 1), graphs)
    assert any((a != b).any() for a, b in zip(sets[0], others, strict=True))
    ours = {job_of(graphs, seed=seed).derive_seed("gae", "fit") for seed in range(100)}
    runs = (replace(job_of(graphs, seed=seed), validation=False) for seed in range(100))
    assert not ours & {job.derive_seed("gae", "fit") for job in runs}


def test_nothing_hidden_is_a_failure_with_its_reason(graphs):
    """Graphs of no edges have no score."""
    bare = graphs.with_graphs([g.with_adjacency(g.adjacency * 0) for g in graphs])
    outcome = evaluate(job_of(bare, "gene_name"), bare, lambda *_: None)
    assert outcome.status == "failed"
    assert "no edges or nothing else among the hidden pairs" in outcome.reason
