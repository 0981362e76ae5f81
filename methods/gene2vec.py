"""Gene2vec: skip-gram on the pairs of co-expressed genes."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

import numpy as np

from genearena.data.graphs import FloatArray, GeneGraph, GraphCollection, IntArray
from genearena.methods._walks.skip_gram import Sentences, SkipGram
from genearena.methods.base import Method
from genearena.methods.progress import report
from genearena.methods.settings import Count, NotNegative, Positive, Share, with_settings


@with_settings
class Gene2vec(Method):
    """Learn gene vectors from co-expressed pairs (Du et al. 2019), each graph on its own.

    Every edge is a sentence of two genes, in both directions. As in the authors' program, the
    sentences are reshuffled before each pass and the learning rate decays anew within each pass.
    Genes without an edge get zeros.

    Genes with many edges are left out of sentences now and then, as gensim does by default and so
    do the authors' program and the scripts published with MuSe-GNN.

    Parameters
    ----------
    dim
        Length of the gene vectors.
    seed
        Seed of first vectors, negative samples and shuffles.
    epochs
        Passes over the sentences of a graph.
    negatives
        Random genes each pair is contrasted with.
    learning_rate, last_learning_rate
        Learning rate at the beginning and at the end of a pass.
    sample
        Share of all tokens above which a gene is frequent; 0 leaves out none.
    """

    name = "gene2vec"
    version = "3"
    needs = frozenset({"graph"})
    fast: ClassVar[dict[str, Any]] = {"epochs": 20}
    search: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "epochs": ("log", 1, 30),
        "negatives": ("log", 2, 20),
        "learning_rate": ("log", 0.005, 0.2),
        "sample": (0.0, 1e-4, 1e-3, 1e-2),
    }

    epochs: Count = 10
    negatives: Count = 5
    learning_rate: Positive = 0.025
    last_learning_rate: NotNegative = 1e-4
    sample: Share = 1e-3

    def fit(self, graphs: GraphCollection) -> Self:
        """Train on the edges of every graph."""
        self._check_settings()
        rates = self._rates()
        seeds = np.random.SeedSequence(self.seed).spawn(len(graphs))
        self.vectors_: list[FloatArray] = []
        self.n_parameters_ = 0
        losses: list[float] = []
        for graph, seed in zip(graphs, seeds, strict=True):
            for loss in self._fit_graph(graph, rates, np.random.default_rng(seed)):
                losses.append(loss)
                report(len(losses), len(graphs) * len(rates), loss)
        self.losses_ = tuple(np.reshape(losses, (len(graphs), len(rates))).mean(axis=0).tolist())
        return self

    def _rates(self) -> list[tuple[float, float]]:
        """Return the learning rates at the beginning and the end of every pass."""
        return [(self.learning_rate, self.last_learning_rate)] * self.epochs

    def _pairs(self, graph: GeneGraph) -> IntArray:
        """Return the (pairs, 2) rows of the genes of every sentence."""
        return np.concatenate([graph.edges, graph.edges[::-1]], axis=1).T

    def _ordered(self, sentences: Sentences, rng: np.random.Generator) -> Sentences:
        """Return the sentences in the order of the next pass."""
        return sentences[rng.permutation(len(sentences))]

    def _fit_graph(
        self, graph: GeneGraph, rates: list[tuple[float, float]], rng: np.random.Generator
    ) -> Iterator[float]:
        pairs = self._pairs(graph)
        if not len(pairs):
            self.vectors_.append(np.zeros((graph.n_genes, self.dim), dtype=np.float32))
            yield from [0.0] * len(rates)
            return
        model = SkipGram(
            pairs,
            graph.n_genes,
            dim=self.dim,
            window=1,
            seed=int(rng.integers(2**31)),
            negatives=self.negatives,
            sample=self.sample,
        )
        for start, end in rates:
            yield model.train(self._ordered(pairs, rng), start=start, end=end)
        self.vectors_.append(model.vectors())
        self.n_parameters_ += model.n_parameters
