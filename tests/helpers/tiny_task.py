"""A small simulated task and a way to call ``bench``, for tests that run the whole suite."""

import os
import subprocess
import sys
from pathlib import Path

SOURCE = "tiny"
BENCH = (sys.executable, "-c", "from genearena.benchmark.cli import main; main()")


def bench(*arguments, cwd, check=True, path=None):
    """Run the ``bench`` command in a fresh process, with `path` importable, and return it."""
    places = [str(path)] if path else []
    places += filter(None, [os.environ.get("PYTHONPATH")])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(places)}
    command = [*BENCH, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=300, env=environment
    )
    if check and done.returncode:
        raise AssertionError(f"bench {arguments} gave {done.returncode}: {done.stderr}")
    return done


def simulate_tiny_task(folder: Path) -> None:
    """Store a two-donor lung task of about ninety genes under the name ``tiny``."""
    sizes = ("--donors", 2, "--genes", 90, "--cells", 120)
    bench(
        "data", "simulate", "--tissue", "lung", "--name", SOURCE, *sizes, "--data-dir", folder,
        cwd=folder,
    )  # fmt: skip
