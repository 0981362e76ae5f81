"""What all torch methods must do: learn, repeat, leave the world alone."""

import hashlib
import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from genearena.methods.base import check_vectors
from genearena.methods.registry import METHODS

NAMES = ("gae", "vgae", "mae", "wsmae", "musegnn", "grace", "sugrl", "graphmae")
OF_EDGES = ("gae", "vgae", "wsmae", "musegnn")

FIT_ALL = """
import hashlib, sys, torch
torch.set_num_threads(1)
from genearena.methods.example import example_graphs
from genearena.methods.registry import METHODS
for name in sys.argv[1:]:
    vectors = METHODS.load(name)(epochs=5).fit(example_graphs()).embed()
    print(name, hashlib.sha256(b"".join(z.tobytes() for z in vectors)).hexdigest())
"""


def fitted(name, graphs, **settings):
    """Fit a method of the registry."""
    return METHODS.load(name)(**settings).fit(graphs)


def edge_auc(graphs, vectors):
    """Mean AUC of cosine similarity against the edges, each pair of genes once."""
    scores = []
    for graph, z in zip(graphs, vectors, strict=True):
        unit = z / np.linalg.norm(z, axis=1, keepdims=True)
        pairs = np.triu_indices(graph.n_genes, k=1)
        scores.append(roc_auc_score(graph.adjacency.toarray()[pairs], (unit @ unit.T)[pairs]))
    return np.mean(scores)


@pytest.mark.parametrize("name", OF_EDGES)
def test_training_finds_planted_programmes(graphs, name):
    """The loss falls and similar vectors mean an edge, far better than before training."""
    method = METHODS.load(name)
    settings = {**method.preset("fast"), "epochs": 120}
    trained = fitted(name, graphs, **settings)
    assert trained.losses_[-1] < 0.8 * trained.losses_[0] or trained.losses_[-1] < 0.1
    assert edge_auc(graphs, trained.embed()) > 0.85


@pytest.mark.parametrize("name", NAMES)
def test_vectors_are_usable_and_of_the_asked_length(graphs, name):
    """Shape, type and finiteness hold, for another dim too, isolated genes included."""
    vectors = fitted(name, graphs, epochs=2, dim=12).embed()
    check_vectors(name, graphs, vectors)
    assert vectors[0].shape == (40, 12)


@pytest.mark.parametrize("name", NAMES)
def test_one_graph_and_empty_graphs_are_enough(one_graph, name):
    """A single graph trains, even without any edge."""
    check_vectors(name, one_graph, fitted(name, one_graph, epochs=2).embed())
    empty = one_graph.with_graphs([g.with_adjacency(0 * g.adjacency) for g in one_graph])
    check_vectors(name, empty, fitted(name, empty, epochs=2).embed())


@pytest.mark.parametrize("name", NAMES)
def test_global_random_state_is_untouched_and_irrelevant(graphs, name):
    """Fitting neither reads nor advances the global generators."""
    torch.manual_seed(1)
    first = fitted(name, graphs, epochs=2).embed()
    torch.manual_seed(2)
    state, numpy_state = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    second = fitted(name, graphs, epochs=2).embed()
    assert torch.equal(state, torch.get_rng_state())
    assert (numpy_state == np.random.get_state()[1]).all()  # noqa: NPY002
    assert all((a == b).all() for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_seed_matters_and_the_input_is_left_alone(graphs, name):
    """Another seed gives other vectors; the graphs keep their fingerprint."""
    before = hashlib.sha256(graphs[0].x.tobytes()).hexdigest()
    a, b = (fitted(name, graphs, epochs=2, seed=seed).embed()[0] for seed in (0, 1))
    assert not np.allclose(a, b)
    assert hashlib.sha256(graphs[0].x.tobytes()).hexdigest() == before


@pytest.mark.parametrize("name", NAMES)
def test_fitted_methods_survive_pickling(graphs, name):
    """A pickled method embeds as before and a caller cannot change its vectors."""
    method = fitted(name, graphs, epochs=2)
    copy = pickle.loads(pickle.dumps(method))
    before = method.embed()
    method.embed()[0][:] = 0
    assert all((a == b).all() for a, b in zip(copy.embed(), before, strict=True))
    assert len(copy.losses_) == 2
    assert (method.embed()[0] == before[0]).all()


def test_processes_agree_bit_for_bit(tmp_path):
    """The one that compiles kernels and the one that finds them compiled give the same bytes."""
    env = {**os.environ, "OMP_NUM_THREADS": "1", "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", FIT_ALL, *NAMES]
    first, second = (
        subprocess.run(command, capture_output=True, env=env, timeout=300).stdout for _ in range(2)
    )
    assert any(tmp_path.rglob("*.nbc"))
    assert first == second
    assert len(first.splitlines()) == len(NAMES)
