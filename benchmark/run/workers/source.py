"""Jobs that may not be there yet."""

from collections.abc import Iterable

from genearena.benchmark.run.evaluation.jobs import Job


class Source:
    """Jobs to pull one at a time.

    Parameters
    ----------
    jobs
        May yield None where there is nothing to do just now; see `Executor.run`.
    """

    def __init__(self, jobs: Iterable[Job | None]) -> None:
        self._jobs = iter(jobs)
        self.exhausted = False

    def pull(self) -> Job | None:
        """Return the next job, None if there is none now or ever again (`exhausted`)."""
        if self.exhausted:
            return None
        try:
            return next(self._jobs)
        except StopIteration:
            self.exhausted = True
            return None
