"""``bench run``: methods × seeds on the graphs of one or more tissues."""

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
from rich.console import Console

from genearena.benchmark.commands import options
from genearena.benchmark.run.request import (
    METRIC_GROUPS,
    Request,
    Rerun,
    chosen_methods,
    chosen_metrics,
    parse_seeds,
    parse_settings,
)
from genearena.benchmark.run.resources import DEVICES, Resources, plan_resources
from genearena.data.cards.tissues import TISSUES
from genearena.data.common.errors import MethodError, StoreError, UsageError
from genearena.data.common.one_line import shortened
from genearena.data.common.screen import tell
from genearena.data.tasks import TaskCard
from genearena.methods.base import PRESETS

if TYPE_CHECKING:
    from genearena.benchmark.records.record import RunRecord
    from genearena.benchmark.records.record_files import Problem
    from genearena.benchmark.records.results import ResultStore
    from genearena.benchmark.run.estimate import Estimate
    from genearena.benchmark.run.plan import Plan


@click.command("run")
@options.names(
    "--tissue",
    "tissues",
    "Tissues to run on; repeat or separate by commas; 'all' for the ten embedded ones.",
    {"all": tuple(TISSUES)},
    required=True,
)
@click.option("--seeds", default="10", help="A number N (0 to N-1), '3-7' or '0,4'.")
@click.option(
    "--source",
    default="auto",
    help="Data of the tissue: 'simulated', 'simulated-scrna' (its scRNA donors alone), "
    "'simulated-paper' (all cells in the graphs), names given to 'bench data add', or 'auto': your "
    "data if you added any, else simulated.",
)
@options.names(
    "--methods",
    "methods",
    "Methods, repeated or separated by commas; 'released' for the variants that do what "
    "published scripts do, 'all' for everything  [default: all but the released variants]",
)
@options.metrics
@options.choice(
    "--preset", of=PRESETS, about="Training settings: converged quickly, or as published."
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="METHOD.NAME=VALUE",
    help="Change a setting of a method, as gae.epochs=50; repeat for more. Its runs are a row of "
    "their own.",
)
@click.option("--dim", default=32, type=click.IntRange(min=2), help="Vector length.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Worker processes [default: cores / threads; 1 on a GPU].",
)
@click.option(
    "--threads",
    default=1,
    type=click.IntRange(min=1),
    help="Threads of each worker. More help where there are fewer runs than cores.",
)
@options.choice(
    "--device", of=DEVICES, about="Where neural methods train; 'auto' is the GPU if there is one."
)
@options.without_effect("--batch-seeds", "every seed trains alone", type=click.IntRange(min=1))
@click.option(
    "--deterministic/--no-deterministic",
    default=True,
    help="On a GPU, use only operations whose bits repeat.",
)
@click.option("--timeout", help="Kill a run after so long, as 90, 10min or 2h [default: no limit].")
@click.option(
    "--memory",
    help="Kill a run whose worker holds more, children included, as 800MB or 4GB "
    "[default: no limit].",
)
@click.option(
    "--dask",
    "cluster",
    metavar="ADDRESS|FILE|local",
    help="Run on a Dask cluster: a scheduler's address (tcp://host:8786) or file, or 'local'.",
)
@options.results_folder("Results folder; what is there is not computed again.")
@options.data_dir
@options.choice("--rerun", of=get_args(Rerun), about="Which stored runs to do again.")
@click.option("--dry-run", is_flag=True, help="Only say what would run.")
def command(
    tissues: Sequence[str],
    seeds: str,
    source: str,
    methods: Sequence[str],
    metrics: Sequence[str],
    preset: str,
    settings: Sequence[str],
    dim: int,
    jobs: int | None,
    threads: int,
    device: str,
    deterministic: bool,
    timeout: str | None,
    memory: str | None,
    cluster: str | None,
    out: Path,
    data_dir: Path | None,
    rerun: Rerun,
    dry_run: bool,
) -> None:
    """Run methods on a tissue over seeds and store every result.

    Every run is stored as it ends; the same command does only what is missing. A method that
    fails is a result like any other; the exit code is 1 where a metric could not be computed.
    """
    from genearena.benchmark.records.integrity import without_altered
    from genearena.benchmark.records.results import ResultStore
    from genearena.benchmark.run.estimate import Estimate
    from genearena.benchmark.run.plan import make_plan

    names = chosen_methods(methods)
    request = Request(
        tasks=_tasks(tissues, source, data_dir, dim),
        methods=names,
        metrics=chosen_metrics(metrics),
        seeds=parse_seeds(seeds),
        preset=preset,
        dim=dim,
        rerun=rerun,
        settings=parse_settings(settings, names),
    )
    if cluster is not None and device == "auto":
        device = "cpu"  # this machine's devices say nothing about the cluster's
    resources = plan_resources(
        device, jobs, threads, deterministic=deterministic, timeout=timeout, memory=memory
    )
    store = ResultStore(out)
    scan = without_altered(store.scan(), store)
    plan = make_plan(request, store, scan.records)
    for reason in plan.left_out.values():
        tell(f"Warning: left out: {reason}", err=True)
    _check_truth_known(plan, metrics)
    if dry_run:
        _announce(plan, Estimate(plan.jobs, scan.records, resources.workers, resources.timeout))
    else:
        store.check_writable()
        _set_aside(scan.problems, plan, store)
        _carry_out(plan, store, cluster, resources, scan.records)
    missing = [name for name in (*methods, *metrics) if name in plan.left_out]
    if missing:
        raise MethodError(f"left out, see the warnings above: {shortened(', '.join(missing), 500)}")


def _set_aside(problems: Sequence["Problem"], plan: "Plan", store: "ResultStore") -> None:
    for problem in problems:
        if problem.kind != "too new":
            aside = store.set_aside(problem)
            if aside is not None:
                tell(f"Warning: {problem}; kept as {aside.name}", err=True)
        elif any(store.record_path(job.run_id) == problem.path for job in plan.jobs):
            raise StoreError(f"{problem}, or choose another folder with --out")
        else:
            tell(f"Warning: {problem}; left out", err=True)


def _tasks(
    tissues: Sequence[str], source: str, folder: Path | None, dim: int
) -> tuple[TaskCard, ...]:
    from genearena.data.tasks import check_task, find_task, task_warnings

    tasks = []
    for name in tissues:
        card = find_task(name, source=source, folder=folder)
        check_task(card, dim)
        for line in task_warnings(card):
            tell(f"Warning: {line}", err=True)
        tasks.append(card)
    return tuple(tasks)


def _check_truth_known(plan: "Plan", metrics: Sequence[str]) -> None:
    """Raise UsageError if methods, or metrics that were named, make sense on none of the data."""
    used = {*METRIC_GROUPS, *plan.left_out}.union(*plan.asked.values())
    left = [name for name in metrics if name not in used]
    if left or not (plan.asked or plan.left_out):
        raise UsageError(
            f"{', '.join(left) or 'the methods asked for'} cannot be run on these data: the truth "
            "is known of simulated data only"
        )


def _announce(plan: "Plan", estimate: "Estimate") -> None:
    tell(f"{len(plan.jobs)} runs to do, {len(plan.stored)} already stored")
    rows = (
        (job.task.tissue, job.task.source, job.method.name, bool(job.stored)) for job in plan.jobs
    )
    for (tissue, source, method, stored), count in Counter(rows).items():
        again = " (scored again only)" if stored else ""
        tell(f"  {tissue} ({source})  {method}{again}  {count} runs")
    if plan.jobs:
        from genearena.benchmark.run.display import estimate_text

        tell(estimate_text(estimate))


def _carry_out(
    plan: "Plan",
    store: "ResultStore",
    cluster: str | None,
    resources: Resources,
    records: Sequence["RunRecord"],
) -> None:
    from genearena.benchmark.commands.run_summary import summarise
    from genearena.benchmark.run.display import RunDisplay
    from genearena.benchmark.run.estimate import Estimate
    from genearena.benchmark.run.executors import executor_on
    from genearena.benchmark.run.runner import carry_out
    from genearena.data.common.quantities import clock

    start = time.monotonic()
    console = Console(stderr=True)
    try:
        with executor_on(cluster, resources) as (executor, found):
            estimate = Estimate(plan.jobs, records, found.workers, found.timeout)
            with RunDisplay(plan.jobs, estimate, console) as display:
                done = carry_out(plan, store, executor, display)
    except StoreError as error:
        raise StoreError(
            f"{error}; what was finished before is stored, the same command goes on from there"
        ) from error
    summarise(done, display.taken, plan, clock(time.monotonic() - start), store)
