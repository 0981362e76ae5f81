"""Stored gene sets as a table."""

from collections.abc import Iterable, Sequence
from statistics import median

from genearena.benchmark.show.tables.numbers import NOTHING, share
from genearena.benchmark.show.tables.sheet import Sheet, listing
from genearena.data.genesets.gene_sets import FEWEST, MOST, GeneSets, named_members
from genearena.data.tasks import TaskCard

LONGEST = 48
"""Characters of a gene set's name in tables and figures."""


def gene_set_table(
    stored: Iterable[GeneSets], task: TaskCard | None, genes: Sequence[str]
) -> Sheet:
    """Return a row for each file: its sets, its terms, and what a task has of it."""
    rows = []
    for sets in stored:
        sizes = [len(each.genes) for each in sets.sets]
        of_task = () if task is None else _of_task(sets, task, genes)
        numbers = (str(len(sizes)), f"{min(sizes)}-{median(sizes):g}-{max(sizes)}")
        about = (sets.licence or NOTHING, sets.source or sets.file, sets.added, sets.sha256[:12])
        rows.append((sets.name, sets.species, *numbers, str(len(sets.genes)), *of_task, *about))
    asked = () if task is None else ("of the task's genes", f"sets of {FEWEST}-{MOST}")
    title = "gene sets" if task is None else f"gene sets and {task.tissue} ({task.source})"
    numbers = ("sets", "genes each (least-median-most)", "genes", *asked)
    texts = ("licence", "source", "added", "sha256")
    return listing(title, rows, names=("name", "species"), numbers=numbers, texts=texts)


def _of_task(sets: GeneSets, task: TaskCard, genes: Sequence[str]) -> tuple[str, str]:
    if sets.species not in {graph.species.casefold() for graph in task.graphs}:
        return "other species", NOTHING
    known = set(named_members(sets, genes).values())
    sizes = [len(known.intersection(each.genes)) for each in sets.sets]
    return share(len(known) / len(genes)), str(sum(FEWEST <= size <= MOST for size in sizes))


def cut(title: str, longest: int = LONGEST) -> str:
    """Return what a gene set is called, short enough for a table or figure."""
    return title if len(title) <= longest else f"{title[: longest - 1].rstrip()}…"
