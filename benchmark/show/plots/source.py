"""Where a figure's data that no record holds come from."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from genearena.benchmark.compare.leaderboard import Row
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore

Follow = Callable[[Sequence[Row], str], Iterable[Row]]
"""Gives rows one by one while showing how many are done of what the text says."""


def _silently(rows: Sequence[Row], _: str) -> Iterable[Row]:
    return rows


@dataclass(frozen=True)
class Source:
    """Stored vectors, the repeat to show where a figure has room for one, and who is waiting.

    Parameters
    ----------
    store
        Results folder.
    seed
        Repeat to show; None for each method's first that ended well.
    follow
        How to show progress over methods that take seconds each.
    """

    store: ResultStore
    seed: int | None = None
    follow: Follow = _silently

    def shown_run(self, row: Row) -> RunRecord | None:
        """Return the run of a method to show, None if it did not end well."""
        wanted = (run for run in row.runs.finished if self.seed in (None, run.seed))
        return next(wanted, None)
