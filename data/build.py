"""From the counts of one donor to its gene graph."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from genearena.data.graphs import GeneGraph
from genearena.data.notes import warn
from genearena.data.preprocessing.cscore import ALPHA, cscore
from genearena.data.preprocessing.residuals import RESIDUALS, fit_residuals
from genearena.data.preprocessing.selection import GenesBy, resolve_rule, select_genes
from genearena.data.reading.counts import CountMatrix


@dataclass(frozen=True)
class BuildOptions:
    """How counts become a graph.

    Parameters
    ----------
    n_genes
        Number of genes, the nodes.
    residuals
        Null model of the profiles, a name in `preprocessing.residuals.MODELS`.
    alpha
        Pairs of genes with p below it are edges.
    fdr
        Whether p is adjusted for multiple testing (Benjamini-Hochberg).
    genes_by
        Which genes: ``variance`` for the most variable, ``sparkx`` for those that depend most on
        place, ``auto`` for ``sparkx`` where the modality is spatial and ``variance`` elsewhere.
    """

    n_genes: int = 1000
    residuals: str = RESIDUALS
    alpha: float = ALPHA
    fdr: bool = False
    genes_by: GenesBy = "auto"


def build_graph(counts: CountMatrix, options: BuildOptions | None = None) -> GeneGraph:
    """Turn quality-controlled counts into the co-expression graph of their most telling genes.

    The depth of a cell is the sum of its `counts` over all genes, also those that are not chosen.
    Fewer genes than asked for, all of which are used then, are warned of.

    Raises
    ------
    UsageError
        If there is no such null model.
    DataError
        If genes are chosen by place and there are no usable coordinates.
    """
    options = options or BuildOptions()
    if counts.n_genes < options.n_genes:
        warn(f"'{counts.name}': all {counts.n_genes} genes are used, {options.n_genes} asked for")
    fitted = fit_residuals(options.residuals, counts.counts)
    rule = resolve_rule(options.genes_by, counts.modality)
    chosen = select_genes(counts, fitted, options.n_genes, rule)
    depth = np.asarray(counts.counts.sum(axis=1))
    kept = counts.select(genes=chosen)
    tested = cscore(kept.counts, depth=depth, genes=kept.genes)
    return GeneGraph(
        name=kept.name,
        tissue=kept.tissue,
        modality=kept.modality,
        species=kept.species,
        genes=kept.genes,
        x=fitted.profiles(chosen),
        adjacency=tested.edges(options.alpha, fdr=options.fdr),
        counts=sparse.csr_array(kept.counts.T),
        truth=kept.truth,
        simulated=kept.simulated,
        genes_by=rule,
    )
