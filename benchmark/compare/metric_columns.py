"""The metrics of a table as columns, in the order tables show them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from genearena.benchmark.records.record import MetricResult, RunRecord
from genearena.metrics.registry import METRICS

STAND_INS: Mapping[str, str] = {
    "shared_partners": "shared_function",
    "rewiring": "specific_function",
}
"""Metric of the headline -> the one in whose place it is, on data whose functions are not known."""
ACROSS = frozenset({*STAND_INS, *STAND_INS.values()})
"""Metrics that compare vectors of different donors for what they share: the others of the headline
look within one at a time."""


@dataclass(frozen=True)
class MetricColumn:
    """A metric as a task's tables show it; of the headline are metrics of the suite alone."""

    name: str
    label: str
    higher_is_better: bool
    scored: bool
    version: str = "1"
    headline: bool = False


def registry_position(names: Sequence[str], name: str) -> int:
    """Return the place of a name in a registry; names it lacks come last."""
    return names.index(name) if name in names else len(names)


def metric_columns(records: Sequence[RunRecord]) -> list[MetricColumn]:
    """Return the metrics of some records, those that are scored first, in registry order.

    What a metric of the suite means the suite says; of another, the newest record.
    """
    newest: dict[str, MetricResult] = {}
    for record in sorted(records, key=lambda r: (r.created, r.run_id), reverse=True):
        for name, result in record.metrics.items():
            newest.setdefault(name, result)
    columns = []
    for name, result in newest.items():
        own = METRICS.load(name) if name in METRICS.builtin else None
        m = own or result
        column = MetricColumn(name, m.label, m.higher_is_better, m.scored, m.version)
        columns.append(replace(column, headline=own is not None and own.headline))
    columns.sort(key=lambda c: (not c.scored, registry_position(METRICS.names, c.name), c.name))
    sharing = Counter(column.label for column in columns)
    return [
        replace(column, label=f"{column.label} ({column.name})")
        if sharing[column.label] > 1 and column.name not in METRICS.builtin
        else column
        for column in columns
    ]
