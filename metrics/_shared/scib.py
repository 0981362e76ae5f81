"""What the metrics of scib-metrics share: the package itself, its neighbours, rows with labels.

The package brings jax: 6 s of import, and a second of compiling for every shape of array that a
function has not seen. It is imported when a metric is computed, and never by light commands.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from genearena.data.graphs import IntArray
from genearena.metrics._shared.fuzzy_graph import fuzzy_graph
from genearena.metrics._shared.nearest_rows import DoubleArray, nearest_rows
from genearena.metrics._shared.preconditions import need_programmes
from genearena.metrics.base import NotDefined, Score
from genearena.metrics.embedding_space import EmbeddingSpace

NEEDS_LABELS = frozenset({"truth"})


@dataclass(frozen=True, eq=False)
class LabelledRows:
    """The rows whose gene has a label and a vector, in the order of gene and data set names.

    Parameters
    ----------
    rows
        (n, dim) vectors.
    label, dataset
        (n,) label, and position of the data set.
    lacking
        How many rows have a label and no vector.
    """

    rows: DoubleArray
    label: IntArray
    dataset: IntArray
    lacking: int

    def score(self, value: float) -> Score:
        """Return a value, flagged if there are rows without a vector."""
        n = len(self.rows) + self.lacking
        flag = f"partial: {self.lacking} of {n} labelled rows have no vector"
        return Score(float(value), flag if self.lacking else "")


def labelled_rows(space: EmbeddingSpace) -> LabelledRows:
    """Return the rows with a label: genes of some simulated programme.

    This is the one place where labels come from.

    Raises
    ------
    NotDefined
        If labels are unknown, as in real data, or fewer than two have three rows with a vector.
    """
    need_programmes(space)
    label = np.concatenate(
        [np.full(g.n_genes, -1) if g.truth is None else g.truth for g in space.graphs]
    )
    # in the order of names, since Leiden visits rows in theirs
    genes = np.array([gene for graph in space.graphs for gene in graph.genes])
    by_name = np.lexsort((np.array(space.graphs.names)[space.dataset], genes))
    known = by_name[label[by_name] >= 0]
    kept = known[space.covered[known]]
    found = LabelledRows(space.rows[kept], label[kept], space.dataset[kept], len(known) - len(kept))
    if (np.unique(found.label, return_counts=True)[1] > 2).sum() < 2:
        raise NotDefined("fewer than two labels have three rows with a vector")
    return found


@contextmanager
def scib_package() -> Iterator[Any]:
    """Give the package, which computes in double precision meanwhile, as this suite does.

    Afterwards jax's precision and igraph's generator, which it seeds, are what they were.
    """
    import random

    import igraph
    import jax
    import scib_metrics as package

    # by its setting: the context manager for it is elsewhere from version to version
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    try:
        yield package
    finally:
        jax.config.update("jax_enable_x64", before)
        igraph.set_random_number_generator(random)


def neighbours_of(rows: DoubleArray, size: int) -> Any:
    """Return every row's `size` nearest rows, itself the first, for scib-metrics.

    Distances are divided by a power of two of each row's own, so that none of the package's steps
    ends at some scale; of all it computes from them nothing depends on scale.
    """
    from scib_metrics.nearest_neighbors import NeighborsResults

    neighbour, distance = nearest_rows(rows, min(size, len(rows)) - 1)
    _, exponent = np.frexp(distance.max(axis=1, keepdims=True))
    itself = np.arange(len(rows))[:, None]
    return NeighborsResults(
        indices=np.hstack([itself, neighbour]),
        distances=np.hstack([np.zeros((len(rows), 1)), np.ldexp(distance, -exponent)]),
    )


def clusters_against_labels(space: EmbeddingSpace, what: str) -> Score:
    """Compare Leiden clusters with labels, at the one of ten resolutions with the highest NMI.

    ``scib_metrics.nmi_ari_cluster_labels_leiden`` on the neighbour graph of the rows with a label;
    `what` is "nmi" or "ari".

    Raises
    ------
    NotDefined
        If there are too few labels.
    """
    from scipy import sparse

    found = labelled_rows(space)
    with scib_package() as package:
        neighbours = neighbours_of(found.rows, 15)
        # instead of umap-learn's, which are the same and take seconds to compile
        neighbours.knn_graph_connectivities = sparse.csr_matrix(fuzzy_graph(found.rows))
        both = package.nmi_ari_cluster_labels_leiden(neighbours, found.label, seed=space.seed)
    return found.score(both[what])
