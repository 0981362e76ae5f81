"""The gene vectors of one run, with the neighbour graph and clusters all metrics share."""

from dataclasses import dataclass

from genearena.data.graphs import FloatArray, GraphCollection
from genearena.data.holdout import HiddenPairs


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Vectors trained without the hidden pairs, for judging edge prediction."""

    vectors: tuple[FloatArray, ...]
    pairs: tuple[HiddenPairs, ...]


@dataclass(frozen=True, eq=False)
class EmbeddingSpace:
    """Vectors of all (data set, gene) rows.

    Parameters
    ----------
    graphs
        The task the vectors belong to.
    vectors
        One (n_genes, dim) array per graph, rows in gene order.
    heldout
        Vectors of a second training without some edges, if there was one.
    seed
        Seed of the clustering.
    """

    graphs: GraphCollection
    vectors: tuple[FloatArray, ...]
    heldout: HeldOut | None = None
    seed: int = 0
