"""Expression profiles of genes free of sequencing depth, by name of the null model.

A null model is a function from (cells, genes) counts to a `Residuals`. To add one, write it in a
file of its own and name it in `MODELS`.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.common.registry import Registry
from genearena.data.graphs import FloatArray, IntArray

MODELS = Registry[Callable[[sparse.csr_array], "Residuals"]](
    "residuals",
    {
        "sctransform": (
            "genearena.data.preprocessing._sctransform.null_model:fit_null_model",
            "scTransform version 2, regularised negative binomial (Choudhary & Satija 2022)",
        ),
        "analytic": (
            "genearena.data.preprocessing.pearson:analytic_pearson",
            "analytic Pearson residuals, theta 100 (Lause et al. 2021)",
        ),
    },
    "genearena.residuals",
)


class Residuals(Protocol):
    """Residuals of all counts of a data set under a null model of equal expression."""

    @property
    def variance(self) -> npt.NDArray[np.float64]:
        """(genes,) variance of each gene's residuals over the cells."""

    def profiles(self, genes: IntArray) -> FloatArray:
        """Return the (len(genes), cells) residuals of the genes at these positions."""


def fit_residuals(name: str, counts: sparse.csr_array) -> Residuals:
    """Fit the null model called `name` to (cells, genes) counts.

    Raises
    ------
    UsageError
        If there is no such model; the message offers the nearest names.
    """
    return MODELS.load(name)(counts)


def variable_genes(residuals: Residuals, n_genes: int) -> IntArray:
    """Return the positions of the `n_genes` genes of largest residual variance, ascending.

    Of genes of equal variance the first in the data is taken; if there are fewer genes than
    asked for, all are.
    """
    ranked = np.argsort(-residuals.variance, kind="stable")
    return np.sort(ranked[:n_genes]).astype(np.int64)
