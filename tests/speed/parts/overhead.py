"""What the suite adds to a run: the time of runs that do nothing, here and on a Dask cluster."""

import time
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from genearena.benchmark.records.record import RunRecord
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.execution import Execution
from genearena.benchmark.run.evaluation.jobs import Job
from genearena.benchmark.run.executors import Place, executor_on
from genearena.benchmark.run.plan import make_plan
from genearena.benchmark.run.request import Request
from genearena.benchmark.run.runner import Runner
from genearena.benchmark.run.workers.events import Finished, Progress
from genearena.data.cards.stored_card import Origin
from genearena.data.store import Store
from genearena.data.tasks import TaskCard, find_task
from speed.bench import Bench
from speed.made_up import random_task
from speed.requirement import installed
from speed.sheet import Sheet, measured
from speed.stopwatch import Times

WORKERS = 2
# runs that each timed value is the mean of, and those before it, when workers start
RUNS_PER_ROUND = 20
RUNS_FIRST = 10
_METHODS = {
    "a record": "speed.idle:Declining",
    "a record and vectors": "speed.idle:Idle",
}


class Clock:
    """A display that notes when each run was stored."""

    def __init__(self) -> None:
        self.ended: list[float] = []

    def progress(self, event: Progress) -> None:
        """Ignore it."""

    def finished(self, event: Finished, record: RunRecord) -> None:
        """Note the time."""
        self.ended.append(time.perf_counter())

    def waiting(self, jobs: int, host: str) -> None:
        """Ignore it: there are no others."""

    def taken_over(self, job: Job, record: RunRecord, host: str) -> None:
        """Ignore it: there are no others."""

    def rounds(self) -> Times:
        """Return seconds per run of each round after the first runs."""
        marks = self.ended[RUNS_FIRST::RUNS_PER_ROUND]
        return Times(tuple((late - early) / RUNS_PER_ROUND for early, late in pairwise(marks)))


def measure(bench: Bench) -> Sheet:
    """Time runs of methods that do nothing, without metrics, on a task of two small graphs."""
    places: dict[str, str | None] = {f"{WORKERS} local workers": None}
    if installed("distributed"):
        places[f"{WORKERS} Dask workers, this machine"] = "local"
    with TemporaryDirectory() as folder:
        task = _stored_task(Path(folder) / "data")
        rows = [
            (
                what,
                *(
                    measured(_per_run(task, name, place, bench.repeats))
                    for place in places.values()
                ),
            )
            for what, name in _METHODS.items()
        ]
    return Sheet(
        "The suite's own time per run",
        ("a run leaves", *places),
        tuple(rows),
        (
            f"Wall time from one stored run to the next, both workers busy; means of "
            f"{RUNS_PER_ROUND} runs. The method does nothing and there are no metrics; starting "
            "the workers is not counted.",
            "With vectors: their Leiden clusters, which are stored beside them, and writing the "
            "h5ad file, for 2 x 60 genes.",
        ),
    )


def _stored_task(folder: Path) -> TaskCard:
    graphs = random_task(2, 60, 40, 300)
    Store(folder).add("lung", "made-up", graphs.graphs, Origin())
    return find_task("lung", source="made-up", folder=folder)


def _per_run(task: TaskCard, method: str, place: str | None, rounds: int) -> Times:
    seeds = tuple(range(RUNS_FIRST + rounds * RUNS_PER_ROUND + 1))
    here = Place(Execution(workers=WORKERS), cluster=place)
    with TemporaryDirectory() as folder, executor_on(here) as chosen:
        executor, execution = chosen
        store = ResultStore(Path(folder))
        plan = make_plan(Request((task,), (method,), (), seeds), store, [])
        clock = Clock()
        Runner(store, execution, executor).run(plan, clock)
    return clock.rounds()
