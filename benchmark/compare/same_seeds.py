"""Metrics that ask of another donor at each seed, over the seeds that all methods share."""

from collections.abc import Sequence
from dataclasses import replace

from genearena.benchmark.compare.summary import MethodRuns, usable_value
from genearena.benchmark.records.record import RunRecord

NOT_SHARED = "other methods lack the seed, which leaves out a donor of its own"
NONE_SHARED = "no seed that every method has: they were asked of unlike donors"


def same_seeds(rows: Sequence[MethodRuns]) -> tuple[MethodRuns, ...]:
    """Return the rows with answers of such metrics from seeds that all competing methods have.

    New donor leaves out another donor at each seed, and donors are not equally hard: rows of unlike
    seeds differ by their donors too. Where methods share no seed, answers stay and are flagged.
    """
    for name in sorted({n for row in rows for run in row.finished for n in run.metrics}):
        if _asks_in_turn(rows, name):
            rows = _at_shared_seeds(rows, name)
    return tuple(rows)


def _asks_in_turn(rows: Sequence[MethodRuns], name: str) -> bool:
    """Return whether every answer is of a single donor, and not always of the same one."""
    donors = set()
    for run in (run for row in rows for run in row.finished):
        if _value(run, name) is None:
            continue
        parts = run.metrics[name].parts
        known = [donor for donor, part in enumerate(parts) if part is not None]
        if len(parts) < 2 or len(known) != 1:
            return False
        donors.add(known[0])
    return len(donors) > 1


def _at_shared_seeds(rows: Sequence[MethodRuns], name: str) -> Sequence[MethodRuns]:
    asked = [{run.seed for run in row.finished if _value(run, name) is not None} for row in rows]
    compete = [seeds for row, seeds in zip(rows, asked, strict=True) if row.section == "methods"]
    shared = set.intersection(*filter(None, compete)) if any(compete) else set.union(*asked)
    if all(seeds <= shared for seeds in asked):
        return rows

    def told(run: RunRecord) -> RunRecord:
        if run.seed in shared or _value(run, name) is None:
            return run
        result = replace(run.metrics[name], flag=NONE_SHARED)
        if shared:
            result = replace(result, status="not_defined", value=None, parts=(), flag=NOT_SHARED)
        return run.model_copy(update={"metrics": {**run.metrics, name: result}})

    return [replace(row, runs=tuple(map(told, row.runs))) for row in rows]


def _value(run: RunRecord, name: str) -> float | None:
    return usable_value(run.metrics.get(name))
