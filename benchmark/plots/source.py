"""Where a figure's data that no record holds come from."""

from dataclasses import dataclass

from genearena.benchmark.ranking.leaderboard import Row
from genearena.benchmark.store.records import RunRecord
from genearena.benchmark.store.results import ResultStore


@dataclass(frozen=True)
class Source:
    """Stored vectors, and the repeat to show where a figure has room for one.

    Parameters
    ----------
    store
        Results folder.
    seed
        Repeat to show; None for each method's first that ended well.
    """

    store: ResultStore
    seed: int | None = None

    def shown_run(self, row: Row) -> RunRecord | None:
        """Return the run of a method to show, None if it did not end well."""
        wanted = (run for run in row.runs.finished if self.seed in (None, run.seed))
        return next(wanted, None)
