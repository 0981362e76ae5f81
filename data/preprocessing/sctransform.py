"""scTransform, version 2: residuals and variable genes of counts (Choudhary & Satija 2022)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from genearena.data.common.errors import DataError, UsageError
from genearena.data.graphs import FloatArray, IntArray
from genearena.data.preprocessing.arguments import counts_and_names

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SCTransform:
    """What scTransform finds in the counts of n genes.

    Parameters
    ----------
    genes
        n gene names, all that were given.
    residuals
        (k, cells) residuals of the k variable genes, in the order of `variable_genes`: clipped to
        ±√(cells / 30) and centred per gene.
    theta, intercept
        (n,) θ and b: a count has mean μ = depth exp(b) and variance μ + μ² / θ. θ is infinite for
        genes that vary no more than a Poisson count or have a mean below 0.001; both are nan for
        genes in fewer than 5 cells.
    residual_variance
        (n,) variance of the residuals clipped to ±√cells; 0 for genes in fewer than 5 cells.
    variable_genes
        (k,) positions in `genes`, by decreasing residual variance.
    """

    genes: tuple[str, ...]
    residuals: FloatArray
    theta: Array
    intercept: Array
    residual_variance: Array
    variable_genes: IntArray


def sctransform(
    counts: Any,
    *,
    n_genes: int = 1000,
    n_cells: int | None = 5000,
    n_step1_genes: int | None = 2000,
    seed: int = 0,
    genes: Sequence[str] | None = None,
) -> SCTransform:
    """Remove sequencing depth from counts and find the variable genes.

    A negative binomial with the depth of the cell as offset is fitted to single genes, and its
    parameters are smoothed along the mean of the genes. Data of any size go through: where there
    are too few genes for a bandwidth the normal-reference one is taken, a point the kernel does
    not reach takes the values of the nearest gene, and if no gene varies more than a Poisson count
    all have infinite θ.

    Parameters
    ----------
    counts
        (cells, n) non-negative integers, dense or sparse, or an AnnData whose `X` holds them.
        The depth of a cell is its sum, so no gene should have been left out.
    n_genes
        Number of variable genes; fewer are found if fewer are in 5 cells or more.
    n_cells
        Number of cells the single genes are fitted on, drawn at random; None for all.
    n_step1_genes
        Number of genes that are fitted, drawn evenly over the levels of expression; None for all.
    seed
        Seed of both draws.
    genes
        n gene names; by default those of the AnnData, else the positions 0 to n - 1.

    Raises
    ------
    DataError
        If there are no cells or genes, a count is not a non-negative integer, or names disagree.
    UsageError
        If a number of genes or cells is not positive.

    References
    ----------
    Hafemeister & Satija, Genome Biology 2019; Choudhary & Satija, Genome Biology 2022. The fits
    follow Ahlmann-Eltze & Huber, Bioinformatics 2020.
    """
    from genearena.data.preprocessing._sctransform.fit import Sampling
    from genearena.data.preprocessing._sctransform.null_model import fit_null_model

    sizes = {"n_genes": n_genes, "n_cells": n_cells, "n_step1_genes": n_step1_genes}
    for name, size in sizes.items():
        if size is not None and size < 1:
            raise UsageError(f"scTransform got {name}={size}; want a positive number")
    matrix, names = _arguments(counts, genes)
    model = fit_null_model(matrix, Sampling(n_cells, n_step1_genes, seed))
    ranked = np.argsort(-model.variance, kind="stable")
    eligible = ranked[~np.isnan(model.theta[ranked])]
    variable = eligible[:n_genes].astype(np.int64)
    profiles = model.profiles(variable)
    return SCTransform(names, profiles, model.theta, model.intercept, model.variance, variable)


def _arguments(
    counts: Any, genes: Sequence[str] | None
) -> tuple[sparse.csc_array, tuple[str, ...]]:
    rows, names = counts_and_names("scTransform", counts, genes, None)
    if 0 in rows.shape:
        shape = f"{rows.shape[0]} cells x {rows.shape[1]} genes"
        raise DataError(f"scTransform got {shape}; want some")
    matrix = sparse.csc_array(rows)
    whole = np.isfinite(matrix.data) & (matrix.data == np.floor(matrix.data))
    wrong = np.flatnonzero(~whole | (matrix.data < 0))
    if len(wrong):
        gene = names[int(np.searchsorted(matrix.indptr, wrong[0], side="right")) - 1]
        value = f"{matrix.data[wrong[0]]:g}"
        raise DataError(
            f"scTransform got {value} for gene '{gene}'; want raw counts, non-negative integers"
        )
    return matrix, names
