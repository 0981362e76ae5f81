"""Made-up run records and embeddings, for tests of tables and figures."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genearena.benchmark.records.record import (
    Cost,
    Environment,
    MethodInfo,
    MetricResult,
    RunRecord,
    TaskInfo,
)

METRICS = {
    "edge_auc": ("AUC", True),
    "asw": ("ASW", True),
    "graph_connectivity": ("GC", True),
    "ilisi": ("iLISI", True),
    "cgr": ("CGR", True),
    "neighbour_overlap": ("NO", True),
    "retrieval": ("MRR", False),
    "programme_recovery": ("Programme AUC", False),
}
CONTROLS = ("random", "gene_name", "expression_mean", "truth")
METHODS = ("pca", "gene2vec", "node2vec", "giant", "gae", "vgae", "mae", "wsmae", "musegnn")
ENVIRONMENT = Environment(python="3.11", platform="any", cpu="any", cores=2, packages={})


def _record(
    method: str,
    values: Mapping[str, float | MetricResult],
    *,
    seed: int = 0,
    tissue: str = "lung",
    source: str = "embedded",
    fingerprint: str = "5f3a9c1be07d",
    simulated: bool = True,
    preset: str = "fast",
    params: Mapping[str, Any] | None = None,
    control: bool | None = None,
    lower: Sequence[str] = (),
    status: str = "ok",
    reason: str = "",
    created: str = "2024-05-01T10:00:00+00:00",
    cost: Cost = Cost(),  # noqa: B008 - frozen
    suite_version: str = "0.1.0",
    label: str = "",
) -> RunRecord:
    """Make one record; plain floats become scored metrics unless the suite does not score them."""
    identity = repr((method, seed, tissue, source, fingerprint, preset, params, suite_version))
    digest = hashlib.sha256(identity.encode()).hexdigest()[:16]
    run_id = f"{tissue}.{re.sub(r'[^A-Za-z0-9_-]+', '-', method)}.s{seed}.{digest}"
    return RunRecord(
        run_id=run_id,
        suite_version=suite_version,
        task=TaskInfo(
            tissue=tissue,
            source=source,
            fingerprint=fingerprint,
            simulated=simulated,
            n_graphs=5,
            n_rows=4000,
        ),
        method=MethodInfo(
            name=method,
            version="1",
            params=dict(params if params is not None else {"dim": 32}),
            control=method in CONTROLS if control is None else control,
            variant="released" if method.endswith(":released") else "faithful",
            origin="genearena",
            trained_on="nothing",
            needs=("truth",) if method == "truth" else ("graph",),
            deterministic=True,
        ),
        seed=seed,
        preset=preset,
        label=label,
        status=status,
        reason=reason,
        metrics={name: _result(name, value, lower) for name, value in values.items()},
        gene_coverage=1.0 if status == "ok" else None,
        cost=cost,
        environment=ENVIRONMENT,
        created=created,
        embedding=f"{run_id}.h5ad" if status == "ok" else None,
    )


def _result(name: str, value: float | MetricResult, lower: Sequence[str]) -> MetricResult:
    if isinstance(value, MetricResult):
        return value
    label, scored = METRICS.get(name, (name, True))
    return MetricResult(label=label, value=value, higher_is_better=name not in lower, scored=scored)


def _example(tissue: str = "lung", n_seeds: int = 10, **options: Any) -> list[RunRecord]:
    """Make a full board: nine methods, four controls, nine metrics, some trouble."""
    records = []
    for position, method in enumerate(METHODS + CONTROLS):
        text = hashlib.sha256(f"{tissue}{method}".encode()).digest()
        rng = np.random.default_rng(list(text[:8]))
        centre = 0.15 + 0.6 * rng.random(len(METRICS)) + 0.02 * (position == 8)
        for seed in range(n_seeds):
            values: dict[str, Any] = {
                name: float(np.clip(centre[j] + 0.02 * rng.normal(), 0, 1))
                for j, name in enumerate(METRICS)
            }
            if method == "gene2vec":
                values["asw"] = MetricResult(
                    label="ASW", value=0.0, flag="no cluster mixes data sets", scored=True
                )
            cost = Cost(
                fit_seconds=3.0**position / 50 * (1 + 0.1 * rng.random()),
                score_seconds=4.0,
                peak_rss_bytes=int((0.4 + 0.2 * position) * 1e9),
                n_parameters=1000 * position,
            )
            trouble = {}
            if method == "vgae" and seed in (3, 7):
                trouble = {"status": "failed", "reason": "RuntimeError: loss is NaN in epoch 41"}
            if method == "giant" and seed:
                trouble = {"status": "timeout", "reason": "took longer than 600 s"}
            if trouble:
                values = {}
            records.append(
                _record(method, values, seed=seed, tissue=tissue, cost=cost, **trouble, **options)
            )
    return records


def _store(folder: Path, records: Sequence[RunRecord], n_genes: int = 60) -> None:
    """Write records and, for runs that ended well, embeddings of five data sets."""
    import pandas as pd
    from anndata import AnnData

    from genearena.benchmark.records.results import ResultStore

    store = ResultStore(folder)
    for record in records:
        store.write(record)
        if record.status != "ok":
            continue
        digest = hashlib.sha256(record.run_id.encode()).digest()
        rng = np.random.default_rng(list(digest[:8]))
        programme = np.tile(np.arange(n_genes) % 8, 5)
        dataset = np.repeat(np.arange(5), n_genes)
        mixing = rng.random()
        x = 2.5 * np.random.default_rng(0).normal(size=(8, 32))[programme]
        x = x + 2 * mixing * rng.normal(size=(5, 32))[dataset] + rng.normal(size=(5 * n_genes, 32))
        obs = pd.DataFrame(
            {
                "dataset": [f"{record.task.tissue}-donor{i + 1}" for i in dataset],
                "gene": [f"G{i:04d}" for i in range(n_genes)] * 5,
                "cluster": (programme + 8 * (dataset % 2)).astype(str),
            }
        )
        obs.index = pd.Index(obs["dataset"] + "|" + obs["gene"])
        trained = record.method.name not in (*CONTROLS, "pca")
        epochs = np.arange(1, 101 if trained else 1)
        losses = (
            0.3 + np.exp(-epochs / 20) * (1 + 0.1 * rng.random()) + 0.01 * rng.random(len(epochs))
        )
        uns = {"run_id": record.run_id, "losses": losses}
        path = store.embedding_path(record)
        path.parent.mkdir(parents=True, exist_ok=True)
        AnnData(x.astype(np.float32), obs=obs, uns=uns).write_h5ad(path)


@pytest.fixture(scope="session")
def make_record() -> Callable[..., RunRecord]:
    """Return a maker of single records."""
    return _record


@pytest.fixture(scope="session")
def make_records() -> Callable[..., list[RunRecord]]:
    """Return a maker of whole boards."""
    return _example


@pytest.fixture(scope="session")
def write_store() -> Callable[..., None]:
    """Return a writer of results folders."""
    return _store
