"""Control: sixteen spots of the average network."""

from typing import Self

import numpy as np

from genearena.data.graphs import GraphCollection
from genearena.methods._networks import columns_of, names_of
from genearena.methods.base import Method
from genearena.methods.consensus import average_network, spectral
from genearena.methods.settings import Count, NotNegative, with_settings


@with_settings
class Spots(Method):
    """Put every gene name on one of a few spots, and every row at a hair's breadth of it.

    Spots are the k-means centres of `consensus`: nothing of any one graph is left, and scores of
    mixing, clusters and common genes are the highest.

    Parameters
    ----------
    dim
        Length of the gene vectors.
    seed
        Seed of the centres and the noise.
    n_spots
        Number of spots.
    noise
        Standard deviation of each row's own noise.
    """

    name = "spots"
    version = "2"
    control = True
    needs = frozenset({"graph"})

    n_spots: Count = 16
    noise: NotNegative = 1e-3

    def fit(self, graphs: GraphCollection) -> Self:
        """Average the graphs and find the spots."""
        from sklearn.cluster import KMeans

        self._check_settings()
        names = names_of(graphs)
        vectors = spectral(average_network(graphs), self.dim)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        found = KMeans(min(self.n_spots, len(names)), n_init=4, random_state=self.seed % 2**32)
        spot = found.fit_predict(vectors)
        places = found.cluster_centers_[spot]
        rng = np.random.default_rng(self.seed)
        self.vectors_ = []
        for graph in graphs:
            own = self.noise * rng.standard_normal((graph.n_genes, self.dim))
            placed = places[columns_of(graph.genes, names)] + own
            self.vectors_.append(placed.astype(np.float32))
        return self
