"""Transcription factors: their targets, the data sets that share them, and those of tissues."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from genearena.benchmark.biology.clusters import PERMUTATIONS
from genearena.benchmark.biology.regulators.factors import RunFactors, SharedRow, SharedTable
from genearena.benchmark.biology.regulators.questions import RegulatorTable
from genearena.benchmark.biology.regulators.targets import CORRELATION, FLOORS, TargetTable
from genearena.benchmark.biology.regulators.tissues import TissueTable
from genearena.benchmark.show.biology.estimates import lead, with_interval
from genearena.benchmark.show.tables.numbers import number, share
from genearena.benchmark.show.tables.sheet import Column, Entry, Sheet, column_of, listing
from genearena.data.common.csv_text import csv_text
from genearena.data.common.file_names import file_name
from genearena.metrics._annotation.matching import PER_CORNER

FACTORS_SHOWN = 6
CSV_COLUMNS = (
    "tissue", "source", "gene_sets", "sha256", "question", "method", "control", "seed", "factor",
    "targets", "auroc", "cluster", "in_datasets", "datasets", "tissue_asked", "members", "found",
    "others", "others_found", "p", "p_given_data",
)  # fmt: skip


def target_sheet(table: TargetTable) -> Sheet:
    """Return a row for each method, control and baseline."""
    rows = sorted(table.rows, key=lambda row: (row.control, -row.mean.value))
    competes = [not row.control for row in rows]
    return Sheet(
        title=f"Targets of factors in {table.tissue} ({table.source}) by {table.sets.name}",
        subtitle=(
            f"{len(table.factors)} factors, {table.n_pairs} pairs with a target in "
            f"{table.n_graphs} data sets; gene sets sha256 {table.sets.sha256}"
        ),
        key=file_name(table.tissue, table.source, table.sets.name, "targets"),
        labels=tuple(row.label for row in rows),
        columns=(
            *with_interval("AUROC", [row.mean for row in rows], competes),
            *(
                column_of(f"above {floor}", (lead(table.above(row, floor)) for row in rows))
                for floor in FLOORS
            ),
        ),
        sections=tuple("controls" if row.control else "methods" for row in rows),
        notes=(
            *(
                f"Methods above {what}, by their intervals: {', '.join(labels) or 'none'}"
                for what, labels in table.better.items()
            ),
            "AUROC: how often a target is nearer to its factor, by cosine, than genes that are no "
            f"target of it; {PER_CORNER} each with more and fewer edges, and targets of more and "
            "fewer factors, so that neither can tell them. Mean over data sets, then over factors, "
            "which are drawn again for the intervals",
            f"{CORRELATION}: of the two profiles, over cells, in place of the cosine",
            *table.notes,
        ),
    )


def shared_sheet(table: SharedTable) -> Sheet:
    """Return a row for each method and control."""
    rows = table.by_excess
    competes = [not row.control for row in rows]
    sizes = (float(np.mean([len(run.numbers) for run in row.runs])) for row in rows)
    columns = [
        column_of("clusters", (number(size, 1) for size in sizes), group="extra"),
        *with_interval("shared", [row.share for row in rows], competes),
        column_of("above swapped clusters", (lead(row.excess) for row in rows)),
    ]
    own = table.through == "factors"
    if own:
        others = (number(None if np.isnan(row.others) else row.others) for row in rows)
        columns.append(column_of("other genes", others, group="extra"))
    return Sheet(
        title=f"Factors that data sets share in clusters of {table.tissue} ({table.source})",
        subtitle=(
            f"{table.sets.name}: factors that {'are its genes' if own else 'have targets in it'}; "
            f"{table.n_asked} that two of {len(table.datasets)} data sets have; gene sets sha256 "
            f"{table.sets.sha256}"
        ),
        key=file_name(table.tissue, table.source, table.sets.name, "shared"),
        labels=tuple(row.label for row in rows),
        columns=tuple(columns),
        sections=tuple("controls" if row.control else "methods" for row in rows),
        notes=(
            "shared: of the clusters that have a factor, the share that has it from two data sets "
            "or more; mean over factors, which are drawn again for the intervals, and runs",
            "swapped clusters: the same where the genes of every data set swap theirs, mean of "
            f"{PERMUTATIONS}; who gives a name one vector shares everything",
        ),
    )


def factor_sheet(table: SharedTable, row: SharedRow, run: RunFactors, most: int) -> Sheet:
    """Return a row for each cluster of a run that has factors, those with most shared first."""
    counts = run.held.sum(axis=1)
    order = sorted(
        np.flatnonzero(counts.any(axis=1)), key=lambda c: (-(counts[c] > 1).sum(), run.numbers[c])
    )
    shown = order[:most]
    kinds = (("factors", 1), ("in two or more", 2), ("in all", len(table.datasets)))
    texts = tuple(Entry(_such_as(table.factors, counts[c])) for c in shown)
    where = f"{table.tissue} ({table.source})"
    return Sheet(
        title=f"Factors in clusters of {row.label}, seed {run.seed}, in {where}",
        subtitle="how many factors, and in how many data sets each is",
        key=file_name(table.tissue, table.source, table.sets.name, row.label, str(run.seed)),
        labels=tuple(str(run.numbers[c]) for c in shown),
        columns=(
            *(
                column_of(heading, (str((counts[c] >= n).sum()) for c in shown), group="extra")
                for heading, n in kinds
            ),
            Column("such as", "extra", texts, kind="text"),
        ),
        notes=(f"{len(order) - most} more clusters have some",) if len(order) > most else (),
        corner="Cluster",
    )


def _such_as(factors: Sequence[str], counts: npt.NDArray[np.int64]) -> str:
    some = [(-int(n), name) for n, name in zip(counts, factors, strict=True) if n]
    return ", ".join(f"{name} {-n}" for n, name in sorted(some)[:FACTORS_SHOWN])


def tissue_sheet(table: TissueTable) -> Sheet:
    """Return a row for each tissue and method, of its first run."""
    once = {run.label: run for run in reversed(table.runs)}
    rows = [
        (
            of.tissue,
            run.label,
            share(of.found / of.members),
            share(of.others_found / of.others),
            str(of.members),
            f"{of.p:.2g}",
            f"{of.p_given_data:.2g}",
        )
        for run in sorted(once.values(), key=lambda run: (run.control, run.label))
        for of in run.tissues
    ]
    sheet = listing(
        f"Factors of tissues in their clusters of {table.tissue} ({table.source})",
        sorted(rows, key=lambda row: row[0]),
        names=("Tissue", "method"),
        numbers=("in its clusters", "of others", "factors", "p", "p given the data"),
    )
    of = "" if table.factors is None else f" that are in {table.factors.name}"
    return replace(
        sheet,
        subtitle=f"genes of {table.sets.name}{of}; gene sets sha256 {table.sets.sha256}",
        key=file_name(table.tissue, table.source, table.sets.name, "tissues"),
        notes=(
            "in its clusters: share of the tissue's factors that are in clusters of the tissue, "
            "those with the largest share of its genes; of others: of the other tissues' factors; "
            "p: one-sided Fisher",
            "p given the data: the same among factors that the same data sets have; a tissue's "
            "factors vary there, and that choice of genes alone makes p small",
        ),
    )


def regulator_csv(tables: Iterable[RegulatorTable]) -> str:
    """Return a line for each method and factor, factor of a cluster, and tissue."""
    empty = dict.fromkeys(CSV_COLUMNS, "")
    lines = (line for table in tables for line in regulator_rows(table))
    return csv_text(CSV_COLUMNS, ({**empty, **line} for line in lines))


def regulator_rows(table: RegulatorTable) -> Iterator[dict[str, object]]:
    """Yield the lines of the csv, each with the columns that its question has."""
    about = {
        "tissue": table.tissue, "source": table.source, "gene_sets": table.sets.name,
        "sha256": table.sets.sha256,
    }  # fmt: skip
    if isinstance(table, TargetTable):
        lines = _target_lines(table)
    elif isinstance(table, SharedTable):
        lines = _shared_lines(table)
    else:
        lines = _tissue_lines(table)
    return ({**about, **line} for line in lines)


def _target_lines(table: TargetTable) -> Iterator[dict[str, object]]:
    for row in table.rows:
        for factor, n, area in zip(table.factors, table.n_targets, row.areas, strict=True):
            yield {
                "question": "targets", "method": row.label, "control": row.control,
                "factor": factor, "targets": int(n), "auroc": float(area),
            }  # fmt: skip


def _shared_lines(table: SharedTable) -> Iterator[dict[str, object]]:
    for row in table.rows:
        for run in row.runs:
            for cluster, factor in np.argwhere(run.held.any(axis=1)):
                held = run.held[cluster, :, factor]
                names = [name for name, has in zip(table.datasets, held, strict=True) if has]
                yield {
                    "question": f"shared {table.through}", "method": row.label,
                    "control": row.control, "seed": run.seed, "factor": table.factors[factor],
                    "cluster": int(run.numbers[cluster]), "in_datasets": len(names),
                    "datasets": "; ".join(names),
                }  # fmt: skip


def _tissue_lines(table: TissueTable) -> Iterator[dict[str, object]]:
    for run in table.runs:
        for of in run.tissues:
            yield {
                "question": "tissues", "method": run.label, "control": run.control,
                "seed": run.seed, "tissue_asked": of.tissue, "members": of.members,
                "found": of.found, "others": of.others, "others_found": of.others_found,
                "p": of.p, "p_given_data": of.p_given_data,
            }  # fmt: skip
