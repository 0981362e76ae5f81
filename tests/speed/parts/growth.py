"""How the runner's time and memory grow with the number of runs, simulated up to 20 000."""

import time
from collections.abc import Generator, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from genearena.benchmark.records.record import MetricResult
from genearena.benchmark.records.results import ResultStore
from genearena.benchmark.run.evaluation.jobs import Job
from genearena.benchmark.run.evaluation.memory import peak_bytes, reset_peak
from genearena.benchmark.run.evaluation.outcome import Outcome
from genearena.benchmark.run.plan import make_plan
from genearena.benchmark.run.request import Request
from genearena.benchmark.run.runner import Runner
from genearena.benchmark.run.workers.events import Finished
from genearena.data.cards.stored_card import describe
from genearena.data.cards.tissues import TISSUES
from genearena.data.tasks import TaskCard
from genearena.metrics.registry import METRICS
from speed.bench import Bench
from speed.idle import METHODS_IN_A_SIMULATION
from speed.made_up import random_task
from speed.parts.overhead import Clock
from speed.sheet import Sheet, duration

_METHODS = tuple(f"speed.idle:Idle{number}" for number in range(METHODS_IN_A_SIMULATION))


class Instant:
    """An executor whose runs end as soon as they are begun, with made-up metrics."""

    def run(self, jobs: Iterable[Job | None]) -> Generator[Finished]:
        """Yield the end of every job; see `Executor.run`."""
        metrics = {name: MetricResult(label=name, value=0.5) for name in METRICS.names}
        outcome = Outcome("ok", metrics=metrics, gene_coverage=1.0, embedding=b"vectors")
        for job in filter(None, jobs):
            yield Finished(0, job, outcome)


def measure(bench: Bench) -> Sheet:
    """Plan, lease, store and read back runs that take no time: tissues x methods x seeds."""
    rows = [_row(seeds) for seeds in bench.size.simulated_seeds]
    return Sheet(
        f"The runner alone: {len(TISSUES)} tissues x {len(_METHODS)} methods x seeds, simulated",
        ("runs", "planning", "per run", "reading back", "memory of the runner"),
        tuple(rows),
        (
            "Every run is leased, stored with a small file of vectors, and shown, by one process; "
            "its method and metrics take no time. Mean per run; one simulation each.",
            "Memory: rise of the peak resident set while they run.",
        ),
    )


def _row(seeds: int) -> tuple[str, ...]:
    request = Request(_tasks(), _METHODS, METRICS.names, tuple(range(seeds)))
    with TemporaryDirectory() as folder:
        store = ResultStore(Path(folder))
        reset_peak()
        before, start = peak_bytes(), time.perf_counter()
        plan = make_plan(request, store, [])
        planned = time.perf_counter()
        Runner(store, executor=Instant()).run(plan, Clock())
        ran = time.perf_counter()
        memory = peak_bytes() - before
        store.records()
        read = time.perf_counter()
    return (
        f"{len(plan.jobs):,}",
        duration(planned - start),
        duration((ran - planned) / len(plan.jobs)),
        duration(read - ran),
        f"{memory / 1e6:.0f} MB",
    )


def _tasks() -> tuple[TaskCard, ...]:
    graphs = tuple(describe(graph) for graph in random_task(2, 60, 40, 300))
    return tuple(TaskCard(tissue, "made-up", tissue, graphs) for tissue in TISSUES)
