"""What all parts of one benchmark run share: settings, and steps that are timed only once."""

from dataclasses import dataclass, field

from speed.sizes import Size
from speed.stopwatch import Comparison


@dataclass(frozen=True)
class StepTiming:
    """A training step of ours beside the plain one.

    Parameters
    ----------
    seconds
        Of full steps: forward, backward, Adam.
    difference
        Largest relative difference of vectors, loss and gradients before the first step.
    """

    seconds: Comparison
    difference: float


@dataclass(frozen=True)
class Bench:
    """Settings of a benchmark run and the steps timed so far.

    Parameters
    ----------
    size
        Dimensions of the tasks.
    repeats
        Rounds of every measurement.
    threads
        Threads that linear algebra may use.
    """

    size: Size
    repeats: int
    threads: int
    _steps: dict[tuple[str, int], StepTiming] = field(default_factory=dict)

    def step(self, method: str, edges: int) -> StepTiming:
        """Return the times of a method's training step on graphs of `edges` edges."""
        from speed.steps import time_step

        if (method, edges) not in self._steps:
            self._steps[method, edges] = time_step(self, method, edges)
        return self._steps[method, edges]
