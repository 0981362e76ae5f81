"""Simulated counts by keyword, for tests."""

from genearena.data.options import Simulation
from genearena.data.simulate import simulate_samples


def simulated(tissue, *, programmes=True, **sizes):
    """Return the simulated samples of a tissue."""
    return simulate_samples(tissue, Simulation(**sizes), programmes=programmes)


def simulated_counts(tissue, **sizes):
    """Return the count matrices of the simulated samples of a tissue."""
    return tuple(sample.counts for sample in simulated(tissue, **sizes))
