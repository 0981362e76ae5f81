"""Runs on the tiny task, made in this process, and files of gene vectors taken from them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits
from tiny_task import SOURCE

from genearena.benchmark.records.declared import describe
from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.evaluate import evaluate
from genearena.benchmark.run.evaluation.job import Job
from genearena.benchmark.run.request import chosen_metrics
from genearena.benchmark.run.runner import make_record
from genearena.data.graphs import GraphCollection
from genearena.data.tasks import TaskCard, find_task, load_task
from genearena.methods.registry import METHODS


@pytest.fixture(scope="session")
def task(data_dir: Path) -> TaskCard:
    """Return the tiny task."""
    return find_task("lung", source=SOURCE, folder=data_dir)


@pytest.fixture(scope="session")
def graphs(data_dir: Path) -> GraphCollection:
    """Return the graphs of the tiny task."""
    return load_task("lung", source=SOURCE, folder=data_dir)


@pytest.fixture(scope="session")
def results(
    tmp_path_factory: pytest.TempPathFactory, task: TaskCard, graphs: GraphCollection
) -> ResultStore:
    """Return a results folder with one run of pca and one of random."""
    store = ResultStore(tmp_path_factory.mktemp("results"))
    for name in ("pca", "random"):
        cls = METHODS.load(name)
        info = describe(name, cls, cls.preset("fast") | {"dim": 8})
        job = Job(task, info, 3, "fast", chosen_metrics(()))
        with threadpool_limits(1):
            outcome = evaluate(job, graphs, lambda *_: None)
        record = make_record(job, outcome)
        store.write(record, outcome.embedding)
    return store


@pytest.fixture(scope="session")
def pca(results: ResultStore) -> RunRecord:
    """Return the record of the run of pca."""
    return next(r for r in results.records() if r.method.name == "pca")


@pytest.fixture(scope="session")
def exported(results: ResultStore, pca: RunRecord) -> anndata.AnnData:
    """Return the stored vectors of pca."""
    return anndata.read_h5ad(results.embedding_path(pca))


@pytest.fixture(scope="session")
def write_vectors() -> Callable[..., Path]:
    """Return a writer of gene vectors in the format the path's suffix names."""
    return _write


def _write(path: Path, table: anndata.AnnData, **more: Any) -> Path:
    names = {c: table.obs[c].astype(str).to_numpy(dtype=str) for c in ("dataset", "gene")}
    if path.suffix == ".npz":
        extra = {k: v for k, v in {**table.uns, **table.obsm}.items() if k in KEPT}
        np.savez(path, **{**names, "vectors": table.X, **extra, **more})
    elif path.suffix == ".csv":
        columns = pd.DataFrame(table.X).rename(columns=lambda j: f"v{j}")
        pd.DataFrame(names).join(columns).to_csv(path, index=False)
    else:
        table.write_h5ad(path)
    return path


KEPT = ("fingerprint", "new_donor")
