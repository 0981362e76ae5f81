"""Methods that write to the graphs they are given, patch libraries, or lie about what they read.

Usable as ``corrupting_neighbours:Name`` wherever a method is named, with this folder on the import
path.
"""

import builtins
import ctypes
import os
import warnings
from typing import ClassVar

import numpy as np
from bad_plugins import Good

ALL = frozenset({"expression", "graph", "counts", "truth"})


# --- write to the graphs ----------------------------------------------------------------------


class CentresWithTorch(Good):
    """Centres the profiles in place, past NumPy's flag."""

    def fit(self, graphs):
        import torch

        for graph in graphs:
            x = torch.from_numpy(graph.x)
            x -= x.mean(1, keepdim=True) + 1
        return super().fit(graphs)


class Writes(Good):
    """Writes zeros to an array as C does, in embed."""

    needs = ALL

    def fit(self, graphs):
        self.arrays_ = [self.array(graph) for graph in graphs]
        return super().fit(graphs)

    def embed(self):
        for array in self.arrays_:
            ctypes.memset(array.ctypes.data, 0, array.nbytes)
        return super().embed()


class WritesEdgeWeights(Writes):
    def array(self, graph):
        return graph.adjacency.data


class WritesNeighbours(Writes):
    def array(self, graph):
        return graph.adjacency.indices


class WritesEdges(Writes):
    def array(self, graph):
        return graph.edges


class WritesCounts(Writes):
    def array(self, graph):
        return graph.counts.data


class WritesTruth(Writes):
    def array(self, graph):
        return graph.truth


class UnlocksProfiles(Good):
    """Takes NumPy's flag back on the array below the array."""

    def fit(self, graphs):
        array = graphs[0].x
        while isinstance(array.base, np.ndarray):
            array = array.base
        array.flags.writeable = True
        array[...] = 0
        return super().fit(graphs)


class SetsAttributes(Good):
    """Puts other things in the place of all that a graph consists of or keeps."""

    needs = ALL

    def fit(self, graphs):
        self.z_ = [graph.x[:, : self.dim] + np.float32(graph.n_edges) for graph in graphs]
        for graph in graphs:
            graph.index.clear()
            graph.adjacency.data = graph.adjacency.data * 0
            graph.counts.indices = graph.counts.indices[::-1].copy()
            vars(graph).update(x=graph.x * 0, edges=graph.edges[:, :1], digest="", genes=())
            object.__setattr__(graph, "truth", None)
        vars(graphs).update(fingerprint="", common_genes=(), graphs=())
        return self


class ReusesItsMemory(Good):
    """Writes every embedding into the same arrays."""

    kept: ClassVar[list] = []

    def embed(self):
        if not self.kept:
            self.kept.extend(np.zeros_like(z) for z in self.z_)
        for kept in self.kept:
            kept += 1
            kept[0] += np.arange(self.dim)
        return self.kept[: len(self.z_)]


# --- patch what others use --------------------------------------------------------------------


class PatchesLibraries(Good):
    """Makes numpy, scipy and scikit-learn give other numbers."""

    def fit(self, graphs):
        import scipy.linalg
        import sklearn.metrics

        eigh, norm = scipy.linalg.eigh, np.linalg.norm
        scipy.linalg.eigh = lambda *a, **k: tuple(part * 2 for part in eigh(*a, **k))
        np.linalg.norm = lambda *a, **k: norm(*a, **k) + 1
        sklearn.metrics.silhouette_samples = lambda x, *_, **__: np.ones(len(x))
        return super().fit(graphs)


class PatchesBuiltins(Good):
    """Makes a builtin that everyone uses a little wrong."""

    def fit(self, graphs):
        true_sum = builtins.sum
        builtins.sum = lambda *arguments, **options: true_sum(*arguments, **options) + 1
        return super().fit(graphs)


class PatchesWhatTheSuiteNeeds(Good):
    """Breaks what puts global state back after a run."""

    def fit(self, graphs):
        def refuse(*_):
            raise RuntimeError("patched")

        os.dup2 = refuse
        return super().fit(graphs)


class TurnsWarningsIntoErrors(Good):
    """For good: what would put the filters back does not any more."""

    def fit(self, graphs):
        z = super().fit(graphs)

        def refuse(message, *_, **__):
            raise RuntimeError(f"no warnings here: {message}")

        warnings.warn = warnings.showwarning = refuse
        warnings.catch_warnings.__exit__ = lambda *_: None
        warnings.simplefilter("error")
        return z


# --- lie --------------------------------------------------------------------------------------


class ReadsEdges(Good):
    """Says that it reads profiles."""

    needs = frozenset({"expression"})

    def fit(self, graphs):
        self.z_ = [graph.adjacency.toarray().astype(np.float32) for graph in graphs]
        return self


class ReadsTruth(ReadsEdges):
    """Says that it reads profiles, and knows the answer."""

    def fit(self, graphs):
        self.z_ = [np.eye(50, self.dim, dtype=np.float32)[graph.truth] for graph in graphs]
        return self


class SkipsByTruth(ReadsEdges):
    """Looks at the answer before it begins."""

    def skip(self, graphs):
        return None if graphs[0].truth.any() else "nothing to know"
