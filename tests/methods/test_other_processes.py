"""Vectors do not depend on the process they are computed in."""

import os
import subprocess
import sys

CODE = """
import hashlib
from genearena.methods.example import example_graphs
from genearena.methods.registry import METHODS

for name in ("pca", "gene2vec", "node2vec", "giant", "random", "gene_name", "expression_mean"):
    method = METHODS.load(name)
    vectors = method(dim=8, seed=3, **method.fast).fit(example_graphs()).embed()
    print(name, hashlib.sha256(b"".join(z.tobytes() for z in vectors)).hexdigest())
"""


def said(hash_seed: str, threads: str) -> str:
    """Return what a fresh process says of the vectors of every method."""
    settings = {"PYTHONHASHSEED": hash_seed, "NUMBA_NUM_THREADS": threads}
    return subprocess.run(
        [sys.executable, "-c", CODE],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_every_process_computes_the_same_bits() -> None:
    """Other hash seeds and thread counts change no bit of any method here."""
    first, second = said("1", "1"), said("2", "2")
    assert len(first.splitlines()) == 7
    assert first == second
