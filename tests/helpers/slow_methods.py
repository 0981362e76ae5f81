"""A method that takes its time and notes each training in the file that ``SLOW_LOG`` names."""

import os
import time

import numpy as np

from genearena.methods.base import Method

SECONDS = 1.0


class Slow(Method):
    """Random vectors, after a second."""

    name = "slow_methods:Slow"
    needs = frozenset({"expression"})

    def fit(self, graphs):
        with open(os.environ["SLOW_LOG"], "a", encoding="utf-8") as log:
            log.write(f"{self.seed} {os.getpid()}\n")
        time.sleep(SECONDS)
        rng = np.random.default_rng(self.seed)
        shapes = [(graph.n_genes, self.dim) for graph in graphs]
        self.vectors_ = [rng.standard_normal(shape).astype(np.float32) for shape in shapes]
        return self

    def embed(self):
        return self.vectors_
