"""The report, and so every figure in it, does not depend on the process that writes it."""

import os
import subprocess
import sys
from pathlib import Path

import genearena

WRITE = """
import hashlib, sys
from pathlib import Path
from genearena.benchmark.show.report.page import report_page
from genearena.benchmark.records.results import ResultStore
store = ResultStore(Path(sys.argv[1]))
print(hashlib.sha256(report_page(store, store.scan()).encode()).hexdigest())
"""
SOURCE = str(Path(genearena.__file__).parents[1])


def test_two_processes_write_the_same_bytes(make_records, write_store, tmp_path):
    """The bytes depend on no order in which a process visits a set."""
    tissues = ("lung", "liver", "heart", "kidney", "spleen")
    names = ("pca", "gene2vec", "gae", "mae", "musegnn", "random")
    records = [
        record.model_copy(update={"metrics": dict(list(record.metrics.items())[:2])})
        for tissue in tissues
        for record in make_records(tissue, n_seeds=1)
        if record.method.name in names
    ]
    write_store(tmp_path, records, n_genes=4)
    digests = set()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", WRITE, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": SOURCE},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(done.stdout)
    assert len(digests) == 1
