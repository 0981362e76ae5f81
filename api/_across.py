"""The part of ``ga.tl`` that asks how vectors of different data sets differ; see `tl`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from genearena.api._genesets import Sets, gene_sets
from genearena.api._tables import frame
from genearena.api._vectors import Keys, task_of
from genearena.benchmark.biology.conditions.contrast import contrast as contrast_of
from genearena.benchmark.biology.orthology.species import species_table
from genearena.benchmark.biology.regulators.factors import Through
from genearena.benchmark.biology.regulators.questions import regulator_questions
from genearena.benchmark.show.biology import contrast_sheets, regulator_sheets, species_sheets
from genearena.data.graphs import GraphCollection

if TYPE_CHECKING:
    from anndata import AnnData
    from pandas import DataFrame


def contrast(
    adata: "AnnData",
    graphs: GraphCollection,
    *,
    by: str = "condition",
    between: Sequence[str] = (),
    seed: int = 0,
    use_rep: Keys = None,
) -> "DataFrame":
    """Ask which genes have other neighbours under one condition than another: ``bench contrast``.

    Parameters
    ----------
    adata, graphs, use_rep
        As for `neighbors`.
    by
        What of the data sets is compared: ``condition``, ``species`` or ``modality``.
    between
        The two to compare, where there are more.
    seed
        Of exchanges of conditions between donors, if not all are tried.

    Returns
    -------
    A row for each gene by each method, and by expression and degree alone, those that move most
    first: ``moved`` is the share of what differs between donors that the condition explains, ``p``
    is not below ``smallest_p``.

    Raises
    ------
    UsageError
        If there are not two conditions.
    DataError
        If there are too few donors or common genes.
    """
    found = contrast_of(task_of(adata, use_rep, graphs), by, between, seed)
    return frame(contrast_sheets.CSV_COLUMNS, contrast_sheets.contrast_rows(found))


def species(
    adata: "AnnData",
    graphs: GraphCollection,
    *,
    orthologs: str | Path | None = None,
    between: Sequence[str] = (),
    use_rep: Keys = None,
) -> "DataFrame":
    """Ask whether orthologs lie together that no method was told of, as ``bench species`` does.

    Parameters
    ----------
    adata, graphs, use_rep
        As for `neighbors`; the vectors' ``cluster`` in `obs` is used, too.
    orthologs
        Table of the genes of two species; by default genes of one name are, in any case.
    between
        Which two species, if there are more.

    Returns
    -------
    A row for each method or baseline and ``quantity``, with its 95 % interval.

    Raises
    ------
    UsageError
        If it is not known which two species are meant.
    DataError
        If no two graphs have enough orthologs, or these bear one name.
    """
    table = None if orthologs is None else Path(orthologs)
    with threadpool_limits(1):
        found = species_table(task_of(adata, use_rep, graphs), table, between)
    return frame(species_sheets.CSV_COLUMNS, species_sheets.species_rows(found))


def regulators(
    adata: "AnnData",
    graphs: GraphCollection,
    *,
    targets: Sets | None = None,
    factors: Sets | None = None,
    tissue_sets: Sets | None = None,
    through: Through = "factors",
    min_targets: int = 1,
    seed: int = 0,
    use_rep: Keys = None,
    data_dir: str | Path | None = None,
) -> "DataFrame":
    """Ask what vectors know of transcription factors, as ``bench regulators`` does.

    Parameters
    ----------
    adata, graphs, use_rep, data_dir
        As for `neighbors`.
    targets
        Gene sets of factors and their targets: are these told from genes of as many edges?
    factors
        A list of factors (else those of `targets`): which do data sets have in the same clusters?
    tissue_sets
        Sets called as the tissues of a task of several: do clusters of a tissue have its factors?
    through
        A cluster has a factor if that (``factors``) or a target of it (``targets``) is in it.
    min_targets
        Targets that a factor has in some data set.
    seed
        Of swapped clusters.

    Returns
    -------
    A row for each method and factor, factor of a cluster, and tissue; ``question`` says of which.

    Raises
    ------
    UsageError
        If nothing is asked, or there are no such sets.
    DataError
        If the task has too few of their genes.
    """
    kind = graphs[0].species
    of_targets, of_factors, of_tissues = (
        None if given is None else gene_sets(given, kind, data_dir)
        for given in (targets, factors, tissue_sets)
    )
    questions = regulator_questions(of_targets, of_factors, of_tissues, through, min_targets, seed)
    task = task_of(adata, use_rep, graphs)
    with threadpool_limits(1):
        tables = [ask(task) for ask in questions]
    rows = (row for table in tables for row in regulator_sheets.regulator_rows(table))
    return frame(regulator_sheets.CSV_COLUMNS, rows)
