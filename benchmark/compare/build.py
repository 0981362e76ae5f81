"""Build the leaderboard of every task from stored records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from genearena.benchmark.compare.aggregate import Floats, Ties, standings
from genearena.benchmark.compare.labels import label_methods
from genearena.benchmark.compare.leaderboard import Leaderboard, Row
from genearena.benchmark.compare.metric_columns import (
    STAND_INS,
    MetricColumn,
    metric_columns,
    registry_position,
)
from genearena.benchmark.compare.same_seeds import same_seeds
from genearena.benchmark.compare.summary import SECTIONS, Cell, MethodKey, gather, own_or_all
from genearena.benchmark.records.record import RunRecord, is_merged
from genearena.benchmark.records.selection import keep
from genearena.data.common.collector import paused_collector
from genearena.methods.registry import METHODS


@paused_collector()
def build_leaderboards(
    records: Iterable[RunRecord],
    *,
    tissues: Sequence[str] = (),
    sources: Sequence[str] = (),
    preset: str | None = None,
    ties: Ties = "average",
) -> tuple[Leaderboard, ...]:
    """Build one leaderboard per tissue and source, in alphabetical order.

    Parameters
    ----------
    records
        Stored runs, in any order.
    tissues, sources, preset
        What to keep; empty or None keeps all.
    ties
        Rank of equal values, ``average`` or ``min``.

    Raises
    ------
    UsageError
        If a tissue, source or preset has no record.
    """
    kept = list(records)
    company = _by_age(kept)
    kept = keep(kept, tissues, sources, preset=preset)
    by_task: dict[tuple[str, str], list[RunRecord]] = {}
    for record in kept:
        by_task.setdefault((record.task.tissue, record.task.source), []).append(record)
    groups = [by_task[task] for task in sorted(by_task)]
    current = [_newest_data(group) for group in groups]
    labels = label_methods(record for group in current for record in group)
    return tuple(
        _build(group, labels, company, len(everything) - len(group), ties)
        for group, everything in zip(current, groups, strict=True)
    )


def _by_age(records: Sequence[RunRecord]) -> tuple[str, ...]:
    # controls have no look of their own, and must not change that of methods
    own = (record for record in records if not record.method.control)
    ordered = sorted((is_merged(r), r.created, r.label or r.method.name) for r in own)
    return tuple(dict.fromkeys(name for *_, name in ordered))


def _newest_data(records: list[RunRecord]) -> list[RunRecord]:
    newest = max(own_or_all(records), key=lambda r: (r.created, r.task.fingerprint)).task
    return [record for record in records if record.task.fingerprint == newest.fingerprint]


def _build(
    records: list[RunRecord],
    labels: Mapping[MethodKey, str],
    company: tuple[str, ...],
    older: int,
    ties: Ties,
) -> Leaderboard:
    order = METHODS.names
    methods = sorted(
        same_seeds(gather(records)),
        key=lambda r: (registry_position(order, r.key.name), labels[r.key]),
    )
    columns = metric_columns(own_or_all(records))
    cells = [{c.name: runs.cell(c.name, c.version) for c in columns} for runs in methods]
    known = {c.name for c in columns if any(row[c.name].n for row in cells)}
    shown = [
        replace(c, headline=False) if STAND_INS.get(c.name) in known else c
        for c in columns
        if c.name in known
    ]
    result = standings(
        table_of_means(cells, shown),
        higher=np.array([c.higher_is_better for c in shown], dtype=bool),
        scored=np.array([c.scored for c in shown], dtype=bool),
        competes=np.array([runs.section == "methods" for runs in methods], dtype=bool),
        ties=ties,
    )
    names = [c.name for c in shown]
    rows = [
        Row(
            label=labels[runs.key],
            runs=runs,
            cells=cells[i],
            scaled=dict(zip(names, map(_or_none, result.scaled[i]), strict=True)),
            ranks=dict(zip(names, map(_or_none, result.ranks[i]), strict=True)),
            avg_score=_or_none(result.avg_score[i]),
            avg_rank=_or_none(result.avg_rank[i]),
            company=company,
        )
        for i, runs in enumerate(methods)
    ]
    return Leaderboard(
        task=own_or_all(records)[0].task,
        rows=tuple(sorted(rows, key=_standing)),
        metrics=tuple(shown),
        left_out={c.label: _why_left_out(cells, c) for c in columns if c.name not in known},
        constant=tuple(c.label for c, same in zip(shown, result.constant, strict=True) if same),
        older_data=older,
        ties=ties,
    )


def table_of_means(cells: Sequence[Mapping[str, Cell]], columns: Sequence[MetricColumn]) -> Floats:
    """Return the (rows, columns) means of a table's cells, NaN where there is none."""
    means = [[row[c.name].mean for c in columns] for row in cells]
    table = np.array([[np.nan if m is None else m for m in row] for row in means])
    return table.reshape(len(cells), len(columns))


def _standing(row: Row) -> tuple[int, bool, float, float]:
    # sorted() is stable, so that ties keep the order of the registry
    section = SECTIONS.index(row.section)
    if row.control:
        return section, False, 0.0, 0.0
    return section, row.avg_score is None, row.avg_rank or 0.0, -(row.avg_score or 0.0)


def _why_left_out(cells: Sequence[Mapping[str, Cell]], column: MetricColumn) -> str:
    reasons = sorted({text for row in cells for text, _ in row[column.name].problems})
    return "; ".join(reasons) or "no run finished"


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
