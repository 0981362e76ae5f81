"""What the suite adds to a run, and how that grows: `bench run` of methods that do nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

import genearena
from genearena.data.cards.stored_card import Origin
from genearena.data.store import Store
from speed.made_up import random_task
from speed.sheet import Sheet, duration, measured
from speed.stopwatch import Bench, Times

WORKERS = 2
# runs that each timed value is the mean of, and those before it, when workers start
RUNS_PER_ROUND = 20
RUNS_FIRST = 10
METHODS = {
    "a record": "speed.idle:Declining",
    "a record and vectors": "speed.idle:Idle",
}
BENCH = (sys.executable, "-c", "from genearena.benchmark.cli import main; main()")


def overhead(bench: Bench) -> Sheet:
    """Time runs of methods that do nothing on a task of two small graphs."""
    places: dict[str, tuple[str, ...]] = {f"{WORKERS} local workers": ()}
    if find_spec("distributed"):
        places[f"{WORKERS} Dask workers, this machine"] = ("--dask", "local")
    seeds = RUNS_FIRST + bench.repeats * RUNS_PER_ROUND + 1
    rows = [
        (what, *(measured(_per_run(method, seeds, options)) for options in places.values()))
        for what, method in METHODS.items()
    ]
    return Sheet(
        "The suite's own time per run",
        ("a run leaves", *places),
        tuple(rows),
        (
            f"Wall time from one stored run to the next, both workers busy; means of "
            f"{RUNS_PER_ROUND} runs. The method does nothing; starting the workers is not counted.",
            "With vectors: AUC, their Leiden clusters, which are stored beside them, and writing "
            "the h5ad file, for 2 x 60 genes.",
        ),
    )


def growth(bench: Bench) -> Sheet:
    """Plan, carry out, store and read back runs that take no time."""
    return Sheet(
        "The runner: runs that decline",
        ("runs", "planning", "per run", "reading back", "memory of the runner"),
        tuple(_grown(runs) for runs in bench.size.runs),
        (
            "Planning: `bench run --dry-run`; reading back: `bench results list`, both with the "
            "start of the process. Every run is leased, goes to one of two workers, is stored, "
            "and shown.",
            "Memory: peak resident set of the process that runs `bench run`, imports included.",
        ),
    )


def _grown(runs: int) -> tuple[str, ...]:
    with _task() as folder:
        command = _run(METHODS["a record"], runs)
        planning, _ = _carried_out([*command, "--dry-run"], folder)
        running, memory = _carried_out(command, folder)
        reading, _ = _carried_out(["results", "list"], folder)
    each = duration(running / runs)
    return f"{runs:,}", duration(planning), each, duration(reading), f"{memory / 1e6:.0f} MB"


def _per_run(method: str, seeds: int, options: tuple[str, ...]) -> Times:
    with _task() as folder:
        _carried_out([*_run(method, seeds), *options], folder)
        records = (folder / "results" / "records").glob("[!.]*.json")
        ended = sorted(record.stat().st_mtime_ns / 1e9 for record in records)
    marks = ended[RUNS_FIRST::RUNS_PER_ROUND]
    return Times(tuple((late - early) / RUNS_PER_ROUND for early, late in pairwise(marks)))


@contextmanager
def _task() -> Iterator[Path]:
    """Make a folder whose data are two small graphs of a made-up lung."""
    with TemporaryDirectory() as folder:
        graphs = random_task(2, 60, 40, 300)
        Store(Path(folder, "data")).add("lung", "made-up", graphs.graphs, Origin())
        yield Path(folder)


def _run(method: str, seeds: int) -> list[str]:
    words = "run --tissue lung --source made-up --data-dir data --metrics edge_auc --jobs"
    return [*words.split(), str(WORKERS), "--methods", method, "--seeds", str(seeds)]


def _carried_out(words: list[str], folder: Path) -> tuple[float, int]:
    """Carry out a command; return its seconds and the peak memory of its first process."""
    paths = (Path(genearena.__file__).parents[1], Path(__file__).parents[1])
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))}
    start, peak = time.perf_counter(), 0
    with subprocess.Popen(
        [*BENCH, *words], cwd=folder, env=environment, stdout=subprocess.DEVNULL
    ) as process:
        own = psutil.Process(process.pid)
        while process.poll() is None:
            peak = max(peak, own.memory_info().rss)
            time.sleep(0.02)
    if process.returncode:
        raise RuntimeError(f"bench {' '.join(words)} gave {process.returncode}")
    return time.perf_counter() - start, peak
