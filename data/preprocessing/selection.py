"""Which genes of a data set become the nodes of its graph."""

from typing import Literal

import numpy as np

from genearena.data.common.errors import DataError
from genearena.data.graphs import IntArray, Modality
from genearena.data.notes import warn
from genearena.data.options import GenesBy
from genearena.data.preprocessing.residuals import Residuals, variable_genes
from genearena.data.preprocessing.sparkx import sparkx
from genearena.data.reading.counts import CountMatrix

Rule = Literal["variance", "sparkx"]

LEVEL = 0.05
"""Adjusted p below which a gene is said to depend on place."""


def resolve_rule(genes_by: GenesBy, modality: Modality) -> Rule:
    """Return the rule itself, or for ``auto`` the paper's: SPARK-X for spatial data only."""
    if genes_by != "auto":
        return genes_by
    return "sparkx" if modality == "spatial" else "variance"


def select_genes(counts: CountMatrix, residuals: Residuals, n_genes: int, rule: Rule) -> IntArray:
    """Return the positions of `n_genes` genes, or of all if there are fewer, ascending.

    Under ``variance`` they are those of largest residual variance, under ``sparkx`` those of
    smallest combined p of SPARK-X, whether or not it is significant; that none is, is warned of.

    Raises
    ------
    DataError
        If the rule is ``sparkx`` and there are no usable coordinates.
    """
    if rule == "variance":
        return variable_genes(residuals, n_genes)
    if counts.coordinates is None:
        raise DataError(
            f"'{counts.name}' has no coordinates of its spots, which choose the genes of spatial "
            "data; put them in obsm['spatial'], give the Visium folder, or take --genes-by variance"
        )
    try:
        found = sparkx(counts.counts, counts.coordinates, genes=counts.genes)
    except DataError as error:
        raise DataError(f"'{counts.name}': {error}") from error
    if not (found.adjusted_p < LEVEL).any():
        warn(f"'{counts.name}': no gene is seen to depend on place (SPARK-X, adjusted p < {LEVEL})")
    return np.sort(found.top(n_genes))
