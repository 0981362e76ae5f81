"""Sealed graphs hold the same numbers in memory that cannot be written to."""

import signal
import subprocess
import sys

import numpy as np
import pytest

from genearena.data.sealed import is_sealed, sealed
from genearena.methods.example import example_graphs

PARTS = (
    "x", "edges", "truth", "adjacency.data", "adjacency.indices", "adjacency.indptr",
    "counts.data", "counts.indices", "counts.indptr",
)  # fmt: skip

WRITE = """\
import ctypes, sys
from operator import attrgetter
from genearena.data.sealed import sealed
from genearena.methods.example import example_graphs
array = attrgetter(sys.argv[1])(sealed(example_graphs())[0])
try:
    array[...] = 0
except ValueError as error:
    print(error, flush=True)
ctypes.memset(array.ctypes.data, 0, array.nbytes)
print("written")
"""


def test_the_numbers_stay_and_what_is_sealed_is_not_sealed_twice():
    """Content and digests are equal; sealing again copies nothing."""
    graphs = example_graphs()
    once = sealed(graphs)
    assert once.with_graphs(once.graphs).fingerprint == graphs.fingerprint
    assert np.array_equal(once[0].edges, graphs[0].edges)
    twice = sealed(once)
    assert is_sealed(twice[0].x)
    assert twice[0].x is once[0].x
    # what shares memory with sealed arrays needs no copy either
    masked = sealed(once.with_graphs([g.with_adjacency(0 * g.adjacency) for g in once]))
    assert np.shares_memory(masked[0].x, once[0].x)


@pytest.mark.parametrize("part", PARTS)
def test_a_write_ends_the_process(part):
    """NumPy refuses; who goes round it, as torch.from_numpy does, dies at the write."""
    command = [sys.executable, "-c", WRITE, part]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "assignment destination is read-only\n"
    assert -done.returncode in (signal.SIGSEGV, signal.SIGBUS)
