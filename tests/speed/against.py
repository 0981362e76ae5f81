"""Time another checkout of the suite beside this one (`make speed AGAINST=PATH`).

Each side is a process of its own that imports its own package and keeps to what both have:
trainings, metrics, preprocessing. The sides take turns, and which one begins changes from round
to round. What is told are seconds of the processor, which a busy machine lengthens little.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import IO

import click
import numpy as np
from click.testing import CliRunner
from rich.console import Console

import genearena
from speed.made_up import Size, programme_vectors, random_task
from speed.sheet import Sheet, duration, print_sheet, ratio
from speed.stopwatch import EPOCHS, Times, cores, limited_to, step_seconds

LIMIT = 1.05
SIZES = {
    "small": Size(300, 350, (4500,), 4500, 4, 4, 10, 80, ()),
    "medium": Size(500, 500, (12_500,), 12_500, 4, 4, 10, 80, ()),
    "full": Size(1000, 1000, (50_000,), 50_000, 4, 4, 10, 80, ()),
}
NEURAL = ("gae", "vgae", "mae", "wsmae", "musegnn", "grace", "sugrl", "graphmae")


@click.command("against")
@click.argument("other", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--repeats", type=click.IntRange(1), default=9, show_default=True, help="Rounds.")
@click.option("--size", type=click.Choice(list(SIZES)), default="full", show_default=True)
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True)
@click.option("--only", default="", help="Cases whose names contain this.")
def main(other: Path, repeats: int, size: str, threads: int, only: str) -> None:
    """Time the checkout OTHER and this one in turns, case by case."""
    here = Path(genearena.__file__).parents[1]
    there = other.resolve() / ".src"
    console = Console(width=100)
    console.print(f"load average {os.getloadavg()[0]:.1f} of {cores()} cores; {threads} threads")
    sides = [_start(source, size, threads) for source in (there, here)]
    names = [json.loads(_answer(side)) for side in sides]
    console.print(f"only there: {sorted(set(names[0]) - set(names[1])) or 'nothing'}", end="; ")
    console.print(f"only here: {sorted(set(names[1]) - set(names[0])) or 'nothing'}")
    rows = []
    for name in (n for n in names[1] if n in names[0] and only in n):
        before, after = _in_turns(sides, name, repeats)
        times = Times(tuple(a / b for a, b in zip(after, before, strict=True)))
        medians = (duration(float(np.median(values))) for values in (before, after))
        slower = "slower" if times.median > LIMIT else ""
        rows.append((name, *medians, ratio(times), slower))
        click.echo(" ".join(rows[-1]), err=True)
    for side in sides:
        side.terminate()
    headings = ("what", "there", "here", "here / there", "")
    note = f"Medians of {repeats} rounds; ratios are taken within a round: median [quartiles]."
    print_sheet(
        console, Sheet(f"Here beside {other}, size '{size}'", headings, tuple(rows), (note,))
    )


def _in_turns(
    sides: list[subprocess.Popen[str]], name: str, repeats: int
) -> tuple[list[float], list[float]]:
    rounds: list[list[float]] = []
    for number in range(repeats + 1):
        found = {}
        for position in (0, 1) if number % 2 else (1, 0):
            _stream(sides[position].stdin).write(f"{name}\n")
            _stream(sides[position].stdin).flush()
            found[position] = float(_answer(sides[position]))
        rounds.append([found[0], found[1]])
    before, after = zip(*rounds[1:], strict=True)  # the first one warms up
    return list(before), list(after)


def _start(source: Path, size: str, threads: int) -> subprocess.Popen[str]:
    paths = os.pathsep.join(map(str, (source, Path(__file__).parents[1])))
    return subprocess.Popen(
        [sys.executable, "-m", "speed.against", "--side", str(source), size, str(threads)],
        env=os.environ | {"PYTHONPATH": paths},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _answer(side: subprocess.Popen[str]) -> str:
    line = _stream(side.stdout).readline()
    if not line:
        raise SystemExit("one of the sides has ended; its error stands above")
    return line


def _stream(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def side(source: str, size: str, threads: str) -> None:
    """Name the cases, then time each that is asked for."""
    assert genearena.__file__.startswith(source), genearena.__file__
    # what methods print is not an answer
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    with limited_to(int(threads)):
        known = dict(_cases(SIZES[size]))
        print(json.dumps(list(known)), file=answers, flush=True)
        for line in sys.stdin:
            print(known[line.strip()](), file=answers, flush=True)


def _cases(size: Size) -> Iterator[tuple[str, Callable[[], float]]]:
    from genearena.methods.registry import METHODS, is_released
    from genearena.metrics.embedding_space import EmbeddingSpace
    from genearena.metrics.registry import METRICS

    graphs = random_task(2, size.genes, size.cells, size.usual_edges)
    for name in METHODS.builtin:
        faithful = name.partition(":")[0]
        if faithful in NEURAL and name != "wsmae:released":
            new = partial(METHODS.load, name)
            yield (
                f"step of {name}",
                lambda new=new: step_seconds(new()(epochs=EPOCHS), graphs, process_time),
            )
        elif not is_released(name) and name not in ("truth", "vectors"):
            settings = METHODS.load(name).preset("fast")
            yield (
                f"fit of {name}",
                lambda n=name, s=settings: _seconds(lambda: METHODS.load(n)(**s).fit(graphs)),
            )
    task = random_task(4, size.genes, 2, size.usual_edges)
    vectors = tuple(programme_vectors(task))
    for name in METRICS.builtin:
        metric = METRICS.load(name)
        if metric.scored:
            yield (
                f"metric {metric.label}, anew",
                lambda m=metric: _seconds(lambda: m(EmbeddingSpace(task, vectors))),
            )
    yield from _preparations(size)


def _preparations(size: Size) -> Iterator[tuple[str, Callable[[], float]]]:
    import anndata
    from scipy import sparse

    from genearena.data.preprocessing import cscore, sctransform, sparkx

    yield "data simulate", lambda: _seconds(_simulate)
    rng = np.random.default_rng(0)
    counts = sparse.csr_matrix(rng.poisson(rng.gamma(0.5, 2, size.genes), (size.cells, size.genes)))
    table = anndata.AnnData(counts.astype(np.float32))
    table.obsm["spatial"] = rng.random((size.cells, 2))
    yield "sctransform", lambda: _seconds(lambda: sctransform(table.copy()))
    whole = sparse.csr_array(counts.astype(float))
    depth = whole.sum(axis=1)
    yield "cscore", lambda: _seconds(lambda: cscore(whole, depth=depth))
    yield "sparkx", lambda: _seconds(lambda: sparkx(table))


def _simulate() -> None:
    from genearena.benchmark.cli import bench

    words = "data simulate --tissue lung --name one --donors 1 --genes 300 --cells 300 --data-dir"
    with TemporaryDirectory() as folder:
        CliRunner().invoke(bench, [*words.split(), folder], catch_exceptions=False)


def _seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


if __name__ == "__main__":
    if sys.argv[1:2] == ["--side"]:
        side(*sys.argv[2:])
    else:
        main()
