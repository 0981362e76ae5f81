"""From words to stored runs: what `bench run` and `genearena.run` do alike."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genearena.benchmark.records.integrity import without_altered
from genearena.benchmark.records.results import ResultStore, Scan
from genearena.benchmark.run.coverage import coverage_lines
from genearena.benchmark.run.plan import Plan, make_plan, unscored_text
from genearena.benchmark.run.request import METRIC_GROUPS, Configuration, Request
from genearena.benchmark.run.resources import Resources
from genearena.data.common.errors import StoreError, UsageError
from genearena.data.tasks import TaskCard, check_task, find_task, task_warnings

if TYPE_CHECKING:
    from genearena.benchmark.records.record import RunRecord
    from genearena.benchmark.run.display import RunDisplay
    from genearena.benchmark.run.estimate import Estimate

Say = Callable[[str], None]


def found_tasks(
    tissues: Sequence[str],
    sources: Sequence[str],
    folder: Path | None,
    methods: Sequence[Configuration],
    dim: int,
    warn: Say,
) -> tuple[TaskCard, ...]:
    """Return the task of every tissue with every source, fit for some methods.

    Raises
    ------
    UsageError, DataError
        If there is no such task, or vectors of this length cannot be learnt on it.
    """
    own = (each.settings.get("dim") for each in methods)
    widest = max([dim, *(width for width in own if type(width) is int)])
    tasks = []
    for tissue, source in itertools.product(tissues, sources):
        card = find_task(tissue, source=source, folder=folder)
        check_task(card, widest)
        for line in task_warnings(card):
            warn(line)
        tasks.append(card)
    return tuple(tasks)


@dataclass(frozen=True, eq=False)
class Session:
    """A request on a results folder: what is to be done of it.

    `scan` is what the folder held before; lines that users should know go to `warn`.
    """

    plan: Plan
    store: ResultStore
    scan: Scan
    warn: Say

    def device(self, wanted: str, cluster: str | None) -> str:
        """Return the device to plan resources with: nobody looks for one that is not used here."""
        return "cpu" if wanted == "auto" and (cluster or not self.plan.jobs) else wanted

    def estimate(self, resources: Resources) -> "Estimate":
        """Return what is known of how long the jobs take."""
        from genearena.benchmark.run.estimate import Estimate

        return Estimate(self.plan.jobs, self.scan.records, resources.workers, resources.timeout)

    def carry_out(
        self, resources: Resources, cluster: str | None, display: "Callable[[Estimate], RunDisplay]"
    ) -> "tuple[list[RunRecord], int]":
        """Do all jobs, each stored as it ends.

        Returns
        -------
        The records of the jobs in the order of their ends, and how many others made of them.

        Raises
        ------
        StoreError
            If the folder cannot be written to, or holds newer records of these runs.
        """
        self.store.check_writable()
        for before, renamed in self.plan.renamed:
            self.store.write_instead_of(before, renamed)
        self._set_aside()
        if not self.plan.jobs:
            return [], 0
        from genearena.benchmark.run.executors import executor_on
        from genearena.benchmark.run.runner import carry_out

        try:
            with (
                executor_on(cluster, resources) as (executor, found),
                display(self.estimate(found)) as shown,
            ):
                done = carry_out(self.plan, self.store, executor, shown)
        except StoreError as error:
            raise StoreError(
                f"{error}; what was finished before is stored, the same command goes on from there"
            ) from error
        return done, shown.taken

    def _set_aside(self) -> None:
        for problem in self.scan.problems:
            if problem.kind != "too new":
                aside = self.store.set_aside(problem)
                if aside is not None:
                    self.warn(f"{problem}; kept as {aside.name}")
            elif any(self.store.record_path(j.run_id) == problem.path for j in self.plan.jobs):
                raise StoreError(f"{problem}, or choose another folder with --out")
            else:
                self.warn(f"{problem}; left out")


def begin(
    request: Request, store: ResultStore, named: Sequence[str], say: Say, warn: Say
) -> Session:
    """Plan a request, and tell what of it cannot be done.

    Parameters
    ----------
    request, store
        What is asked for, and where results are.
    named
        Metrics that were asked for by name.
    say, warn
        Called with lines that users may, and should, want to know.

    Raises
    ------
    UsageError, DataError, StoreError
        If it cannot be planned, or methods or named metrics make sense on none of the data.
    """
    scan = without_altered(store.scan(), store)
    plan = make_plan(request, store, scan.records)
    for reason in plan.left_out.values():
        warn(f"left out: {reason}")
    check_truth_known(plan, named)
    for line in coverage_lines(plan.jobs):
        say(line)
    return Session(plan, store, scan, warn)


def check_truth_known(plan: Plan, metrics: Sequence[str]) -> None:
    """Raise UsageError if methods, or metrics that were named, make sense on none of the data."""
    used = {*METRIC_GROUPS, *plan.left_out}.union(*plan.asked.values())
    left = [name for name in metrics if name not in used]
    if left or not (plan.asked or plan.left_out):
        raise UsageError(
            f"{', '.join(left) or 'the methods asked for'} cannot be run on these data: the truth "
            "is known of simulated data only"
        )


def failed_lines(records: Iterable["RunRecord"]) -> Iterator[str]:
    """Yield which methods have runs that did not end well, how many, and why."""
    failed = Counter(
        (record.label or record.method.name, record.status, record.reason)
        for record in records
        if record.status not in ("ok", "skipped")
    )
    for (method, status, reason), count in failed.items():
        yield f"{method}: {count} {status}: {reason}"


def lacking_lines(records: Iterable["RunRecord"], plan: Plan) -> dict[str, int]:
    """Return what finished runs lack of the metrics that were asked for -> number of runs."""
    lacking = Counter(
        (record.label or record.method.name, unscored_text(without))
        for record in records
        if (without := plan.unscored(record))
    )
    return {f"{m}: {count} ok but for {text}": count for (m, text), count in lacking.items()}


def with_settings(
    configurations: Sequence[Configuration], changed: Mapping[str, Mapping[str, Any]]
) -> tuple[Configuration, ...]:
    """Return configurations with the settings of their methods changed."""
    return tuple(
        replace(each, settings={**each.settings, **changed.get(each.method, {})})
        for each in configurations
    )
