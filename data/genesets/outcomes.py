"""Read the tasks of gene-benchmark, two tables of a line each: genes, and what is known of them."""

from collections.abc import Sequence
from pathlib import Path

from genearena.data.common.errors import DataError
from genearena.data.reading.formats.text import is_number, numbered_lines, split_line

ENTITIES, OUTCOMES = "entities.csv", "outcomes.csv"
TRUE, FALSE = ("1", "1.0", "true", "yes"), ("0", "0.0", "false", "no")
NOWHERE = ""
"""Stands for a set where a gene is told of that is in none."""

Pairs = list[tuple[str, str]]
"""Of a set and a gene each."""


def task_files(folder: Path) -> tuple[Path, Path]:
    """Return the files of genes and outcomes; tasks may share the genes of a folder above.

    Raises
    ------
    DataError
        If there are none.
    """
    above = (folder, *folder.absolute().parents)
    entities = next((each / ENTITIES for each in above if (each / ENTITIES).is_file()), None)
    if not (folder / OUTCOMES).is_file() or entities is None:
        raise DataError(
            f"'{folder.name}' is a folder without {OUTCOMES} and {ENTITIES}, which a task of "
            "gene-benchmark has; give a file of gene sets"
        )
    return entities, folder / OUTCOMES


def read_task(folder: Path, name: str) -> Pairs:
    """Read which genes are in which classes.

    One column of two values, 0 and 1 or the like, is the set `name`; of words, a set each; of
    several columns each is a set of the genes with 1. A gene without an outcome is left out.

    Raises
    ------
    DataError
        If the tables cannot be read, do not belong together, tell of pairs of genes, have numbers
        to regress on, or have one class only.
    """
    entities, outcomes = task_files(folder)
    genes, (headings, *rows) = _rows(entities)[1:], _rows(outcomes)
    if len(genes) != len(rows):
        raise DataError(
            f"'{entities}' has {len(genes)} genes and '{outcomes}' {len(rows)} outcomes; they must "
            "be a line each"
        )
    if any(len(row) != 1 for row in genes):
        raise DataError(f"'{entities}' tells of pairs of genes; want a column of single ones")
    names = [row[0] for row in genes]
    columns = {
        heading: [row[place] if place < len(row) else "" for row in rows]
        for place, heading in enumerate(headings)
    }
    if len(headings) == 1:
        pairs = _of_values(outcomes, next(iter(columns.values())), names, name)
    else:
        pairs = _of_columns(outcomes, columns, names)
    return [(key, gene) for key, gene in pairs if gene]


def _rows(path: Path) -> list[list[str]]:
    lines = [line for _, line in numbered_lines(path)]
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise DataError(f"'{path}' is empty")
    try:
        # a blank line is a gene whose outcome is not known
        return [[field.strip() for field in split_line(line, ",")] or [""] for line in lines]
    except ValueError as error:
        raise DataError(f"'{path}' cannot be read as a table ({error})") from error


def _of_values(path: Path, values: Sequence[str], genes: Sequence[str], name: str) -> Pairs:
    known = {value.casefold() for value in values if value}
    if len(known) < 2:
        raise DataError(f"'{path}' has one class only; want two or more")
    if known <= {*TRUE, *FALSE}:
        return _marked(name, values, genes)
    if len(known) > 2 and all(map(is_number, known)):
        raise DataError(
            f"'{path}' has {len(known)} numbers such as {min(known)}: gene sets need classes, and "
            "there is no regression; cut the numbers into classes"
        )
    return [(value, gene) for value, gene in zip(values, genes, strict=True) if value]


def _of_columns(path: Path, columns: dict[str, list[str]], genes: Sequence[str]) -> Pairs:
    pairs: Pairs = []
    for heading, values in columns.items():
        other = next((v for v in values if v and v.casefold() not in (*TRUE, *FALSE)), None)
        if other is not None:
            raise DataError(
                f"'{path}' has '{other}' in its column '{heading}'; want 0 and 1 where there are "
                "several columns"
            )
        pairs += _marked(heading, values, genes)
    return pairs


def _marked(key: str, values: Sequence[str], genes: Sequence[str]) -> Pairs:
    return [
        (key if value.casefold() in TRUE else NOWHERE, gene)
        for value, gene in zip(values, genes, strict=True)
        if value
    ]
