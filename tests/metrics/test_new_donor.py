"""New donor: other donors' vectors against the edges of the one left out."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from genearena.metrics.base import NotDefined
from genearena.metrics.embedding_space import NewDonor
from genearena.metrics.new_donor import METRIC


def test_equals_a_plain_loop(task, space):
    """The mean over the donors that have both genes; here one has, for every pair."""
    graphs, vectors = task(3, sizes=(30, 25, 35), n_common=25)
    vectors[0][4] = 0  # a gene of a donor without a vector
    position = 1
    new = graphs[position]
    made = replace(space(graphs, vectors), new_donor=NewDonor(position, tuple(vectors)))
    similarity = np.full((new.n_genes, new.n_genes), np.nan)
    for g in range(new.n_genes):
        for h in range(new.n_genes):
            found = []
            for other in (0, 2):
                rows = [graphs[other].index.get(new.genes[k]) for k in (g, h)]
                if None in rows or not all(vectors[other][r].any() for r in rows):
                    continue
                a, b = (vectors[other][r].astype(float) for r in rows)
                found.append(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
            similarity[g, h] = np.mean(found) if found else np.nan
    above = np.triu_indices(new.n_genes, k=1)
    score, label = similarity[above], new.adjacency.toarray()[above]
    share = label.mean()
    want = (average_precision_score(label, score) - share) / (1 - share)
    score = METRIC(made)
    assert score.value == pytest.approx(want, abs=1e-6)
    assert score.parts == (None, score.value, None)


def test_best_and_chance(graph, space):
    """What the donors have in common is known from the others; noise is not."""
    group = np.arange(200) // 10
    edges = group[:, None] == group
    np.fill_diagonal(edges, val=False)
    graphs = [graph(name, [f"G{g}" for g in range(200)], edges) for name in "abc"]
    known = [np.eye(20)[group]] * 3
    rng = np.random.default_rng(0)
    noise = [rng.normal(size=(200, 8)).astype(np.float32) for _ in graphs]
    made = space(graphs, known)
    assert METRIC(replace(made, new_donor=NewDonor(2, tuple(known)))).value == 1
    guessed = METRIC(replace(made, new_donor=NewDonor(2, tuple(noise)))).value
    assert guessed == pytest.approx(0, abs=0.01)


def test_the_left_out_donor_s_own_vectors_do_not_count(task, space):
    """Whatever stands in their place."""
    graphs, vectors = task(4)
    first = replace(space(graphs, vectors), new_donor=NewDonor(0, tuple(vectors)))
    others = (100 * np.ones_like(vectors[0]), *vectors[1:])
    second = replace(first, new_donor=NewDonor(0, others))
    assert METRIC(first).value == METRIC(second).value


def test_not_defined_without_a_second_training(task, space):
    """Nor where the donor left out has no edges."""
    graphs, vectors = task(5)
    with pytest.raises(NotDefined, match="no training without a donor"):
        METRIC(space(graphs, vectors))
    bare = [graphs[0].with_adjacency(0 * graphs[0].adjacency), *graphs[1:]]
    made = replace(space(bare, vectors), new_donor=NewDonor(0, tuple(vectors)))
    with pytest.raises(NotDefined, match="no edges"):
        METRIC(made)
