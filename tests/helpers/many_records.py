"""Results folders of any size, with records as large as real ones."""

import itertools
from pathlib import Path

import numpy as np

from genearena.benchmark.records.record import (
    Cost,
    Environment,
    MethodInfo,
    MetricResult,
    RunRecord,
    TaskInfo,
)
from genearena.benchmark.records.seal import sealed
from genearena.benchmark.run.request import chosen_metrics
from genearena.metrics.registry import METRICS

METHODS = ("pca", "gene2vec", "node2vec", "giant", "gae", "vgae", "mae", "wsmae", "musegnn")
PACKAGES = {f"package-{i}": f"{i}.2.1" for i in range(20)}


def many_records(n_tissues, n_methods, n_seeds):
    """Yield finished runs of methods of the suite and made-up ones on made-up tissues."""
    metrics = [METRICS.load(name) for name in chosen_metrics(())]
    names = [*METHODS, *(f"plugin{i}" for i in range(n_methods))][:n_methods]
    rng = np.random.default_rng(0)
    for t, (m, name) in itertools.product(range(n_tissues), enumerate(names)):
        method = MethodInfo(
            name=name,
            version="1",
            params={"dim": 32, "epochs": 200, "learning_rate": 0.01},
            control=False,
            origin="genearena",
            trained_on="nothing",
            needs=("graph",),
            deterministic=False,
        )
        centre = 0.3 + 0.4 * rng.random(len(metrics)) + 0.01 * m
        for seed in range(n_seeds):
            values = centre + 0.02 * rng.normal(size=len(metrics))
            yield _record(f"tissue{t}", method, seed, dict(zip(metrics, values, strict=True)))


def _record(tissue, method, seed, values):
    run_id = f"{tissue}.{method.name}.s{seed}.0123456789abcdef"
    record = RunRecord(
        run_id=run_id,
        suite_version="0.1.0",
        task=TaskInfo(
            tissue=tissue, source="embedded", fingerprint="5f3a", simulated=True, n_graphs=5,
            n_rows=4000,
        ),
        method=method,
        seed=seed,
        preset="fast",
        status="ok",
        metrics={
            m.name: MetricResult(label=m.label, value=float(v), scored=m.scored)
            for m, v in values.items()
        },
        gene_coverage=1.0,
        cost=Cost(fit_seconds=1.5, score_seconds=2.0, peak_rss_bytes=400_000_000),
        environment=Environment(
            python="3.11.7", platform="Linux", cpu="any", cores=2, packages=PACKAGES
        ),
        created="2024-05-01T10:00:00+00:00",
        embedding=f"{run_id}.h5ad",
    )  # fmt: skip
    return sealed(record)


def write_many(folder, n_tissues=10, n_methods=12, n_seeds=10):
    """Write the records the way the store does, less its care for crashes."""
    target = Path(folder) / "records"
    target.mkdir(parents=True)
    for record in many_records(n_tissues, n_methods, n_seeds):
        (target / f"{record.run_id}.json").write_text(record.model_dump_json(indent=1))
