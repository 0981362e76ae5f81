"""``ga.run``: the comparison itself."""

import json
import warnings
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from genearena.api.results import Results
from genearena.benchmark.records.results import DEFAULT_FOLDER, ResultStore
from genearena.benchmark.run.display import RunDisplay, print_line
from genearena.benchmark.run.experiment import Experiment
from genearena.benchmark.run.request import (
    Request,
    Rerun,
    chosen_metrics,
    parse_seeds,
    parse_settings,
    split_names,
)
from genearena.benchmark.run.resources import plan_resources
from genearena.benchmark.run.session import (
    begin,
    failed_lines,
    found_tasks,
    lacking_lines,
    with_settings,
)
from genearena.data.add import add_graphs
from genearena.data.cards.tissues import TISSUES
from genearena.data.common.errors import UsageError
from genearena.data.graphs import GraphCollection
from genearena.data.store import Store
from genearena.data.tasks import find_task


def run(
    tissue: str | Sequence[str] | GraphCollection = "lung",
    methods: str | Sequence[str] = (),
    seeds: int | str | Sequence[int] = 10,
    *,
    source: str | Sequence[str] = "auto",
    metrics: str | Sequence[str] = (),
    preset: str = "fast",
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    dim: int = 32,
    jobs: int | None = None,
    threads: int = 1,
    device: str = "auto",
    deterministic: bool = True,
    timeout: str | None = None,
    memory: str | None = None,
    cluster: str | None = None,
    rerun: Rerun = "never",
    out: str | Path = DEFAULT_FOLDER,
    data_dir: str | Path | None = None,
    progress: bool = True,
) -> Results:
    """Run methods on a tissue over seeds and store every result, as ``bench run`` does.

    Every run is stored as it ends, in a process of its own: after Ctrl-C the same call does what is
    missing, and `Results` shows what is there. A method that fails is a result and warned of.

    Parameters
    ----------
    tissue
        One or more tissues, ``all`` for the ten embedded ones, ``"heart+lung"`` for one task of
        several, or graphs of `pp.graphs`, which are stored under their name first.
    methods
        Names of methods or their groups (``default``, ``extra``, ``released``, ``all``), and
        ``vectors:FILE``; by default all but ``extra`` and ``released``.
    seeds
        A number N (0 to N-1), ``"3-7"``, or seeds themselves.
    source
        Data of the tissue, see `datasets.load`; several are several tasks.
    metrics
        Names of metrics or their groups; by default all but ``scib``.
    preset
        ``fast``: converged quickly; ``paper``: as published.
    settings
        Method -> settings in which it differs from the preset.
    dim
        Length of the vectors.
    jobs, threads, device, deterministic
        Worker processes (by default as many as cores allow) and threads of each, where neural
        methods train, and whether bits must repeat on a GPU.
    timeout, memory
        What a run may take, as ``"10min"`` and ``"4GB"``.
    cluster
        A Dask scheduler's address or file, or ``local``.
    rerun
        Which stored runs to do again: ``never``, ``failed`` or ``always``.
    out
        Results folder; what is there is not computed again.
    data_dir
        Where graphs are stored; by default ``$GENEARENA_DATA`` or the user's data folder.
    progress
        Whether to show how far it is, and what is to be known beforehand.

    Returns
    -------
    The results of these tissues and sources.

    Raises
    ------
    UsageError, DataError
        If something that is asked for is not there, or the data do not allow it.
    StoreError
        If a result cannot be written; those written before stay.
    """
    folder = None if data_dir is None else Path(data_dir)
    if isinstance(tissue, GraphCollection):
        tissues, sources = [tissue.tissue], [_stored(tissue, folder)]
    else:
        tissues = list(split_names(_words(tissue), "tissue", {"all": tuple(TISSUES)}))
        sources = _words(source)
    named = split_names(_words(metrics), "metrics")
    chosen = Experiment().chosen(split_names(_words(methods), "methods"), alone=True)
    texts = [
        f"{method}.{name}={json.dumps(value, default=str)}"
        for method, changed in (settings or {}).items()
        for name, value in changed.items()
    ]
    changed = parse_settings(texts, {each.method for each in chosen})
    configurations = with_settings([each for variants in chosen for each in variants], changed)
    request = Request(
        tasks=found_tasks(tissues, sources, folder, configurations, dim, _warn),
        methods=configurations,
        metrics=chosen_metrics(named),
        seeds=parse_seeds(seeds if isinstance(seeds, str) else _seeds(seeds)),
        preset=preset,
        dim=dim,
        rerun=rerun,
    )
    console = Console(stderr=True, quiet=not progress)
    session = begin(request, ResultStore(Path(out)), named, partial(print_line, console), _warn)
    resources = plan_resources(
        session.device(device, cluster),
        jobs,
        threads,
        deterministic=deterministic,
        timeout=timeout,
        memory=memory,
    )
    plan = session.plan
    done, _ = session.carry_out(
        resources, cluster, lambda estimate: RunDisplay(plan.jobs, estimate, console)
    )
    everything = (*done, *plan.stored)
    for line in (*failed_lines(everything), *lacking_lines(everything, plan)):
        _warn(line)
    where = [(task.tissue, task.source) for task in request.tasks]
    found = (list(dict.fromkeys(names)) for names in zip(*where, strict=True))
    return Results(out, *found, data_dir=data_dir)


def _words(given: str | Sequence[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _seeds(given: int | Sequence[int]) -> str:
    return str(given) if isinstance(given, int) else ",".join(map(str, given))


def _warn(line: str) -> None:
    warnings.warn(line, UserWarning, stacklevel=2)


def _stored(graphs: GraphCollection, folder: Path | None) -> str:
    """Return the source of graphs once they are stored under its name.

    Raises
    ------
    UsageError
        If the name is taken by other data.
    """
    store = Store(folder)
    try:
        known = find_task(graphs.tissue, source=graphs.source, folder=folder)
    except UsageError:
        return add_graphs(store, graphs).source
    if known.fingerprint != graphs.fingerprint:
        raise UsageError(
            f"{graphs.tissue} has other data called '{graphs.source}'; give these another name, as "
            "ga.pp.graphs(..., name=NAME)"
        )
    return known.source
