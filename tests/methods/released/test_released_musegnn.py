"""MuSe-GNN as its published scripts run it."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional
from untrained import untrained

from genearena.data.common.errors import MethodError
from genearena.data.graphs import GeneGraph, GraphCollection
from genearena.methods._conformance import usable_task
from genearena.methods._nn.gene_pairs import random_neighbours
from genearena.methods._released.musegnn import ReleasedMuSeGNN
from genearena.methods.musegnn import MuSeGNN, common_similarity


@pytest.fixture(scope="module")
def equal() -> GraphCollection:
    """Three graphs of 26 genes, some common and some private."""
    return usable_task(ReleasedMuSeGNN, {})


def apart(graphs: GraphCollection) -> GraphCollection:
    """Return the task with every gene name made unique to its graph."""
    return graphs.with_graphs(
        [replace(g, genes=tuple(f"{g.name}_{gene}" for gene in g.genes)) for g in graphs]
    )


def neighbourhoods(graph: GeneGraph) -> dict[str, set[str]]:
    """Return the names of every gene's neighbours and its own."""
    adjacency = graph.adjacency.toarray()
    return {
        gene: {graph.genes[k] for k in adjacency[row].nonzero()[0]} | {gene}
        for row, gene in enumerate(graph.genes)
    }


@pytest.mark.parametrize(
    ("case", "message"), [("one", "on a single graph"), ("sizes", r"\(26-40 genes\)")]
)
def test_tasks_the_script_stops_on_are_skipped(
    graphs: GraphCollection, one_graph: GraphCollection, case: str, message: str
) -> None:
    """The reason says what the script does; fitting all the same gives it as an error."""
    task = one_graph if case == "one" else graphs
    reason = ReleasedMuSeGNN().skip(task)
    assert reason.startswith("the published script stops on")
    with pytest.raises(MethodError, match=f"musegnn:released: the published .*{message}"):
        ReleasedMuSeGNN(epochs=1).fit(task)


def test_graphs_of_one_size_are_trained(equal: GraphCollection) -> None:
    """Such a task is not skipped and has the parameters of the faithful method."""
    assert ReleasedMuSeGNN().skip(equal) is None
    released, faithful = (m(dim=6, epochs=1).fit(equal) for m in (ReleasedMuSeGNN, MuSeGNN))
    assert released.n_parameters_ == faithful.n_parameters_


def test_without_common_genes_graphs_are_not_tied(equal: GraphCollection) -> None:
    """The loss is the cross-entropy of the edges and no other graph gets a gradient."""
    training = untrained(ReleasedMuSeGNN(), apart(equal))
    z = training._encode(0)
    want = functional.binary_cross_entropy_with_logits(
        training._decode(0, z), training.tensors[0].adjacency
    )
    loss = training._loss(0)
    torch.testing.assert_close(loss, want)
    loss.backward()
    own = [encoder.first.attention.maps.weight.grad for encoder in training.encoders]
    assert [gradient is not None for gradient in own] == [True, False, False]


@pytest.mark.parametrize("n_private", [4, 100])
def test_private_genes_are_at_the_same_places_of_both_lists(
    equal: GraphCollection, n_private: int
) -> None:
    """Without replacement, uniformly, and all where there are no more than asked for."""
    training = untrained(ReleasedMuSeGNN(n_private=n_private), equal)
    pairs = training.pairs[0, 1]
    lists = [list(map(int, private)) for private in (pairs.private_i, pairs.private_j)]
    size = min(n_private, len(lists[0]))
    often = np.zeros(len(lists[0]))
    for _ in range(400):
        first, second = (rows.tolist() for rows in training._private(0, 1))
        places = [lists[0].index(row) for row in first]
        assert places == [lists[1].index(row) for row in second]
        assert len(set(places)) == size
        often[places] += 1
    want = 400 * size / len(often)
    assert abs(often - want).max() <= 5 * math.sqrt(want)


def test_contrast_is_among_all_private_genes(equal: GraphCollection) -> None:
    """At infinite temperature a guess among the others of 2 · 2 · m vectors."""
    training = untrained(ReleasedMuSeGNN(temperature=1e6), equal)
    unit = [functional.normalize(training._encode(k), dim=-1) for k in (0, 1)]
    m = len(training.pairs[0, 1].private_i)
    assert m < 100
    want = math.log(4 * m - 1)
    assert training._contrast(0, 1, *unit).item() == pytest.approx(want, abs=1e-4)


def test_overlaps_count_self_loops(equal: GraphCollection) -> None:
    """A gene is in its own neighbourhood in both graphs, isolated genes overlap fully."""
    released, faithful = (untrained(m(), equal).pairs[0, 2] for m in (ReleasedMuSeGNN, MuSeGNN))
    near, near_other = neighbourhoods(equal[0]), neighbourhoods(equal[2])
    genes = [equal[0].genes[row] for row in released.common_i]
    want = [len(near[g] & near_other[g]) / len(near[g] | near_other[g]) for g in genes]
    np.testing.assert_allclose(released.overlap, want, rtol=1e-6)
    assert (released.overlap >= faithful.overlap).all()


def test_a_gene_s_neighbour_may_be_itself(equal: GraphCollection) -> None:
    """With a self-loop each of k neighbours and the gene are drawn once in k + 1 times."""
    rng, graph = np.random.default_rng(0), equal[0]
    drawn = np.stack([random_neighbours(graph, rng, looped=True).numpy() for _ in range(3000)])
    row = int(np.argmax(graph.adjacency.sum(axis=1)))
    looped = graph.adjacency.toarray()[row] + np.eye(26)[row]
    want = 3000 * looped / looped.sum()
    often = np.bincount(drawn[:, row], minlength=26)
    assert (often[looped == 0] == 0).all()
    assert (abs(often - want) <= 5 * np.sqrt(want)).all()


def test_a_step_has_the_three_terms(equal: GraphCollection) -> None:
    """Cross-entropy - similarity + 0.01 contrast, for the same draws."""
    training = untrained(ReleasedMuSeGNN(), equal)
    training._partner = lambda position: 2
    state = training.source.get_state()
    got = training._loss(0)
    training.source.set_state(state)
    z, unit, other = (training._encode(0), *_units(training))
    edges = functional.binary_cross_entropy_with_logits(
        training._decode(0, z), training.tensors[0].adjacency
    )
    similarity = common_similarity(unit, other, training.pairs[0, 2])
    contrast = training._contrast(0, 2, unit, other)
    torch.testing.assert_close(got, edges - similarity + 0.01 * contrast)


def _units(training) -> list[torch.Tensor]:
    return [functional.normalize(training._encode(k), dim=-1) for k in (0, 2)]
