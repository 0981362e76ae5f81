"""Where a run takes place: interpreter, machine and package versions."""

import os
import platform
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import genearena
from genearena.benchmark.records.record import Environment
from genearena.benchmark.run.resources import Resources

PACKAGES = (
    "genearena", "anndata", "gensim", "igraph", "numba", "numpy", "pandas", "scanpy",
    "scikit-learn", "scipy", "torch", "umap-learn",
)  # fmt: skip


@cache
def current_environment(resources: Resources | None = None) -> Environment:
    """Describe this machine and what a worker uses of it; one thread of its CPU if None."""
    used = resources or Resources()
    return Environment(
        python=platform.python_version(),
        platform=platform.platform(),
        cpu=_cpu(),
        cores=os.cpu_count() or 1,
        packages={name: _version(name) for name in PACKAGES},
        git_commit=_git_commit(),
        device=used.device,
        gpu=_gpu() if used.device == "cuda" else None,
        threads=used.threads,
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def _gpu() -> str:
    import torch

    return torch.cuda.get_device_name()


def _git_commit() -> str | None:
    # a commit is only meaningful where the suite runs from its own checkout
    source = Path(genearena.__file__).resolve().parent
    if source.parent.name != ".src":
        return None
    command = ["git", "-C", str(source), "rev-parse", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() or None
