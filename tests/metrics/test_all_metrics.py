"""What holds for every registered metric: contract, invariances, and a file for each."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genearena.data.graphs import GraphCollection
from genearena.metrics import registry
from genearena.metrics.checks import CHECKS
from genearena.metrics.embedding_space import EmbeddingSpace, HeldOut
from genearena.metrics.example_spaces import ideal_space, random_space
from genearena.metrics.registry import METRICS

BUILTIN = tuple(METRICS.builtin)
COSINE = ("edge_auc", "heldout_auc", "retrieval", "programme_recovery")
DISTANCE = ("asw", "graph_connectivity", "ilisi", "cgr", "neighbour_overlap")


@pytest.mark.parametrize("name", BUILTIN)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_contract(name, check):
    """Every metric passes every check a plugin can be run through."""
    check(METRICS.load(name))


def test_files_and_registry_agree():
    """Each file that defines METRIC is registered under its own name, and nothing else is."""
    folder = Path(registry.__file__).parent
    files = {path.stem for path in folder.glob("*.py") if "\nMETRIC = " in path.read_text()}
    assert files == set(BUILTIN)
    assert all(METRICS.load(name).name == name for name in BUILTIN)


def test_every_metric_has_a_test_file():
    """tests/metrics holds test_<name>.py for each metric."""
    files = {path.stem for path in Path(__file__).parent.glob("test_*.py")}
    assert {f"test_{name}" for name in BUILTIN} <= files


def test_the_papers_six_are_scored():
    """Avg Score and Avg Rank are over the paper's six, under its names."""
    labels = [METRICS.load(name).label for name in BUILTIN if METRICS.load(name).scored]
    assert sorted(labels) == sorted(["AUC", "ASW", "GC", "iLISI", "CGR", "NO"])


def mapped(space, function):
    """Make the same space with other vectors."""
    vectors = tuple(np.asarray(function(z), dtype=np.float32) for z in space.vectors)
    return EmbeddingSpace(space.graphs, vectors, HeldOut(vectors, space.heldout.pairs), space.seed)


def rotation():
    """Draw an orthogonal matrix for the example spaces' 16 dimensions."""
    return np.linalg.qr(np.random.default_rng(0).normal(size=(16, 16)))[0]


@pytest.mark.parametrize("name", COSINE)
def test_cosine_metrics_ignore_rotation_and_length(name):
    """Turning all vectors, and stretching each on its own, changes nothing."""
    space, metric = random_space(), METRICS.load(name)
    lengths = np.random.default_rng(1).gamma(2, size=(100, 1))
    turned = mapped(space, lambda z: lengths * (z @ rotation()))
    assert metric(turned).value == pytest.approx(metric(space).value, abs=1e-5)


@pytest.mark.parametrize("name", DISTANCE)
@pytest.mark.parametrize("make", [ideal_space, random_space])
def test_distance_metrics_ignore_rotation_shift_and_scale(name, make):
    """Turning, shifting and scaling all vectors alike changes nothing."""
    space, metric = make(), METRICS.load(name)
    moved = mapped(space, lambda z: 2 * z @ rotation() + 3)
    assert metric(moved).value == pytest.approx(metric(space).value, abs=1e-4)


@pytest.mark.parametrize("name", [name for name in BUILTIN if name != "heldout_auc"])
def test_gene_order_does_not_matter(name):
    """Reordering the genes of each graph, with given clusters, changes nothing.

    Leiden visits rows in order, so the clusters themselves may differ; they are carried along.
    """
    space, metric = random_space(), METRICS.load(name)
    rng = np.random.default_rng(2)
    orders = [rng.permutation(graph.n_genes) for graph in space.graphs]
    graphs = [reordered(graph, order) for graph, order in zip(space.graphs, orders, strict=True)]
    vectors = [z[order] for z, order in zip(space.vectors, orders, strict=True)]
    again = EmbeddingSpace(GraphCollection("example", "simulated", graphs), tuple(vectors))
    rows = np.concatenate([o + s for o, s in zip(orders, space.offsets[:-1], strict=True)])
    vars(again)["clusters"] = space.clusters[rows]
    assert metric(again).value == pytest.approx(metric(space).value, abs=1e-9)


def reordered(graph, order):
    """Return the graph with its genes in another order."""
    return replace(
        graph,
        genes=tuple(graph.genes[g] for g in order),
        x=graph.x[order],
        adjacency=graph.adjacency[order][:, order],
        truth=graph.truth[order],
    )
