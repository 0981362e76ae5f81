"""Select records by what the user names, and say so where a name has none."""

from collections.abc import Callable, Sequence

from genearena.benchmark.records.record import RunRecord
from genearena.data.common.errors import UsageError, did_you_mean


def keep(
    records: Sequence[RunRecord],
    tissues: Sequence[str] = (),
    sources: Sequence[str] = (),
    methods: Sequence[str] = (),
    preset: str | None = None,
) -> list[RunRecord]:
    """Return the records of some tissues, then sources, methods and preset.

    Of names none is every one, and so is ``all``.

    Raises
    ------
    UsageError
        If a name has no record.
    """
    named: dict[str, tuple[Sequence[str], Callable[[RunRecord], str]]] = {
        "tissue": (tissues, lambda record: record.task.tissue),
        "source": (sources, lambda record: record.task.source),
        "method": (methods, lambda record: record.method.name),
        "preset": ((preset,) if preset is not None else (), lambda record: record.preset),
    }
    kept = list(records)
    for what, (wanted, of) in named.items():
        present = sorted(set(map(of, kept)))
        for name in wanted if present else ():
            if name not in (*present, "all"):
                hint = did_you_mean(name, present, f"there are {', '.join(present)}")
                raise UsageError(f"no results for {what} '{name}'; {hint}")
        if wanted and "all" not in wanted:
            kept = [record for record in kept if of(record) in wanted]
    return kept
