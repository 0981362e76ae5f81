"""``bench run`` twice at once on one results folder."""

import re
import subprocess

import pytest
from tiny_task import BENCH, SOURCE, bench

METHODS = "pca,random,gene_name,expression_mean"


@pytest.mark.slow
def test_two_runs_share_the_work(data_dir, tmp_path):
    """Both end with all records; together they did each run once and say who did what."""
    words = [
        *BENCH, "run", "--tissue", "lung", "--source", SOURCE, "--data-dir", str(data_dir),
        "--seeds", "5", "--methods", METHODS, "--metrics", "cgr", "--jobs", "1",
    ]  # fmt: skip
    both = [
        subprocess.Popen(
            words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    told = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    own = [len(re.findall(r"ok, \d", err)) for _, err in told]
    taken = [err.count("done by another process") for _, err in told]
    assert sum(own) == 20
    assert sum(taken) > 0
    assert len(bench("results", "list", cwd=tmp_path).stdout.splitlines()) == 1 + 20
    assert "20 runs in" in bench("results", "verify", cwd=tmp_path).stdout
    assert not list((tmp_path / "results" / "records").glob(".*"))
