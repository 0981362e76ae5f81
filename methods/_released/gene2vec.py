"""Gene2vec as published beside MuSe-GNN."""

from typing import ClassVar

import numpy as np

from genearena.data.graphs import GeneGraph, IntArray
from genearena.methods._walks.skip_gram import Sentences, learning_rates
from genearena.methods.base import Variant
from genearena.methods.gene2vec import Gene2vec

# gensim trains this many passes where its constructor is given sentences and no number
_PASSES_OF_THE_CONSTRUCTOR = 5


class ReleasedGene2vec(Gene2vec):
    """Gene2vec as the scripts published with MuSe-GNN run it.

    Departures from `Gene2vec`: gensim's constructor already trains 5 passes, before the `epochs`
    asked for; the learning rate decays over these and then once more over those, not within each
    pass; the sentences are never reshuffled; every gene is also paired with itself, for the
    released graphs have self-loops, so that isolated genes get vectors.

    The script's worker threads, which make its result irreproducible, are not copied.

    Parameters
    ----------
    dim, seed, negatives
        As in `Gene2vec`.
    epochs
        Passes over the sentences of a graph after those of the constructor.
    learning_rate, last_learning_rate
        Learning rate at the beginning and at the end of either training.
    sample
        As in `Gene2vec`.

    References
    ----------
    Scripts published with Liu et al. (MuSe-GNN), NeurIPS 2023.
    """

    name = "gene2vec:released"
    variant: ClassVar[Variant] = "released"

    def _rates(self) -> list[tuple[float, float]]:
        start, end = self.learning_rate, self.last_learning_rate
        return [
            *learning_rates(start, end, _PASSES_OF_THE_CONSTRUCTOR),
            *learning_rates(start, end, self.epochs),
        ]

    def _pairs(self, graph: GeneGraph) -> IntArray:
        linked = graph.adjacency.toarray() + np.eye(graph.n_genes)
        return np.argwhere(linked)

    def _ordered(self, sentences: Sentences, rng: np.random.Generator) -> Sentences:  # noqa: ARG002
        return sentences
