"""Whether the clusters of a tissue have its own transcription factors."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genearena.benchmark.biology.clusters import enrichment
from genearena.benchmark.biology.regulators.factors import factors_among
from genearena.benchmark.biology.stored_vectors import RunVectors, TaskRuns
from genearena.data.common.errors import DataError
from genearena.data.genesets.gene_sets import (
    BoolArray,
    GeneSet,
    GeneSets,
    check_species,
    named_members,
)
from genearena.data.graphs import GraphCollection, IntArray

StringArray = npt.NDArray[np.str_]


@dataclass(frozen=True)
class TissueFactors:
    """How many of a tissue's factors its clusters have, and of those of other tissues.

    Parameters
    ----------
    tissue, title
        What it is called, and its set of factors.
    members, found
        Factors of the set in the task, and those of them in clusters of the tissue.
    others, others_found
        The same of factors of other sets alone.
    p
        One-sided Fisher: as many `found`, if the clusters took factors of either kind alike.
    p_given_data
        The same if they did so among factors that the same data sets have: a tissue's factors are
        variable genes there, which says nothing of vectors.
    """

    tissue: str
    title: str
    members: int
    found: int
    others: int
    others_found: int
    p: float
    p_given_data: float


@dataclass(frozen=True, eq=False)
class RunTissues:
    """The factors of tissues in the clusters of one run."""

    label: str
    control: bool
    seed: int
    tissues: tuple[TissueFactors, ...]


@dataclass(frozen=True, eq=False)
class TissueTable:
    """All runs on one task; `factors` are the genes that were asked about, None for all."""

    tissue: str
    source: str
    sets: GeneSets
    factors: GeneSets | None
    runs: tuple[RunTissues, ...]


def tissue_factors(task: TaskRuns, sets: GeneSets, factors: GeneSets | None = None) -> TissueTable:
    """Ask of every run whether clusters of a tissue have its factors rather than others.

    A cluster is of the tissue that has the largest share of its own rows in it. The background are
    the factors of the task that are in some set of the file (Figure 15 of the MuSe-GNN paper, which
    does not say how it was counted).

    Parameters
    ----------
    task
        Graphs and stored vectors with their Leiden clusters.
    sets
        A set for each tissue.
    factors
        The genes that are asked about, all if None.

    Raises
    ------
    DataError
        If all graphs are of one tissue, no set is called as a tissue, or sets are of another
        species.
    """
    graphs, of_tissue = task.graphs, np.array([graph.tissue for graph in task.graphs])
    tissues = tuple(dict.fromkeys(of_tissue.tolist()))
    where = f"{graphs.tissue} ({graphs.source})"
    if len(tissues) < 2:
        raise DataError(
            f"{where} has one tissue, and factors of tissues are asked of several; make one task "
            "of them with bench run --joint, or ask 'bench clusters' for its sets"
        )
    check_species(sets, graphs)
    called = {name: next((e for e in sets.sets if _is(e, name)), None) for name in tissues}
    if not any(called.values()):
        raise DataError(
            f"no set of '{sets.name}' is called as a tissue of {where}; it has such as "
            f"'{sets.sets[0].title or sets.sets[0].key}'"
        )
    known = named_members(sets, graphs.all_genes)
    if factors is not None:
        listed = factors_among(factors, graphs.all_genes)
        known = {gene: name for gene, name in known.items() if gene in listed}
    genes = tuple(known)
    members = {
        tissue: np.array([known[gene] in each.genes for gene in genes], dtype=bool)
        for tissue, each in called.items()
        if each is not None
    }
    members = {tissue: of for tissue, of in members.items() if of.any() and not of.all()}
    if not members:
        raise DataError(
            f"no set of a tissue of {where} in '{sets.name}' has some of its {len(genes)} factors; "
            "give another list, or add data with more --genes"
        )
    present = [np.isin(genes, graph.genes) for graph in graphs]
    patterns = np.stack([np.any(np.array(present)[of_tissue == t], axis=0) for t in tissues])
    _, alike = np.unique(patterns, axis=1, return_inverse=True)
    runs = []
    for run in task.runs:
        inside = _inside(graphs, run, genes, of_tissue)
        rows = (_row(name, called[name], inside[name], of, alike) for name, of in members.items())
        runs.append(RunTissues(run.label, run.control, run.seed, tuple(rows)))
    return TissueTable(graphs.tissue, graphs.source, sets, factors, tuple(runs))


def _is(each: GeneSet, name: str) -> bool:
    return name.casefold() in (each.key.casefold(), each.title.casefold())


def _inside(
    graphs: GraphCollection, run: RunVectors, genes: Sequence[str], of_tissue: StringArray
) -> dict[str, BoolArray]:
    """Return for every tissue which genes are in its clusters."""
    numbers, of_row = np.unique(run.clusters, return_inverse=True)
    names, tissue = np.unique(of_tissue, return_inverse=True)
    of = np.repeat(tissue, [graph.n_genes for graph in graphs])
    size = np.zeros((len(numbers), len(names)))
    np.add.at(size, (of_row, of), 1)
    main = np.argmax(size / size.sum(axis=0), axis=1)
    rows = np.array([gene for graph in graphs for gene in graph.genes])
    return {
        str(name): np.isin(genes, rows[main[of_row] == place]) for place, name in enumerate(names)
    }


def _row(
    tissue: str, called: GeneSet | None, inside: BoolArray, members: BoolArray, alike: IntArray
) -> TissueFactors:
    found, p = enrichment(inside[None], members[:, None])
    return TissueFactors(
        tissue=tissue,
        title="" if called is None else called.title or called.key,
        members=int(members.sum()),
        found=int(found[0, 0]),
        others=int((~members).sum()),
        others_found=int((inside & ~members).sum()),
        p=float(p[0, 0]),
        p_given_data=stratified(inside, members, alike),
    )


def stratified(inside: BoolArray, members: BoolArray, strata: IntArray) -> float:
    """Return how likely chance finds as many members inside, if in every stratum all are alike.

    Parameters
    ----------
    inside, members, strata
        (n,) whether a gene is inside and is a member, and the number of its stratum.

    Returns
    -------
    The tail of a sum of hypergeometric numbers: Fisher's test in strata, exact and one-sided.
    """
    from scipy.stats import hypergeom

    likely = np.ones(1)
    for stratum in np.unique(strata):
        own = strata == stratum
        total, marked, drawn = own.sum(), members[own].sum(), inside[own].sum()
        counts = np.arange(min(marked, drawn) + 1)
        likely = np.convolve(likely, hypergeom.pmf(counts, total, marked, drawn))
    return float(min(likely[(inside & members).sum() :].sum(), 1.0))
