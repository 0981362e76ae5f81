"""The questions about transcription factors that one call asks."""

from collections.abc import Callable
from functools import partial

from genearena.benchmark.biology.regulators.factors import SharedTable, Through, shared_factors
from genearena.benchmark.biology.regulators.targets import TargetTable, target_table
from genearena.benchmark.biology.regulators.tissues import TissueTable, tissue_factors
from genearena.benchmark.biology.stored_vectors import TaskRuns
from genearena.data.common.errors import UsageError
from genearena.data.genesets.gene_sets import GeneSets

RegulatorTable = TargetTable | SharedTable | TissueTable


def regulator_questions(
    targets: GeneSets | None = None,
    factors: GeneSets | None = None,
    tissue_sets: GeneSets | None = None,
    through: Through = "factors",
    fewest: int = 1,
    seed: int = 0,
) -> list[Callable[[TaskRuns], RegulatorTable]]:
    """Return what these gene sets allow to ask a task.

    See `target_table`, `shared_factors` and `tissue_factors`.

    Parameters
    ----------
    targets
        Factors with their targets.
    factors
        A list of factors; those of `targets` if there is none.
    tissue_sets
        Genes of tissues.
    through, seed
        How a cluster has a factor, and the seed of swapped clusters.
    fewest
        Targets that a factor has in some data set.

    Raises
    ------
    UsageError
        If nothing is asked.
    """
    asked: list[Callable[[TaskRuns], RegulatorTable]] = []
    listed = factors or targets
    if targets:
        asked.append(partial(target_table, sets=targets, fewest=fewest))
    if listed:
        sets = targets if targets and through == "targets" else listed
        asked.append(partial(shared_factors, sets=sets, through=through, seed=seed))
    if tissue_sets:
        asked.append(partial(tissue_factors, sets=tissue_sets, factors=listed))
    if not asked:
        raise UsageError(
            "nothing is asked; give gene sets as targets, factors or tissue sets, "
            "see 'bench genesets list'"
        )
    return asked
