"""From the counts of one donor to its gene graph."""

import numpy as np
from scipy import sparse

from genearena.data.graphs import GeneGraph, IntArray
from genearena.data.notes import warn
from genearena.data.options import BuildOptions
from genearena.data.preprocessing.cscore import cscore
from genearena.data.preprocessing.residuals import fit_residuals
from genearena.data.preprocessing.selection import resolve_rule, select_genes
from genearena.data.reading.counts import CountMatrix
from genearena.data.simulation.streams import stream

FEWEST_CELLS = 100
"""Cells that each half needs for a donor's cells to be split."""


def build_graph(counts: CountMatrix, options: BuildOptions | None = None) -> GeneGraph:
    """Turn quality-controlled counts into the co-expression graph of their most telling genes.

    The depth of a cell is the sum of its `counts` over all genes, also those that are not chosen.
    Fewer genes than asked for, all of which are used then, are warned of, and so is a donor of too
    few cells to keep half of them back. Nothing but the replicate depends on the other half.

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
    shown, kept_back = _halves(counts, options)
    fitted = fit_residuals(options.residuals, shown.counts)
    rule = resolve_rule(options.genes_by, counts.modality)
    chosen = select_genes(shown, fitted, options.n_genes, rule)
    kept = shown.select(genes=chosen)
    return GeneGraph(
        name=kept.name,
        tissue=kept.tissue,
        modality=kept.modality,
        species=kept.species,
        genes=kept.genes,
        x=fitted.profiles(chosen),
        adjacency=_edges(shown, chosen, options),
        counts=sparse.csr_array(kept.counts.T),
        truth=kept.truth,
        simulated=kept.simulated,
        genes_by=rule,
        replicate=None if kept_back is None else _edges(kept_back, chosen, options),
        condition=kept.condition,
        donor=kept.donor,
    )


def _halves(counts: CountMatrix, options: BuildOptions) -> tuple[CountMatrix, CountMatrix | None]:
    """Return the cells that methods may see and those kept back, if any are."""
    if options.protocol == "paper":
        return counts, None
    if counts.n_cells < 2 * FEWEST_CELLS:
        warn(
            f"'{counts.name}': {counts.n_cells} cells are too few to keep half of them back, which "
            f"takes {2 * FEWEST_CELLS}; all are used, and what compares halves is not scored on it"
        )
        return counts, None
    rng = stream(options.split_seed, "halves", counts.tissue, counts.name)
    order = rng.permutation(counts.n_cells)
    middle = (counts.n_cells + 1) // 2
    first, second = np.sort(order[:middle]), np.sort(order[middle:])
    return counts.select(cells=first), counts.select(cells=second)


def _edges(counts: CountMatrix, genes: IntArray, options: BuildOptions) -> sparse.csr_array:
    depth = np.asarray(counts.counts.sum(axis=1))
    tested = cscore(counts.counts[:, genes], depth=depth)
    return tested.edges(options.alpha, fdr=options.fdr)
