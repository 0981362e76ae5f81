"""Select records by what the user names, and say so where a name has none."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from genearena.benchmark.records.record import RunRecord
from genearena.data.common.errors import UsageError, did_you_mean

_SELECTED_BY: Mapping[str, Callable[[RunRecord], str]] = MappingProxyType(
    {
        "tissue": lambda record: record.task.tissue,
        "source": lambda record: record.task.source,
        "method": lambda record: record.method.name,
        "preset": lambda record: record.preset,
    }
)


def keep(records: list[RunRecord], what: str, wanted: Sequence[str]) -> list[RunRecord]:
    """Return the records of some tissues, sources, methods or presets (`what`).

    Parameters
    ----------
    records
        Stored runs.
    what
        What is named.
    wanted
        Names; ``all`` is every one, and so is none.

    Raises
    ------
    UsageError
        If a name has no record.
    """
    if not wanted or not records:
        return records
    of = _SELECTED_BY[what]
    present = sorted({of(record) for record in records})
    for name in wanted:
        if name not in (*present, "all"):
            hint = did_you_mean(name, present, f"there are {', '.join(present)}")
            raise UsageError(f"no results for {what} '{name}'; {hint}")
    return [record for record in records if "all" in wanted or of(record) in wanted]
