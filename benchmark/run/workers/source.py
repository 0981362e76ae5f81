"""Batches that may not be there yet."""

from collections.abc import Iterable

from genearena.benchmark.run.evaluation.batches import Batch


class Source:
    """Batches to pull one at a time.

    Parameters
    ----------
    batches
        May yield None where there is nothing to do just now; see `Executor.run`.
    """

    def __init__(self, batches: Iterable[Batch | None]) -> None:
        self._batches = iter(batches)
        self.exhausted = False

    def pull(self) -> Batch | None:
        """Return the next batch, None if there is none now or ever again (`exhausted`)."""
        if self.exhausted:
            return None
        try:
            return next(self._batches)
        except StopIteration:
            self.exhausted = True
            return None
