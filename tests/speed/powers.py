"""How time grows with the size of a task, and of a comparison: fitted powers."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import NamedTuple

import numpy as np
from helpers.many_records import many_records
from scipy import sparse

from genearena.benchmark.compare.analysis import Options, analyse
from genearena.benchmark.compare.build import build_leaderboards
from genearena.data.build import build_graph
from genearena.data.graphs import GraphCollection
from genearena.data.options import BuildOptions
from genearena.data.reading.counts import CountMatrix
from genearena.methods.registry import METHODS
from genearena.metrics.base import NotDefined
from genearena.metrics.embedding_space import EmbeddingSpace, NewDonor
from genearena.metrics.registry import METRICS
from speed.made_up import SIZES, programme_vectors, random_task, with_truth
from speed.sheet import Sheet, digits, duration
from speed.stopwatch import Bench, Work

DENSITY = 0.1
LEAST = 0.02
_DOUBLINGS = 3
_METHODS = ("gene2vec", "node2vec", "giant", "stacked", "consensus")


class Task(NamedTuple):
    """Sizes of a task; every pair of genes is an edge with the probability `DENSITY`."""

    genes: int
    graphs: int
    cells: int


class Runs(NamedTuple):
    """Sizes of a comparison: seeds, methods and tissues."""

    seeds: int
    methods: int
    tissues: int


def powers(bench: Bench) -> Sheet:
    """Fit the power of every size that everything but the training of networks grows with."""
    full = bench.size is SIZES["full"]
    task, runs = (Task(250, 2, 250), Runs(5, 6, 5)) if full else (Task(40, 2, 220), Runs(2, 3, 2))
    sizes = (*Task._fields, *Runs._fields)
    rows = [
        (name, duration(first), *(found.get(size, "") for size in sizes))
        for name, first, found in _powers(task, runs, bench.repeats)
    ]
    return Sheet(
        "Powers of its size that time grows with",
        ("what", "least size", *sizes),
        tuple(rows),
        (
            f"Least: {_words(task)}, every tenth pair an edge; {_words(runs)}. Each is doubled "
            f"{_DOUBLINGS} times, the others staying; edges grow with the square of the genes.",
            f"Processor seconds, best of {min(bench.repeats, 3)}: slope of their logarithms over "
            f"the sizes that take {duration(LEAST)} or more.",
        ),
    )


def _words(sizes: Task | Runs) -> str:
    return ", ".join(f"{count} {name}" for name, count in sizes._asdict().items())


def _powers(task: Task, runs: Runs, repeats: int) -> Iterator[tuple[str, float, dict[str, str]]]:
    parts: Iterable[tuple[Task | Runs, Mapping[str, Callable[..., Work]]]] = (
        (task, _on_task()),
        (runs, _on_records()),
    )
    for least, works in parts:
        for name, work in works.items():
            first, found = 0.0, {}
            for size in least._fields:
                series = _series(least, size)
                seconds = [_best(work(*grown), min(repeats, 3)) for grown in series]
                first, found[size] = seconds[0], _power(seconds)
            yield name, first, found


def _series(least: Task | Runs, size: str) -> list[Task | Runs]:
    return [
        least._replace(**{size: getattr(least, size) * 2**times}) for times in range(_DOUBLINGS + 1)
    ]


def _power(seconds: list[float]) -> str:
    """Return the slope of the logarithms, leaving out what is too short to be timed."""
    timed = [(2**times, each) for times, each in enumerate(seconds) if each >= LEAST]
    if len(timed) < 2:
        return "-"
    sizes, times = np.log(timed).T
    return digits(max(float(np.polyfit(sizes, times, 1)[0]), 0.0))


def _best(work: Work, repeats: int) -> float:
    """Return the least time of the processor, which a busy machine lengthens little."""
    work()
    marks = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        marks.append(time.process_time() - start)
    return min(marks)


def _on_task() -> Mapping[str, Callable[..., Work]]:
    return {
        "graph and kept-back half": _built,
        **{f"fit of {name}": partial(_fitted, name) for name in _METHODS},
        "Leiden clusters": lambda *size: _anew(lambda space: space.clusters, *size),
        **{name: partial(_scored, name) for name in METRICS.builtin if _cheap(name)},
    }


def _on_records() -> Mapping[str, Callable[..., Work]]:
    def compared(seeds: int, methods: int, tissues: int) -> Work:
        boards = build_leaderboards(list(many_records(tissues, methods, seeds)))
        return lambda: analyse(boards, Options(by="headline"))

    def tabled(seeds: int, methods: int, tissues: int) -> Work:
        records = list(many_records(tissues, methods, seeds))
        return lambda: build_leaderboards(records)

    return {"leaderboards": tabled, "statistics": compared}


def _cheap(name: str) -> bool:
    return not name.startswith("scib_")  # other packages' time


def _task(genes: int, graphs: int, cells: int) -> GraphCollection:
    return random_task(graphs, genes, cells, round(DENSITY * genes * (genes - 1) / 2))


def _built(genes: int, graphs: int, cells: int) -> Work:
    rng = np.random.default_rng(0)
    means = rng.gamma(1.0, 1.0, size=genes)
    donors = [
        CountMatrix(
            f"donor{n}", "lung", "scrna", "human", tuple(f"G{g}" for g in range(genes)),
            sparse.csr_array(rng.poisson(means, size=(cells, genes))),
        )
        for n in range(graphs)
    ]  # fmt: skip
    return lambda: [build_graph(donor, BuildOptions(n_genes=genes)) for donor in donors]


def _fitted(name: str, *size: int) -> Work:
    graphs, method = _task(*size), METHODS.load(name)
    return lambda: method(**method.preset("fast")).fit(graphs).embed()


def _scored(name: str, *size: int) -> Work:
    metric = METRICS.load(name)

    def score(space: EmbeddingSpace) -> None:
        with suppress(NotDefined):
            metric(space)

    return _anew(score, *size)


def _anew(work: Callable[[EmbeddingSpace], object], *size: int) -> Work:
    graphs = with_truth(_task(*size))
    vectors = tuple(programme_vectors(graphs))
    return lambda: work(EmbeddingSpace(graphs, vectors, NewDonor(0, vectors)))
