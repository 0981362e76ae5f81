"""What makes graphs the same, and what does not."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from genearena.data.graph_digest import graph_digest


@pytest.fixture(scope="module")
def graph(make_graph):
    """A graph with all its parts."""
    plain = make_graph("d1", simulated=True)
    pairs = np.zeros((plain.n_genes,) * 2, dtype=np.int8)
    pairs[0, 1] = pairs[1, 0] = 1
    latent = np.corrcoef(np.random.default_rng(0).normal(size=(plain.n_genes, 50)))
    return replace(plain, replicate=sparse.csr_array(pairs), latent=latent)


def with_value(graph, part, value):
    """Return a graph with another number at one place of a part."""
    array = getattr(graph, part).copy()
    array[2, 5] = value
    if part == "latent":
        array[5, 2] = value
    return replace(graph, **{part: array})


@pytest.mark.parametrize("part", ["x", "latent"])
def test_last_bits_are_not_looked_at(graph, part):
    """Up or down by one, as another processor's sums are; exactly they are others."""
    value = np.float32(getattr(graph, part)[2, 5])
    for towards in (np.float32(-1), np.float32(1)):
        other = with_value(graph, part, np.nextafter(value, towards))
        assert other.digest == graph.digest
        assert graph_digest(other, exact=True) != graph_digest(graph, exact=True)


@pytest.mark.parametrize("part", ["x", "latent"])
def test_the_third_digit_is(graph, part):
    """One in a thousand of a single number."""
    value = getattr(graph, part)[2, 5]
    assert with_value(graph, part, value * 1.002).digest != graph.digest


@pytest.mark.parametrize("scale", [1e-30, 1e-3, 1e3, 1e30])
def test_numbers_of_any_size_are_told_apart(graph, scale):
    """Digits are counted from the first that is not 0."""
    large = replace(graph, x=graph.x * np.float32(scale))
    value = large.x[2, 5]
    assert with_value(large, "x", value * np.float32(1.002)).digest != large.digest
    assert with_value(large, "x", np.nextafter(value, np.float32(0))).digest == large.digest


def test_numbers_on_both_sides_of_a_power_of_two_are_alike(graph):
    """What is rounded up may have one more digit before the point; 0 has no sign."""
    below = np.nextafter(np.float32(1), np.float32(0))
    assert with_value(graph, "x", below).digest == with_value(graph, "x", 1).digest
    assert with_value(graph, "x", -0.0).digest == with_value(graph, "x", 0.0).digest
    assert with_value(graph, "x", -1).digest != with_value(graph, "x", 1).digest


def test_every_other_part_is_looked_at(graph):
    """Names of genes, edges, counts, programmes, edges kept back, technique and species."""
    renamed = ("other", *graph.genes[1:])
    counts = graph.counts.copy()
    counts.data[0] += 1
    others = [
        {"genes": renamed},
        {"adjacency": graph.replicate},
        {"counts": counts},
        {"counts": None},
        {"truth": np.roll(graph.truth, 1)},
        {"replicate": graph.adjacency},
        {"replicate": None},
        {"latent": None},
        {"modality": "spatial"},
        {"species": "mouse"},
    ]
    assert len({graph.digest, *(replace(graph, **other).digest for other in others)}) == 11
