"""``bench tune``: choose settings of methods on equal budgets, without any test label."""

import importlib.util
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genearena.benchmark.commands import options
from genearena.benchmark.run.resources import DEVICES, parse_duration, plan_resources
from genearena.data.common.errors import MethodError, StoreError, UsageError
from genearena.data.common.one_line import one_line
from genearena.data.common.screen import tell
from genearena.methods.base import PRESETS

if TYPE_CHECKING:
    from genearena.benchmark.run.tuning.terms import Ended

DEFAULT_BUDGET = "30min"


@click.command("tune")
@options.tissue
@options.source
@options.names(
    "--methods", "methods", "Methods to tune, repeated or separated by commas.", required=True
)
@click.option(
    "--budget",
    help="Training time of each method, all trials together, as 90, 30min or 2h  [default: "
    f"{DEFAULT_BUDGET}, without --trials]",
)
@click.option("--trials", type=click.IntRange(min=1), help="Trials of each method.")
@click.option(
    "--seeds", "n_seeds", default=2, type=click.IntRange(min=1), help="Hidden sets of a trial."
)
@click.option("--seed", default=0, type=click.IntRange(min=0), help="Seed of what is tried.")
@options.choice("--preset", of=PRESETS, about="Settings of what is not tuned.")
@click.option("--dim", default=32, type=click.IntRange(min=2), help="Vector length.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Worker processes; with more than there are methods, trials of a method run at once, and "
    "are not the same the next time [default: cores / threads; 1 on a GPU].",
)
@click.option("--threads", default=1, type=click.IntRange(min=1), help="Threads of each worker.")
@options.choice("--device", of=DEVICES, about="Where neural methods train.")
@click.option("--timeout", help="Kill a training after so long, as 90, 10min or 2h.")
@click.option("--memory", help="Kill a training whose worker holds more, as 800MB or 4GB.")
@options.results_folder("Results folder; trials are kept there, in tuning/.")
@options.data_dir
@options.output("Experiment file to write.", default=Path("tuned.toml"))
def command(
    tissue: str,
    source: str,
    methods: Sequence[str],
    budget: str | None,
    trials: int | None,
    n_seeds: int,
    seed: int,
    preset: str,
    dim: int,
    jobs: int | None,
    threads: int,
    device: str,
    timeout: str | None,
    memory: str | None,
    out: Path,
    data_dir: Path | None,
    output: Path,
) -> None:
    """Choose settings of methods on equal budgets and write an experiment file.

    A tenth of the gene pairs of every graph is hidden, the method trains on the rest, and its
    score is Edges among the hidden pairs. No kept-back cells, functions or metrics are looked at.
    Each method's first trial are the settings it has anyway. The same command goes on where it
    stopped.
    """
    if importlib.util.find_spec("optuna") is None:
        raise UsageError("bench tune needs optuna: pip install 'genearena[tune]'")
    seconds = None if budget is None else _seconds(budget)
    if budget is None and trials is None:
        seconds = parse_duration(DEFAULT_BUDGET)
    _check_free(output)
    from genearena.benchmark.run.executors import WorkerPool
    from genearena.benchmark.run.tuning.search import Search
    from genearena.benchmark.run.tuning.terms import Terms
    from genearena.benchmark.run.tuning.tune import experiment_text, summary, tune
    from genearena.data.tasks import check_task, find_task

    resources = plan_resources(device, jobs, threads, timeout=timeout, memory=memory)
    task = find_task(tissue, source=source, folder=data_dir)
    check_task(task, dim)
    at_once = math.ceil(resources.workers / len(methods))
    terms = Terms(task, preset, dim, n_seeds, seed, seconds, trials, resources.timeout, at_once)
    searches = [Search(method, terms) for method in methods]
    found = tune(searches, WorkerPool(resources), out / "tuning", _tell_of)
    for chosen in found:
        tell(summary(chosen))
    _write(output, experiment_text(found, terms))
    tell(f"Wrote {output}. Now:")
    tell(f"  bench run {output}")
    if lost := [chosen.method for chosen in found if chosen.best is None]:
        raise MethodError(f"no trial of {', '.join(lost)} has a score, see above")


def _seconds(budget: str) -> float:
    try:
        return parse_duration(budget)
    except UsageError as error:
        raise UsageError(f"--budget: {error}") from error


def _check_free(output: Path) -> None:
    if output.exists():
        raise StoreError(f"'{output}' exists already; choose another with --output or remove it")
    if not output.parent.is_dir():
        raise StoreError(f"cannot write '{output}': there is no folder '{output.parent}'")


def _tell_of(ended: "Ended") -> None:
    """Print a line for a trial that has ended."""
    what = ended.reason if ended.value is None else f"{ended.value:.3f}"
    best = "" if ended.best is None else f" (best {ended.best:.3f})"
    settings = ", ".join(f"{name}={value}" for name, value in ended.settings.items())
    title = f"{ended.method} trial {ended.number}"
    tell(one_line(f"{title}: {what}{best}  {settings or 'as it is'}"), err=True)


def _write(output: Path, text: str) -> None:
    try:
        with output.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise StoreError(
            f"cannot write '{output}': {error.strerror}; all trials are kept, the same command "
            "with another --output writes at once"
        ) from error
