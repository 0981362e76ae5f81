"""Methods that break in all the ways there are, for worker processes to meet."""

import os
import signal

import numpy as np

from genearena.methods.base import Method


class Plain(Method):
    name = "plain"

    def fit(self, graphs):
        rng = np.random.default_rng(self.seed)
        self.z_ = [rng.normal(size=(g.n_genes, self.dim)).astype(np.float32) for g in graphs]
        return self

    def embed(self):
        return self.z_


class Raises(Plain):
    name = "raises"

    def fit(self, graphs):
        raise ValueError("the matrix\nis singular")


class Nan(Plain):
    name = "nan"

    def embed(self):
        return [z * np.nan for z in self.z_]


class Wrong(Plain):
    name = "wrong"

    def embed(self):
        return [z[:-1] for z in self.z_]


class Dies(Plain):
    name = "dies"

    def fit(self, graphs):
        os.kill(os.getpid(), signal.SIGSEGV)


class Hungry(Plain):
    name = "hungry"

    def fit(self, graphs):
        raise MemoryError("Unable to allocate 7 TiB")


class Declines(Plain):
    name = "declines"

    def skip(self, graphs):
        return "needs a checkpoint"


class Chatty(Plain):
    name = "chatty"

    def fit(self, graphs):
        print("hello from a plugin")
        os.write(1, b"straight to the descriptor")
        return super().fit(graphs)


class Together(Plain):
    """Trains seeds together, and breaks as a whole when one of them, or their number, is bad."""

    name = "together"
    batchable = True
    largest_batch = 3

    @classmethod
    def fit_seeds(cls, methods, collections):
        if len(methods) > cls.largest_batch:
            raise OutOfMemoryError(f"CUDA out of memory for {len(methods)} seeds")
        for method, graphs in zip(methods, collections, strict=True):
            Plain.fit(method, graphs)


class OutOfMemoryError(RuntimeError):
    """What torch raises when a GPU is full."""


class OneSeedFails(Together):
    name = "one_seed_fails"

    @classmethod
    def fit_seeds(cls, methods, collections):
        if any(method.seed % 2 == 0 for method in methods):
            raise ValueError("this seed diverges")
        super().fit_seeds(methods, collections)


class AlwaysTooBig(Together):
    name = "always_too_big"
    largest_batch = 0
