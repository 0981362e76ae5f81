"""iLISI as scib-metrics computes it: another engine for the metric of ``ilisi.py``."""

import numpy as np

from genearena.metrics._shared.preconditions import need_judged_rows, need_several_datasets
from genearena.metrics._shared.scib import neighbours_of, scib_package
from genearena.metrics.base import Metric
from genearena.metrics.embedding_space import EmbeddingSpace
from genearena.metrics.ilisi import NEIGHBOURS


def scib_ilisi(space: EmbeddingSpace) -> float:
    """Return what `common_gene_ilisi` does, by ``scib_metrics.ilisi_knn``.

    On the same neighbours both agree to 1e-6, with scib-metrics 0.5.10 as with 0.6.1.

    Raises
    ------
    NotDefined
        If there is one data set, or too few rows of common genes have a vector.
    """
    need_several_datasets(space)
    need_judged_rows(space)
    others = min(NEIGHBOURS, len(space.judged) - 1)
    with scib_package() as package:
        neighbours = neighbours_of(space.rows[space.judged], others + 1)
        dataset = space.dataset[space.judged]
        index = package.ilisi_knn(neighbours, dataset, perplexity=others // 3, scale=False)
    # over all data sets, not only those that have vectors
    return float(np.clip((index - 1) / (len(space.graphs) - 1), 0, 1))


METRIC = Metric(
    name="scib_ilisi",
    label="iLISI (scib)",
    function=scib_ilisi,
    cites="LISI (Korsunsky et al. 2019); scib-metrics",
    equation="iLISI = ( median of 1 / Σ_b p_b² - 1 ) / ( B - 1 )",
    remark="iLISI of the paper's six by another engine: the same number to 1e-6.",
    group="scib",
)
