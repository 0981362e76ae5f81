"""Find out what a training takes by beginning it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

from genearena.benchmark.run.estimate import Estimate
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.executors import executor_on
from genearena.benchmark.run.resources import Resources
from genearena.benchmark.run.workers.events import Finished


def probing(estimate: Estimate, cluster: str | None, resources: Resources) -> Iterator[Job]:
    """Begin every training that nothing is known of, and stop it when that tells how long it takes.

    Each is yielded before it begins. The estimate knows after a few epochs; a method that does not
    say how far it is runs to its end. One that fails is left unknown: the run itself will say why.
    """
    for job in estimate.unmeasured():
        yield job
        alone = replace(resources, workers=1)
        with executor_on(cluster, alone) as (executor, _), closing(executor.run([job])) as events:
            for event in events:
                if not isinstance(event, Finished):
                    if estimate.progress(event):
                        break
                elif event.outcome.status == "ok":
                    estimate.timed(job, event.outcome.cost.fit_seconds)
