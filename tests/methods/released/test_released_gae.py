"""GAE as its published script runs it."""

import math

import numpy as np
import pytest
import torch
from scipy import sparse
from untrained import untrained

from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.methods._released.gae import ReleasedGAE
from genearena.methods.gae import GAE


def floor(density: float) -> float:
    """Return the least loss: probability 1 as logit of an edge, 0 as that of any other pair.

    The logit p of a pair lies in [0, 1]; -log sigmoid(p) of an edge falls with p down to
    log(1 + 1/e), -log(1 - sigmoid(p)) of another pair grows from log 2.
    """
    return density * math.log(1 + math.exp(-1)) + (1 - density) * math.log(2)


def pairs_of_genes() -> GraphCollection:
    """Return a graph of ten linked pairs, with self-loops a density of exactly 10 %."""
    pair = np.arange(20) // 2
    adjacency = (pair[:, None] == pair).astype(np.int8)
    np.fill_diagonal(adjacency, 0)
    graph = GeneGraph(
        name="pairs",
        tissue="example",
        modality="scrna",
        species="human",
        genes=tuple(f"GENE{gene:02d}" for gene in range(20)),
        x=np.zeros((20, 5), dtype=np.float32),
        adjacency=sparse.csr_array(adjacency),
    )
    return GraphCollection("example", "simulated", (graph,))


def test_loss_has_a_floor_of_0655_at_a_density_of_ten_percent() -> None:
    """Vectors that separate edges perfectly cost the faithful method nothing, this one 0.655."""
    graphs = pairs_of_genes()
    released, faithful = untrained(ReleasedGAE(), graphs), untrained(GAE(), graphs)
    # corners of a simplex: inner products of 9000 within a pair and -1000 between
    corners = 100 * (torch.eye(10) - 0.1).repeat_interleave(2, dim=0)
    released._encode = faithful._encode = lambda position: corners
    assert floor(0.1) == pytest.approx(0.655, abs=5e-4)
    assert float(released._loss(0)) == pytest.approx(floor(0.1), abs=1e-6)
    assert float(faithful._loss(0)) == pytest.approx(0, abs=1e-6)


def test_training_cannot_fall_below_the_floor(graphs: GraphCollection) -> None:
    """The faithful method passes the mean floor of the graphs, the released one comes near it."""
    densities = [(2 * g.n_edges + g.n_genes) / g.n_genes**2 for g in graphs]
    least = np.mean([floor(density) for density in densities])
    released, faithful = (
        method(epochs=40, learning_rate=5e-3).fit(graphs).losses_ for method in (ReleasedGAE, GAE)
    )
    assert least < min(released) < least + 0.1
    assert min(faithful) < least - 0.1


def test_loss_is_torchs_of_probabilities_as_logits(graphs: GraphCollection) -> None:
    """A step's loss is BCEWithLogitsLoss after a sigmoid, self-loops asked for."""
    training = untrained(ReleasedGAE(), graphs)
    z = training._encode(1)
    target = torch.tensor(graphs[1].adjacency.toarray()).float() + torch.eye(len(z))
    want = torch.nn.BCEWithLogitsLoss()(torch.sigmoid(z @ z.T), target)
    torch.testing.assert_close(training._loss(1), want)


def test_everything_but_the_loss_is_that_of_gae(graphs: GraphCollection) -> None:
    """A seed starts both from the same weights, as many, under the same presets."""
    released, faithful = untrained(ReleasedGAE(seed=4), graphs), untrained(GAE(seed=4), graphs)
    torch.testing.assert_close(released._encode(2), faithful._encode(2), atol=0, rtol=0)
    assert ReleasedGAE.preset("paper") == GAE.preset("paper")
    assert ReleasedGAE.preset("fast") == GAE.preset("fast")
