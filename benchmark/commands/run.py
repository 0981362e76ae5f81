"""``bench run``: methods × seeds on the graphs of one or more tissues."""

import itertools
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click
from rich.console import Console

from genearena.benchmark.commands import options
from genearena.benchmark.run.request import (
    METRIC_GROUPS,
    MOST_RUNS,
    Configuration,
    Request,
    Rerun,
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
    from genearena.benchmark.run.experiment import Experiment
    from genearena.benchmark.run.plan import Plan


def _read_experiment(
    context: click.Context, _: click.Parameter, path: Path | None
) -> "Experiment | None":
    """Read the file, first of all: what it says are the defaults of the other options."""
    if path is None:
        return None
    from genearena.benchmark.run.experiment import read_experiment

    experiment, faults = read_experiment(path)
    for fault in faults:
        tell(f"{path}: {fault}", err=True)
    if faults:
        raise UsageError(f"{path} cannot be run as it is: {len(faults)} faults, see above")
    context.default_map = {**(context.default_map or {}), **experiment.options}
    return experiment


@click.command("run")
@click.argument(
    "experiment", type=options.FILE, required=False, is_eager=True, callback=_read_experiment
)
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
    "sources",
    default=("auto",),
    multiple=True,
    help="Data of the tissue: 'simulated', 'simulated-scrna' (its scRNA donors alone), "
    "'simulated-paper' (all cells in the graphs), names given to 'bench data add', or 'auto': your "
    "data if you added any, else simulated. Repeat it for several tasks.",
)
@options.names(
    "--methods",
    "methods",
    "Methods, repeated or separated by commas; 'extra' for those that a run leaves out unless "
    "asked, 'released' for the variants that do what published scripts do, 'default' for all "
    "others, 'all' for everything, vectors:FILE for gene vectors made elsewhere  "
    "[default: default]",
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
@click.option(
    "--probe",
    is_flag=True,
    help="Only say what would run, after beginning every training that no stored run tells of, to "
    "find out in a few epochs how long it takes.",
)
@click.option("--yes", is_flag=True, help=f"Do more than {MOST_RUNS} runs.")
def command(
    experiment: "Experiment | None",
    tissues: Sequence[str],
    seeds: str,
    sources: Sequence[str],
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
    probe: bool,
    yes: bool,
) -> "Plan":
    """Run methods on a tissue over seeds and store every result.

    EXPERIMENT is a file of 'bench new-experiment', which says all this and names variants of
    methods; options beside it win, and --methods takes the labels of its variants too.

    Every run is stored as it ends; the same command does only what is missing. A method that
    fails is a result like any other; the exit code is 1 where a metric could not be computed.
    """
    from genearena.benchmark.commands.run_summary import announce
    from genearena.benchmark.records.integrity import without_altered
    from genearena.benchmark.records.results import ResultStore
    from genearena.benchmark.run.coverage import coverage_lines
    from genearena.benchmark.run.estimate import Estimate
    from genearena.benchmark.run.plan import make_plan
    from genearena.benchmark.run.probe import probing

    repeats = parse_seeds(seeds)
    n_runs = len(tissues) * len(sources) * len(repeats)
    configurations = _configurations(experiment, methods, settings, n_runs, yes=yes)
    own = (each.settings.get("dim") for each in configurations)
    widest = max([dim, *(width for width in own if type(width) is int)])
    request = Request(
        tasks=_tasks(tissues, sources, data_dir, widest),
        methods=configurations,
        metrics=chosen_metrics(metrics),
        seeds=repeats,
        preset=preset,
        dim=dim,
        rerun=rerun,
    )
    store = ResultStore(out)
    scan = without_altered(store.scan(), store)
    plan = make_plan(request, store, scan.records)
    if device == "auto" and (cluster is not None or not plan.jobs):
        device = "cpu"  # this machine's devices say nothing about the cluster's, or are not used
    resources = plan_resources(
        device, jobs, threads, deterministic=deterministic, timeout=timeout, memory=memory
    )
    for reason in plan.left_out.values():
        tell(f"Warning: left out: {reason}", err=True)
    _check_truth_known(plan, metrics)
    for line in coverage_lines(plan.jobs):
        tell(line, err=True)
    if dry_run or probe:
        estimate = Estimate(plan.jobs, scan.records, resources.workers, resources.timeout)
        announce(plan, estimate, probing(estimate, cluster, resources) if probe else ())
    else:
        store.check_writable()
        for before, renamed in plan.renamed:
            store.write_instead_of(before, renamed)
        _set_aside(scan.problems, plan, store)
        _carry_out(plan, store, cluster, resources, scan.records)
    missing = [name for name in (*methods, *metrics) if name in plan.left_out]
    if missing:
        raise MethodError(f"left out, see the warnings above: {shortened(', '.join(missing), 500)}")
    return plan


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


def _configurations(
    experiment: "Experiment | None",
    methods: Sequence[str],
    settings: Sequence[str],
    n_runs: int,
    *,
    yes: bool,
) -> tuple[Configuration, ...]:
    """Return what runs, of each so many runs, with the settings that the command line changes."""
    from genearena.benchmark.run.experiment import Experiment

    named = click.get_current_context().get_parameter_source("methods")
    alone = named is click.core.ParameterSource.COMMANDLINE
    chosen = (experiment or Experiment()).chosen(methods, alone=alone)
    n_runs *= sum(each.n_rows for each in chosen)
    if n_runs > MOST_RUNS and not yes:
        raise UsageError(f"these are {n_runs} runs, more than {MOST_RUNS}; add --yes if so meant")
    changed = parse_settings(settings, {each.method for each in chosen})
    return tuple(
        replace(each, settings={**each.settings, **changed.get(each.method, {})})
        for variants in chosen
        for each in variants
    )


def _tasks(
    tissues: Sequence[str], sources: Sequence[str], folder: Path | None, dim: int
) -> tuple[TaskCard, ...]:
    from genearena.data.tasks import check_task, find_task, task_warnings

    tasks = []
    for name, source in itertools.product(tissues, sources):
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
