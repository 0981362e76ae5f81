"""Methods that break without harm to their process, some of them in batches of seeds."""

import os
import shutil
import signal

from bad_plugins import Good as Plain
from bad_plugins import Nan, Raises
from bad_plugins import Prints as Chatty
from bad_plugins import WrongShape as Wrong

__all__ = ["Chatty", "Nan", "Raises", "Wrong"]


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


class Deletes(Plain):
    name = "deletes"

    def fit(self, graphs):
        shutil.rmtree("results")
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
