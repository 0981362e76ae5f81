"""node2vec: skip-gram on second-order walks."""

import importlib.util
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal, Self

import numpy as np

from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection
from genearena.methods._walks.second_order import second_order_walks
from genearena.methods._walks.skip_gram import SkipGram, learning_rates
from genearena.methods.base import Method
from genearena.methods.progress import report
from genearena.methods.settings import Count, Factor, NotNegative, Positive, with_settings

Engine = Literal["compiled", "package"]


@with_settings
class Node2vec(Method):
    """Learn gene vectors from (p, q) walks (Grover & Leskovec 2016), each graph on its own.

    The settings are the paper's, with its (p, q) for communities. Genes without an edge get zeros.

    Parameters
    ----------
    dim
        Length of the gene vectors.
    seed
        Seed of walks, first vectors and negative samples.
    p, q
        Return and in-out parameter of the walks; q < 1 leads away from the start.
    walks_per_gene, walk_length
        Walks from each gene, and genes in a walk.
    window
        Largest distance between two genes of a walk that predict each other.
    epochs
        Passes over the walks.
    learning_rate, last_learning_rate
        Learning rate at the beginning and at the end of training.
    engine
        "compiled" for our walks; "package" for walks and training by the node2vec package, which
        is some hundred times slower and comes with ``pip install genearena[node2vec]``.
    """

    name = "node2vec"
    version = "2"
    needs = frozenset({"graph"})
    fast: ClassVar[dict[str, Any]] = {
        "walk_length": 20,
        "window": 5,
        "epochs": 8,
        "learning_rate": 0.05,
    }
    search: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "p": (0.25, 0.5, 1.0, 2.0, 4.0),
        "q": (0.25, 0.5, 1.0, 2.0, 4.0),
        "walks_per_gene": ("log", 5, 20),
        "walk_length": ("log", 10, 80),
        "window": ("log", 2, 10),
        "learning_rate": ("log", 0.005, 0.2),
    }

    p: Factor = 1.0
    q: Factor = 0.5
    walks_per_gene: Count = 10
    walk_length: Count = 80
    window: Count = 10
    epochs: Count = 1
    learning_rate: Positive = 0.025
    last_learning_rate: NotNegative = 1e-4
    engine: Engine = "compiled"

    def skip(self, graphs: GraphCollection) -> str | None:  # noqa: ARG002 - the engine alone decides
        """Return a reason if the node2vec package is asked for but not installed."""
        if self.engine == "package" and importlib.util.find_spec("node2vec") is None:
            return "engine 'package' needs the node2vec package: pip install genearena[node2vec]"
        return None

    def fit(self, graphs: GraphCollection) -> Self:
        """Walk and train on every graph.

        Raises
        ------
        UsageError
            If a setting is out of range.
        """
        self._check_settings()
        seeds = np.random.SeedSequence(self.seed).generate_state(len(graphs)) >> 1
        self.vectors_: list[FloatArray] = []
        self.n_parameters_ = 0
        losses: list[float] = []
        for graph, seed in zip(graphs, seeds.tolist(), strict=True):
            for loss in self._fit_graph(graph, seed):
                losses.append(loss)
                report(len(losses), len(graphs) * self.epochs, loss)
        self.losses_ = tuple(np.reshape(losses, (len(graphs), self.epochs)).mean(axis=0).tolist())
        return self

    def _fit_graph(self, graph: GeneGraph, seed: int) -> Iterator[float]:
        walking: dict[str, Any] = {
            "walks_per_gene": self.walks_per_gene,
            "length": self.walk_length,
            "p": self.p,
            "q": self.q,
            "seed": seed,
        }
        if not graph.n_edges:
            self.vectors_.append(np.zeros((graph.n_genes, self.dim), dtype=np.float32))
            yield from [0.0] * self.epochs
        elif self.engine == "package":
            yield from self._fit_by_package(graph, walking)
        else:
            walks = second_order_walks(graph.adjacency, **walking)
            model = SkipGram(walks, graph.n_genes, dim=self.dim, window=self.window, seed=seed)
            first, last = self.learning_rate, self.last_learning_rate
            for start, end in learning_rates(first, last, self.epochs):
                yield model.train(walks, start=start, end=end)
            self.vectors_.append(model.vectors())
            self.n_parameters_ += model.n_parameters

    def _fit_by_package(self, graph: GeneGraph, walking: dict[str, Any]) -> list[float]:
        from genearena.methods._walks.package import train_by_package

        vectors = train_by_package(
            graph.adjacency,
            dim=self.dim,
            window=self.window,
            epochs=self.epochs,
            rates=(self.learning_rate, self.last_learning_rate),
            **walking,
        )
        self.vectors_.append(vectors)
        self.n_parameters_ += 2 * int(vectors.any(axis=1).sum()) * self.dim
        return [0.0] * self.epochs
