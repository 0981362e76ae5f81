"""Partners against a plain loop, best, worst and chance, and what would win without comparing."""

from itertools import permutations

import numpy as np
import pytest

from genearena.metrics import shared_partners
from genearena.metrics.base import NotDefined
from genearena.metrics.shared_partners import METRIC


def donors_of(graph, networks, orders=None):
    """Return donors of the same genes, each with a network of its kept-back cells."""
    made = []
    for place, network in enumerate(networks):
        n = len(network)
        order = np.arange(n) if orders is None else orders[place]
        names = [f"G{g:03d}" for g in order]
        made.append(
            graph(f"d{place}", names, np.zeros((n, n)), None, network[np.ix_(order, order)])
        )
    return made


def plain(donors, vectors, i, j):
    """Every two edges of donor j in both ways, by loops over names."""
    first, second = donors[i], donors[j]
    unit = [z / np.linalg.norm(z, axis=1, keepdims=True) for z in vectors]
    edges = {
        frozenset((second.genes[a], second.genes[b]))
        for a, b in zip(*np.nonzero(second.replicate.toarray()), strict=True)
    }
    ways = [tuple(way) for edge in edges for way in permutations(edge)]

    def cosine(g, h):
        return float(unit[i][first.index[g]] @ unit[j][second.index[h]])

    signs = []
    for g, h in ways:
        for other_g, other_h in ways:
            if len({g, h, other_g, other_h}) < 3 or g in (other_g, other_h) or h == other_h:
                continue
            if h == other_g or {frozenset((g, other_h)), frozenset((other_g, h))} & edges:
                continue
            gain = cosine(g, h) + cosine(other_g, other_h) - cosine(g, other_h) - cosine(other_g, h)
            signs.append(np.sign(round(gain, 10)))
    return np.mean(signs)


def test_equals_a_plain_loop(graph, space, adjacency):
    """All exchanges of three donors whose genes stand in orders of their own."""
    rng = np.random.default_rng(0)
    networks = [adjacency(rng, 16, 0.25) for _ in range(3)]
    donors = donors_of(graph, networks, [rng.permutation(16) for _ in networks])
    vectors = [rng.normal(size=(16, 4)).astype(np.float32) for _ in donors]
    found = METRIC(space(donors, vectors))
    pairs = {(i, j): plain(donors, vectors, i, j) for i, j in permutations(range(3), 2)}
    assert found.value == pytest.approx(np.mean(list(pairs.values())))
    own = np.mean([value for pair, value in pairs.items() if 0 in pair])
    assert found.parts[0] == pytest.approx(own)


def test_what_is_drawn_stands_for_all(graph, space, adjacency, monkeypatch):
    """Of some twenty million exchanges two hundred thousand are looked at."""
    rng = np.random.default_rng(1)
    network = adjacency(rng, 120, 0.3)
    z = rng.normal(size=(120, 3)).astype(np.float32)
    donors = donors_of(graph, [network, network])
    drawn = METRIC(space(donors, [z, z])).value
    monkeypatch.setattr(shared_partners, "EXCHANGES", 10**9)
    assert drawn == pytest.approx(METRIC(space(donors, [z, z])).value, abs=0.005)


@pytest.fixture
def cliques(graph):
    """Two donors of the same five groups of six genes, in which all are partners."""
    group = np.repeat(np.arange(5), 6)
    network = (group[:, None] == group) & ~np.eye(30, dtype=bool)
    return donors_of(graph, [network, network]), np.eye(5)[group]


def test_best_and_worst(cliques, space):
    """A direction for every group gives 1; the opposite one in the other donor -1."""
    donors, z = cliques
    assert METRIC(space(donors, [z, z])).value == 1
    assert METRIC(space(donors, [z, -z])).value == -1


def test_axes_of_each_donors_own_are_worth_nothing(cliques, space):
    """The same geometry in either donor, turned at random: no vector can be compared."""
    donors, z = cliques
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 0.05, (30, 5))
    values = []
    for _ in range(60):
        turn = rng.choice([-1, 1]) * np.linalg.qr(rng.normal(size=(5, 5)))[0]
        values.append(METRIC(space(donors, [z + noise, (z + noise) @ turn])).value)
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(len(values))


def test_degrees_are_worth_nothing_where_they_are_all_there_is(graph, space):
    """In networks that are random but for degrees their knowledge is at 0 on average.

    Average precision of the same vectors is far above chance there.
    """
    networkx = pytest.importorskip("networkx")
    rng = np.random.default_rng(0)
    wanted = 2 * np.repeat([2, 4, 9], [30, 20, 10])
    values = []
    for seed in range(40):
        made = networkx.random_degree_sequence_graph(wanted, seed=seed, tries=100)
        network = networkx.to_numpy_array(made) > 0
        z = np.column_stack([wanted, np.full(60, 4.0), rng.normal(size=60)])
        donors = donors_of(graph, [network, network])
        values.append(METRIC(space(donors, [z, z])).value)
    assert abs(np.mean(values)) < 3 * np.std(values) / np.sqrt(len(values))


def test_a_gene_without_a_vector_is_a_guess(cliques, space):
    """Exchanges it takes part in count 0: the rest, all right, is what is left."""
    donors, z = cliques
    gaps = z.copy()
    gaps[::6] = 0
    edges = donors[1].replicate.toarray() != 0
    (u, v), (first, second) = shared_partners.ways(edges)
    free = (u[first] != u[second]) & ~edges[u[first], v[second]] & ~edges[u[second], v[first]]
    free &= (v[first] != v[second]) & (u[first] != v[second]) & (v[first] != u[second])
    told = gaps.any(axis=1)[[u[first[free]], u[second[free]]]].all(axis=0).mean()
    assert 0 < told < 1
    both = METRIC(space(donors, [gaps, z])).value
    assert both == pytest.approx(told)


def test_not_defined(graph, space, adjacency):
    """With one data set, without kept-back cells, or where no partners can be exchanged."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(12, 3))
    network = adjacency(rng, 12, 0.3)
    with pytest.raises(NotDefined, match="one data set"):
        METRIC(space(donors_of(graph, [network]), [z]))
    names = [f"G{g:03d}" for g in range(12)]
    bare = [graph(f"d{k}", names, network) for k in range(2)]
    everyone = donors_of(graph, [~np.eye(12, dtype=bool)] * 2)
    for donors in (bare, everyone):
        with pytest.raises(NotDefined, match="kept-back"):
            METRIC(space(donors, [z, z]))
    # one donor that keeps cells back is enough, and answers for itself and for the one that asks
    assert METRIC(space([bare[0], donors_of(graph, [network] * 2)[1]], [z, z])).value
