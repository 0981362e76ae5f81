"""Vectors of several runs on one task as one AnnData, rows = (data set, gene), as scanpy has them.

``obs`` has ``dataset``, ``gene``, ``modality``, ``species``, for simulated data ``truth``, and the
Leiden ``cluster`` of each row; ``obsm["X_NAME"]`` has the vectors, ``obsm["new_donor"]`` those of
a training without a donor, zeros for that donor, where there are any. Of several runs names of
columns and arrays end in that of the run. ``uns["genearena"]`` tells the task, and in ``runs`` of
each array how it came about, with all parameters that are set.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from genearena.benchmark.biology.stored_vectors import Combined, combined
from genearena.benchmark.compare.labels import label_methods
from genearena.benchmark.compare.summary import MethodKey
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.job import Job
from genearena.data.common.errors import DataError, UsageError
from genearena.data.notes import warn as warning
from genearena.data.reading.gene_vectors import GeneVectors
from genearena.metrics.embedding_space import unit_length

if TYPE_CHECKING:
    from anndata import AnnData

ABOUT = "genearena"
ROWS = ("dataset", "gene", "modality", "species", "truth")
CATEGORIES = ("dataset", "modality", "species")


@dataclass(frozen=True, eq=False)
class Stored:
    """A run, what tables call its method, and the table that it left."""

    run: Job | RunRecord
    label: str
    table: "AnnData"

    @property
    def where(self) -> str:
        """Name of the task in texts."""
        return f"{self.run.task.tissue} ({self.run.task.source})"


def joint(runs: Sequence[Stored]) -> "AnnData":
    """Put runs on one task together; see the module.

    Raises
    ------
    DataError
        If their rows differ.
    """
    import pandas as pd
    from anndata import AnnData

    first, task = runs[0].table, runs[0].run.task
    obs = first.obs[[name for name in ROWS if name in first.obs]].copy()
    for name in (name for name in CATEGORIES if name in obs):
        obs[name] = pd.Categorical(obs[name], categories=obs[name].unique())
    obsm: dict[str, Any] = {}
    about: dict[str, Any] = {}
    for each, name in zip(runs, _names(runs), strict=True):
        if not each.table.obs_names.equals(first.obs_names):
            raise DataError(f"{each.label} has other rows than {runs[0].label}; export them apart")
        end = f"_{name}" if len(runs) > 1 else ""
        cluster = f"cluster{end}"
        clusters = each.table.obs["cluster"].astype(str)
        obs[cluster] = pd.Categorical(clusters, categories=sorted(clusters.unique(), key=int))
        obsm[f"X_{name}"] = np.asarray(each.table.X)
        told = _about(each) | {"cluster": cluster}
        if "new_donor" in each.table.obsm:
            told["new_donor"] = f"new_donor{end}"
            obsm[f"new_donor{end}"] = np.asarray(each.table.obsm["new_donor"])
        about[f"X_{name}"] = told
    where = {name: getattr(task, name) for name in ("tissue", "source", "fingerprint")}
    return AnnData(obs=obs, obsm=obsm, uns={ABOUT: {**where, "runs": about}})


def _names(runs: Sequence[Stored]) -> list[str]:
    times = Counter(each.label for each in runs)
    # a slash would be a folder of the file
    plain = [each.label.replace("/", "_") for each in runs]
    return [
        name if times[each.label] == 1 else f"{name}_{each.run.seed}"
        for each, name in zip(runs, plain, strict=True)
    ]


def _about(each: Stored) -> dict[str, Any]:
    run = each.run
    return {
        "method": run.method.name,
        "label": each.label,
        "version": run.method.version,
        "seed": run.seed,
        "preset": run.preset,
        "control": run.method.control,
        "parameters": _writable(run.method.params),
        "losses": np.asarray(each.table.uns["losses"], dtype=np.float64),
    }


def _writable(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters that are set, as h5ad files can hold them."""
    kept = {}
    for name, value in params.items():
        if isinstance(value, list | tuple) and len({type(part) for part in value}) != 1:
            value = json.dumps(value)
        if value is not None:
            kept[name] = _writable(value) if isinstance(value, Mapping) else value
    return kept


def gene_vectors(stored: Stored, how: Combined) -> GeneVectors:
    """Return a run's vectors as files hold them: as they are, ``per-graph``, or one per gene.

    What is one per gene is made of vectors of length 1, as in `stored_vectors.combined`.
    """
    table = stored.table
    dataset, gene = (np.asarray(table.obs[name]).astype(str) for name in ("dataset", "gene"))
    vectors = np.asarray(table.X)
    if how == "per-graph":
        fingerprint = stored.run.task.fingerprint
        second = table.obsm.get("new_donor")
        return GeneVectors(tuple(gene), vectors, tuple(dataset), fingerprint, second)
    genes, number = np.unique(gene, return_inverse=True)
    rows = [np.flatnonzero(dataset == name) for name in dict.fromkeys(dataset.tolist())]
    directions = unit_length([vectors[own] for own in rows])
    ((present, each),) = combined(directions, [number[own] for own in rows], how)
    return GeneVectors(tuple(genes[present]), each.astype(np.float32))


def stored_runs(
    store: ResultStore,
    records: Sequence[RunRecord],
    labels: Sequence[str] = (),
    seeds: Sequence[int] = (),
    warn: Callable[[str], None] = warning,
) -> list[Stored]:
    """Read the vectors of runs on one task, of some methods and seeds.

    Methods are named as tables or the suite call them. Runs on other data than the newest one's
    are left out, with a word to `warn`.

    Raises
    ------
    UsageError
        If none of the runs is so, or they are on several tasks.
    DataError
        If vectors are missing or not those of their run.
    """
    from anndata import read_h5ad

    named = label_methods(records)
    called = [(record, named[MethodKey.of(record)]) for record in records]
    wanted = [
        (record, label)
        for record, label in called
        if record.status == "ok"
        and (not labels or {label, record.method.name} & {*labels})
        and (not seeds or record.seed in seeds)
    ]
    tasks = sorted({record.task.label for record, _ in wanted})
    if not wanted:
        there = ", ".join(sorted({*named.values()})) or "none"
        raise UsageError(f"no run that ended well is so; there are runs of {there}")
    if len(tasks) > 1:
        raise UsageError(f"these are runs on {', '.join(tasks)}; choose one by tissue and source")
    newest = max((r for r, _ in wanted), key=lambda r: r.created).task.fingerprint
    same = [(record, label) for record, label in wanted if record.task.fingerprint == newest]
    if len(same) < len(wanted):
        others = f"{len(wanted) - len(same)} of {len(wanted)} runs were on other data of {tasks[0]}"
        warn(f"{others} than the newest and are left out; 'bench run' makes them again")
    found = []
    for record, label in same:
        sealed = store.intact_vectors(record)
        if sealed is None:
            raise DataError(f"{record.run_id} has no intact vectors; run 'bench run' again")
        found.append(Stored(record, label, read_h5ad(sealed.path)))
    return sorted(found, key=lambda each: (each.label, each.run.seed))
