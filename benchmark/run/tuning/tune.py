"""Search the settings of several methods at once, and write what was found as an experiment."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import optuna

from genearena import __version__
from genearena.benchmark.records.leases import Leases
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.executors import Executor
from genearena.benchmark.run.experiment import LONGEST_LABEL
from genearena.benchmark.run.tuning.search import Search
from genearena.benchmark.run.tuning.terms import Chosen, Listener, Terms
from genearena.benchmark.run.workers.events import Finished
from genearena.data.common.errors import StoreError


def tune(
    searches: Sequence[Search], executor: Executor, folder: Path, listener: Listener
) -> list[Chosen]:
    """Carry on the searches in a folder until each has had its budget.

    Raises
    ------
    StoreError
        If another process is at one of them, or the folder cannot be read or written.
    """
    with Leases(folder) as leases:
        for search in searches:
            holder = leases.claim(search.name)
            if holder is not None:
                raise StoreError(
                    f"another 'bench tune' on {holder.host} is at {search.method}; wait for its "
                    "end or choose another folder with --out"
                )
            search.open(folder)
        try:
            with closing(executor.run(_jobs(searches, listener))) as events:
                for event in events:
                    if isinstance(event, Finished):
                        next(s for s in searches if s.finished(event, listener))
        except OSError as error:
            raise StoreError(f"cannot write to {folder}: {error.strerror}") from error
    return [search.chosen() for search in searches]


def _jobs(searches: Sequence[Search], listener: Listener) -> Iterator[Job | None]:
    """Yield what to train next, of the method that has had least; None while all is under way."""
    while left := [search for search in searches if not search.over]:
        free = [search for search in left if search.has_room]
        job = min(free, key=lambda s: s.seconds).next_job(listener) if free else None
        if job is not None or not free:
            yield job


def summary(chosen: Chosen) -> str:
    """Say in a line what was found for a method."""
    tried = (
        f"{chosen.trials} trials, {chosen.stopped} stopped early, {chosen.failed} failed, "
        f"{chosen.seconds:.0f} s of training"
    )
    if chosen.best is None:
        return f"{chosen.method}: nothing found ({tried}); {chosen.reason}"
    default = f"no value by default, {chosen.reason}"
    if chosen.default is not None:
        default = f"{chosen.default:.3f} by default"
    if not chosen.settings:
        return f"{chosen.method}: {default}, no trial beat it ({tried})"
    return f"{chosen.method}: {default}, {chosen.best:.3f} tuned ({tried}): {settings_text(chosen)}"


def settings_text(chosen: Chosen) -> str:
    """Return the settings found, as a command line would have them."""
    return ", ".join(f"{name}={value}" for name, value in chosen.settings.items())


def experiment_text(found: Sequence[Chosen], terms: Terms) -> str:
    """Return an experiment file with each method as it is and as it was tuned."""
    task = terms.task
    budget = "" if terms.budget is None else f"{terms.budget:g} s of training"
    trials = "" if terms.trials is None else f"{terms.trials} trials"
    lines = [
        f"# Settings chosen by 'bench tune' of GeneArena {__version__}, beside the defaults.",
        "#",
        f"# Criterion: Edges among a tenth of the pairs, hidden; mean of {terms.n_seeds} hidden "
        f"sets, on {task.tissue} ({task.source}).",
        f"# Each method had {' or '.join(filter(None, (budget, trials)))}. "
        f"optuna {optuna.__version__}, seed {terms.seed}.",
        "",
        f"about = {_toml(f'Settings tuned on {task.tissue} ({task.source}), beside the defaults')}",
        f"tissues = {_toml([task.tissue])}",
        f"sources = {_toml([task.source])}",
        f"preset = {_toml(terms.preset)}",
        f"dim = {terms.dim}",
        f"methods = {_toml([chosen.method for chosen in found])}",
    ]
    for chosen in found:
        lines += ["", f"# {summary(chosen)}"]
        if chosen.settings:
            label = f"{chosen.method[: LONGEST_LABEL - len(' tuned')]} tuned"
            lines += [f"[variants.{_toml(label)}]", f"method = {_toml(chosen.method)}"]
            lines += [f"{name} = {_toml(value)}" for name, value in chosen.settings.items()]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    # of texts, numbers, truth values and lists of them JSON is TOML
    return json.dumps(value, ensure_ascii=False)
