"""Programme clusters (H5): whether the clusters of a donor's vectors are its programmes."""

import numpy as np

from genearena.metrics._shared.fuzzy_graph import fuzzy_graph
from genearena.metrics._shared.leiden import leiden
from genearena.metrics._shared.preconditions import mean_over_graphs, need_programmes
from genearena.metrics.base import Metric, Score
from genearena.metrics.embedding_space import EmbeddingSpace


def programme_clusters(space: EmbeddingSpace) -> Score:
    """Average over donors the adjusted mutual information of Leiden clusters and programmes.

    Clusters are found in each donor by itself, among the genes of some programme; those without a
    vector are a cluster each.

    Raises
    ------
    NotDefined
        If the programmes are unknown, as in real data, or no graph has two.
    """
    need_programmes(space)
    values = [_of_graph(space, position) for position in range(len(space.graphs))]
    return mean_over_graphs(values, "no two programmes")


def _of_graph(space: EmbeddingSpace, position: int) -> float | None:
    from sklearn.metrics import adjusted_mutual_info_score

    truth = space.graphs[position].truth
    if truth is None or len(np.unique(truth[truth >= 0])) < 2:
        return None
    member = truth >= 0
    # in the order of their names, which Leiden visits them in
    by_name = np.argsort(np.array(space.graphs[position].genes))
    covered = by_name[(space.covered_in(position) & member)[by_name]]
    cluster = -1 - np.arange(len(truth))
    if len(covered) > 1:
        rows = space.vectors[position][covered].astype(np.float64)
        cluster[covered] = leiden(fuzzy_graph(rows), seed=space.seed)
    return float(adjusted_mutual_info_score(truth[member], cluster[member]))


METRIC = Metric(
    name="programme_clusters",
    label="Programme AMI",
    function=programme_clusters,
    low=-1.0,
    cites="Vinh et al. 2010",
    equation="AMI( Leiden clusters of a donor's zᵢ, programmes )",
    remark="Over the genes of some programme; 0 is chance and 1 the programmes themselves.",
    needs=frozenset({"truth"}),
)
