"""GIANT-like: walks on all graphs, coupled along a tissue tree."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from genearena.data.graphs import FloatArray, GraphCollection, IntArray
from genearena.methods._walks.second_order import second_order_walks
from genearena.methods._walks.skip_gram import SkipGram, learning_rates
from genearena.methods.base import Method
from genearena.methods.progress import report
from genearena.methods.settings import Count, Factor, NotNegative, Positive, Share, with_settings


@with_settings
class GIANT(Method):
    """Learn the vectors of all graphs together, pulled towards each other along a tissue tree.

    One skip-gram model learns from second-order walks on every graph, a token being a gene of a
    graph. After each pass the vector of a gene moves towards the gene's vector at its group of
    graphs by v += pull (parent - v). Walks and skip-gram settings are GIANT's (Chen et al. 2022);
    the tree is OhmNet's (Zitnik & Leskovec 2017). Genes without an edge get zeros.

    What differs from GIANT proper: its graphs are kNN graphs per cell cluster with 128-dimensional
    vectors and a dendrogram of clusters; it pulls at every update within a pass instead of after
    the pass; input and output vectors are one; and it walks a hypergraph of transcription factors
    for chromatin accessibility.

    Parameters
    ----------
    dim
        Length of the gene vectors.
    seed
        Seed of walks, shuffles, first vectors and negative samples.
    p, q
        Return and in-out parameter of the walks.
    walks_per_gene, walk_length
        Walks from each gene, and genes in a walk.
    window
        Largest distance between two genes of a walk that predict each other.
    epochs
        Passes over the walks.
    pull
        Share of the way to its parent a vector moves after each pass (η), 0 to 1. The default is
        the best of 0.1, 0.3, 0.5, 0.7 and 0.9 by Edges on three simulated tissues that are in no
        table (0.431, 0.455, 0.455, 0.430, 0.393), and by the headline (0.170, 0.225, 0.244, 0.241,
        0.229). A stronger one nearly gives a gene one vector whatever the data set, which the
        paper's metrics reward (Avg Score 0.33, 0.39, 0.59, 0.93, 0.89).
    learning_rate, last_learning_rate
        Learning rate at the beginning and at the end of training.
    """

    name = "giant"
    version = "2"
    needs = frozenset({"graph"})
    fast: ClassVar[dict[str, Any]] = {"walks_per_gene": 10, "epochs": 3}
    search: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "p": (0.2, 0.5, 1.0, 2.0, 5.0),
        "q": (0.2, 0.5, 1.0, 2.0, 5.0),
        "walk_length": ("log", 5, 40),
        "window": ("log", 2, 10),
        "epochs": ("log", 1, 10),
        "pull": ("linear", 0.0, 1.0),
        "learning_rate": ("log", 0.005, 0.2),
    }

    p: Factor = 0.2
    q: Factor = 5.0
    walks_per_gene: Count = 20
    walk_length: Count = 10
    window: Count = 5
    epochs: Count = 5
    pull: Share = 0.5
    learning_rate: Positive = 0.05
    last_learning_rate: NotNegative = 1e-4

    def fit(self, graphs: GraphCollection) -> Self:
        """Walk on every graph and train one model on all walks."""
        self._check_settings()
        rng = np.random.default_rng(self.seed)
        offsets = np.cumsum([0] + [graph.n_genes for graph in graphs])
        walks = np.concatenate(
            [
                offset
                + second_order_walks(
                    graph.adjacency,
                    walks_per_gene=self.walks_per_gene,
                    length=self.walk_length,
                    p=self.p,
                    q=self.q,
                    seed=int(rng.integers(2**31)),
                )
                for graph, offset in zip(graphs, offsets, strict=False)
            ]
        )
        if not len(walks):
            self.vectors_ = [np.zeros((g.n_genes, self.dim), dtype=np.float32) for g in graphs]
            return self
        seed = int(rng.integers(2**31))
        model = SkipGram(walks, int(offsets[-1]), dim=self.dim, window=self.window, seed=seed)
        known, groups = model.known, [graph.group for graph in graphs]
        leaf, gene = _places(graphs)
        where = leaf[known], gene[known]
        leaves = np.zeros((len(graphs), gene.max() + 1, self.dim), dtype=np.float32)
        present = np.zeros(leaves.shape[:2], dtype=bool)
        present[where] = True
        losses = []
        for start, end in learning_rates(self.learning_rate, self.last_learning_rate, self.epochs):
            shuffled = walks[rng.permutation(len(walks))]
            losses.append(model.train(shuffled, start=start, end=end))
            leaves[where] = vectors = model.vectors()[known]
            parents = parent_vectors(leaves, present, groups)[where]
            model.set_vectors(known, vectors + self.pull * (parents - vectors))
            report(len(losses), self.epochs, losses[-1])
        self.vectors_ = np.split(model.vectors(), offsets[1:-1])
        self.losses_ = tuple(losses)
        self.n_parameters_ = model.n_parameters
        return self


def _places(graphs: GraphCollection) -> tuple[IntArray, IntArray]:
    """Return the position of the graph and the number of the gene's name, of every token."""
    leaf = np.repeat(np.arange(len(graphs)), [graph.n_genes for graph in graphs])
    names = [gene for graph in graphs for gene in graph.genes]
    return leaf, np.unique(names, return_inverse=True)[1]


def parent_vectors(
    leaves: FloatArray, present: npt.NDArray[np.bool_], groups: Sequence[str]
) -> FloatArray:
    """Return each gene's vector at the group above each graph.

    An inner node's vector of a gene is the mean over the node's parent, if it has one, and its
    children that know the gene (OhmNet, Zitnik & Leskovec 2017). For two inner levels these
    equations are solved at once: with S_t the sum and c_t the number of the vectors below group t,
    group t is (S_t + root) / (c_t + 1), and the root is the mean of its k groups,
    root = Σ S_t / (c_t + 1) / (k - Σ 1 / (c_t + 1)).

    Parameters
    ----------
    leaves
        (N, genes, dim) vectors of the genes in the graphs, zero for absent genes.
    present
        (N, genes) whether a graph has a gene.
    groups
        Group of each of the N graphs.

    Returns
    -------
    (N, genes, dim) vectors; those of genes a graph does not have are meaningless.
    """
    names = list(dict.fromkeys(groups))
    group_of = np.array([names.index(group) for group in groups])
    member = (group_of == np.arange(len(names))[:, None]).astype(np.float64)
    total = np.tensordot(member, leaves, axes=1)
    count = (member @ present)[:, :, None]
    knows = count > 0
    open_share = knows / (count + 1)
    free = knows.sum(axis=0) - open_share.sum(axis=0)
    root = (total * open_share).sum(axis=0) / np.where(free > 0, free, 1)
    parents: FloatArray = ((total + root) / (count + 1))[group_of].astype(np.float32)
    return parents
