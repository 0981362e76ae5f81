"""Seconds of the processor that commands take which only look at what is stored.

``python -m speed.commands FOLDER...`` times other checkouts in turns with this one.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from helpers.many_records import write_many
from rich.console import Console

import genearena
from speed.made_up import SIZES, Size
from speed.sheet import Sheet, digits, print_sheet
from speed.stopwatch import Bench, Times

BENCH = (sys.executable, "-c", "from genearena.benchmark.cli import main; main()")
HERE = Path(genearena.__file__).parents[1]
RUN = "run --tissue lung --source small --seeds 2 --out runs --data-dir data --methods pca,random"
COMMANDS: Mapping[str, str] = {
    "--help": "--help",
    "list methods --parameters": "list methods --parameters",
    "run, all is stored": RUN,
    "run --dry-run of all methods": f"{RUN},default --dry-run",
    "leaderboard": "leaderboard --out many",
    "stats": "stats --out many",
    "report": "report --out many --output report.html",
    "plot --kind umap, two methods": "plot --kind umap --out runs --output figures",
    "data check": "data check --tissue lung --source small --data-dir data",
}


def commands(bench: Bench, others: Sequence[Path] = (), only: str = "") -> Sheet:
    """Time every command on a results folder of made-up records, and on a small task.

    `only` are beginnings of their names, with commas between them.
    """
    sources = [*(other.resolve() / ".src" for other in others), HERE]
    with _folder(bench.size) as (folder, n_records):
        rows = [
            (
                name,
                *(
                    f"{digits(times.median)} s"
                    for times in _in_turns(words, sources, folder, bench)
                ),
            )
            for name, words in COMMANDS.items()
            if name.startswith(tuple(only.split(",")))
        ]
    return Sheet(
        "Commands that compute no run: seconds of the processor",
        ("bench", *map(str, others), "here"),
        tuple(rows),
        (
            f"User and system time of a process of its own, median of {bench.repeats}. A busy "
            "machine lengthens it, by half and more.",
            f"leaderboard, stats and report on {n_records} records, all else on four donors of "
            f"{_genes(bench.size)} genes.",
        ),
    )


def _in_turns(words: str, sources: Sequence[Path], folder: Path, bench: Bench) -> Iterator[Times]:
    taken: list[list[float]] = [[] for _ in sources]
    for turn in range(bench.repeats + 1):  # the first warms up
        for source, own in zip(sources, taken, strict=True):
            seconds = _seconds(words, source, folder)
            own += [seconds] if turn else []
    return (Times(tuple(own)) for own in taken)


def _seconds(words: str, source: Path, folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(source)}
    subprocess.run(
        [*BENCH, *words.split()], cwd=folder, env=environment, check=True, capture_output=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@contextmanager
def _folder(size: Size) -> Iterator[tuple[Path, int]]:
    """Make what the commands look at: records, a task and the runs of two methods."""
    numbers = (10, 20, 10) if size is SIZES["full"] else (2, 3, 2)
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_many(folder / "many", *numbers)
        task = f"--genes {_genes(size)} --cells {max(size.cells // 2, 120)} --donors 4"
        made = f"data simulate --tissue lung --name small {task} --modality scrna --data-dir data"
        _seconds(made, HERE, folder)
        _seconds(RUN, HERE, folder)
        yield folder, numbers[0] * numbers[1] * numbers[2]


def _genes(size: Size) -> int:
    return max(size.genes // 2, 60)


@click.command("commands")
@click.argument("others", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--repeats", type=click.IntRange(1), default=5, show_default=True, help="Rounds.")
@click.option("--size", type=click.Choice(list(SIZES)), default="full", show_default=True)
@click.option("--only", default="", help="Beginnings of commands, with commas between them.")
def main(others: Sequence[Path], repeats: int, size: str, only: str) -> None:
    """Time the commands of the checkouts OTHERS and of this one in turns."""
    print_sheet(Console(width=100), commands(Bench(SIZES[size], repeats, 1), others, only))


if __name__ == "__main__":
    main()
