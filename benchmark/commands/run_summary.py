"""What ``bench run`` says before it begins, if only that was asked for, and at its end."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.plan import Plan
from genearena.benchmark.run.session import failed_lines, lacking_lines
from genearena.data.common.errors import MetricError, StoreError
from genearena.data.common.screen import tell

if TYPE_CHECKING:
    from genearena.benchmark.run.estimate import Estimate


def announce(plan: Plan, estimate: "Estimate", timing: Iterable[Job] = ()) -> None:
    """Tell what would run and how long it would take, once that has been timed on some jobs."""
    from genearena.benchmark.run.display import estimate_text

    tell(f"{len(plan.jobs)} runs to do, {len(plan.stored)} already stored")
    rows = ((job.task.tissue, job.task.source, job.name, bool(job.stored)) for job in plan.jobs)
    for (tissue, source, method, stored), count in Counter(rows).items():
        again = " (scored again only)" if stored else ""
        tell(f"  {tissue} ({source})  {method}{again}  {count} runs")
    for job in timing:
        tell(f"Timing {job.name} on {job.task.tissue} ({job.task.source}) …", err=True)
    if plan.jobs:
        tell(estimate_text(estimate))


def summarise(
    done: Sequence[RunRecord], taken: int, plan: Plan, took: str, store: ResultStore
) -> None:
    """Tell how the runs `done` ended, and what of what was asked for there is not.

    Another process made so many (`taken`) of them; `took` is the time it took, in words.

    Raises
    ------
    StoreError
        If records are not there any more.
    MetricError
        If a run lacks a metric that was asked for.
    """
    everything = (*done, *plan.stored)
    lost = store.lost(everything)
    if not done:
        tell(f"Nothing to do: all {len(plan.stored)} runs are stored in {store.folder}.")
    else:
        counts = Counter(_ending(record, plan, lost) for record in done)
        told = ", ".join(f"{count} {status}" for status, count in counts.most_common())
        others = f" ({taken} by another process)" if taken else ""
        tell(f"{len(done)} runs in {took}: {told}{others}; {len(plan.stored)} were stored before.")
    lacking = lacking_lines(everything, plan)
    for line in (*failed_lines(everything), *lacking):
        tell(f"  {line}", err=True)
    if lost:
        raise StoreError(
            f"{len(lost)} of {len(everything)} finished runs are gone from "
            f"{store.folder}, which was removed or emptied; the same command does them again"
        )
    tell(f"Next: bench leaderboard --out {store.folder}")
    if lacking:
        raise MetricError(
            f"{sum(lacking.values())} runs lack a metric that was asked for, all else is stored; "
            "the same command with --rerun failed tries again"
        )


def _ending(record: RunRecord, plan: Plan, lost: Collection[str]) -> str:
    if record.run_id in lost:
        return "lost"
    return "ok but for a metric" if plan.unscored(record) else record.status
