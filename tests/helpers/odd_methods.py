"""Methods that break without harm to their process."""

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


class OutOfMemoryError(RuntimeError):
    """What torch raises when a GPU is full."""


class OneSeedFails(Plain):
    name = "one_seed_fails"

    def fit(self, graphs):
        if self.seed % 2 == 0:
            raise ValueError("this seed diverges")
        return super().fit(graphs)


class AlwaysTooBig(Plain):
    name = "always_too_big"

    def fit(self, graphs):
        raise OutOfMemoryError("CUDA out of memory")
