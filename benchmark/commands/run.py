"""``bench run``: methods × seeds on the graphs of one or more tissues."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from genearena.benchmark.commands import options
from genearena.benchmark.run.request import (
    MOST_RUNS,
    Configuration,
    Request,
    Rerun,
    chosen_metrics,
    parse_seeds,
    parse_settings,
)
from genearena.benchmark.run.resources import DEVICES, plan_resources
from genearena.data.cards.tissues import TISSUES
from genearena.data.common.errors import MethodError, UsageError
from genearena.data.common.one_line import shortened
from genearena.data.common.quantities import clock
from genearena.data.common.screen import caution, tell
from genearena.methods.base import PRESETS

if TYPE_CHECKING:
    from genearena.benchmark.run.display import RunDisplay
    from genearena.benchmark.run.estimate import Estimate
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
@click.option(
    "--joint",
    is_flag=True,
    help="One task of all the tissues, which share genes, in place of one for each; 'A+B' to other "
    "commands.",
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
    joint: bool,
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
    from genearena.benchmark.commands.run_summary import announce, summarise
    from genearena.benchmark.records.results import ResultStore
    from genearena.benchmark.run.session import begin, found_tasks

    tissues = ("+".join(tissues),) if joint else tissues
    repeats = parse_seeds(seeds)
    n_runs = len(tissues) * len(sources) * len(repeats)
    configurations = _configurations(experiment, methods, settings, n_runs, yes=yes)
    request = Request(
        tasks=found_tasks(tissues, sources, data_dir, configurations, dim, caution),
        methods=configurations,
        metrics=chosen_metrics(metrics),
        seeds=repeats,
        preset=preset,
        dim=dim,
        rerun=rerun,
    )
    session = begin(request, ResultStore(out), metrics, partial(tell, err=True), caution)
    plan = session.plan
    resources = plan_resources(
        session.device(device, cluster),
        jobs,
        threads,
        deterministic=deterministic,
        timeout=timeout,
        memory=memory,
    )
    if dry_run or probe:
        from genearena.benchmark.run.probe import probing

        estimate = session.estimate(resources)
        announce(plan, estimate, probing(estimate, cluster, resources) if probe else ())
    else:
        start = time.monotonic()
        done, taken = session.carry_out(resources, cluster, partial(_display, plan))
        summarise(done, taken, plan, clock(time.monotonic() - start), session.store)
    missing = [name for name in (*methods, *metrics) if name in plan.left_out]
    if missing:
        raise MethodError(f"left out, see the warnings above: {shortened(', '.join(missing), 500)}")
    return plan


def _display(plan: "Plan", estimate: "Estimate") -> "RunDisplay":
    from rich.console import Console

    from genearena.benchmark.run.display import RunDisplay

    return RunDisplay(plan.jobs, estimate, Console(stderr=True))


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
    from genearena.benchmark.run.session import with_settings

    named = click.get_current_context().get_parameter_source("methods")
    alone = named is click.core.ParameterSource.COMMANDLINE
    chosen = (experiment or Experiment()).chosen(methods, alone=alone)
    n_runs *= sum(each.n_rows for each in chosen)
    if n_runs > MOST_RUNS and not yes:
        raise UsageError(f"these are {n_runs} runs, more than {MOST_RUNS}; add --yes if so meant")
    changed = parse_settings(settings, {each.method for each in chosen})
    return with_settings([each for variants in chosen for each in variants], changed)
