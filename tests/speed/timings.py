"""Time methods and metrics on made-up tasks for `benchmark/run/timings.csv` (`make timings`)."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from genearena.benchmark.run.timings import COLUMNS, REFERENCE, TABLE
from genearena.data.common.csv_text import csv_text
from genearena.data.graphs import GraphCollection
from genearena.methods.base import PRESETS
from genearena.methods.registry import METHODS
from genearena.metrics.base import NotDefined
from genearena.metrics.embedding_space import EmbeddingSpace, NewDonor
from genearena.metrics.registry import METRICS
from speed.made_up import programme_vectors, random_task, with_truth
from speed.stopwatch import limited_to

# one number at a time departs from the reference, and genes with the edges of a fixed density
SIZES = (
    REFERENCE,
    REFERENCE._replace(graphs=6),
    REFERENCE._replace(genes=150, edges=1125),
    REFERENCE._replace(genes=600, edges=18_000),
    REFERENCE._replace(genes=1000, edges=50_000),
    REFERENCE._replace(cells=1000),
    REFERENCE._replace(edges=1125),
    REFERENCE._replace(edges=18_000),
)
_EPOCHS = 3
_LEAST = 1e-4
Timer = Callable[[GraphCollection], float]


def main(path: Path = TABLE) -> None:
    """Time everything and write the table."""
    tasks = [random_task(*map(int, size)) for size in SIZES]
    with limited_to(1):
        rows = [
            (*named, *_law([timer(task) for task in tasks])) for *named, timer in _timers(tasks)
        ]
    table = csv_text(COLUMNS, (dict(zip(COLUMNS, row, strict=True)) for row in rows))
    path.write_text(table, encoding="utf-8")


def _timers(tasks: list[GraphCollection]) -> Iterator[tuple[str, str, int, Timer]]:
    for name in METRICS.builtin:
        timer = _metric(name)
        for task in tasks:
            timer(task)  # what is imported and compiled is not the metric's
        yield name, "", 1, timer
    for name in METHODS.builtin:
        for preset in PRESETS:
            sys.stderr.write(f"{name} {preset}\n")
            timer = _method(name, preset)
            timer(tasks[2])
            yield name, preset, METHODS.load(name).preset(preset).get("epochs", 1), timer


def _method(name: str, preset: str) -> Timer:
    cls = METHODS.load(name)
    params = cls.preset(preset)
    epochs: int = params.get("epochs", 0)

    def fit(graphs: GraphCollection, few: int) -> float:
        method = cls(**(params | ({"epochs": few} if epochs else {})))
        return _seconds(lambda: method.fit(graphs).embed())

    def timer(graphs: GraphCollection) -> float:
        if cls(**params).skip(graphs):
            return 0.0
        if epochs <= 3 * _EPOCHS:
            return fit(graphs, epochs)
        # every epoch takes the same, so a few of them tell
        short, long = fit(graphs, _EPOCHS), fit(graphs, 3 * _EPOCHS)
        per_epoch = max(long - short, 0.0) / (2 * _EPOCHS)
        return short + per_epoch * (epochs - _EPOCHS)

    return timer


def _metric(name: str) -> Timer:
    metric = METRICS.load(name)

    def timer(graphs: GraphCollection) -> float:
        vectors = tuple(programme_vectors(graphs))
        graphs = with_truth(graphs)
        new_donor = NewDonor(0, vectors)

        def score() -> None:
            with suppress(NotDefined):
                metric(EmbeddingSpace(graphs, vectors, new_donor))

        return _seconds(score)

    return timer


def _seconds(work: Callable[[], object]) -> float:
    """Return the processor's time, which other processes on a busy machine lengthen little."""
    start = time.process_time()
    work()
    return time.process_time() - start


def _law(seconds: list[float]) -> tuple[str, ...]:
    """Fit seconds at the reference and the powers of graphs, genes, cells and edges."""
    from scipy.optimize import lsq_linear

    times = np.log(np.maximum(seconds, _LEAST))
    ratios = np.log([np.divide(size, REFERENCE) for size in SIZES])
    design = np.column_stack([np.ones(len(SIZES)), ratios])
    low = [-np.inf, 0.0, 0.0, 0.0, 0.0]
    fit: npt.NDArray[np.float64] = lsq_linear(design, times, bounds=(low, np.inf)).x
    return (f"{np.exp(fit[0]):.3g}", *(f"{power:.2f}" for power in fit[1:]))


if __name__ == "__main__":
    main()
