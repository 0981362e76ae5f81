"""Time the suite beside plain implementations of the same mathematics (`make speed`)."""

import os
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click
from rich.console import Console

from speed.made_up import SIZES
from speed.sheet import Sheet, print_sheet, to_markdown
from speed.stopwatch import Bench, cores, limited_to

PARTS = {
    "musegnn": ("training", "MuSe-GNN's training step beside PyTorch Geometric"),
    "floor": ("training", "that step against its matrix products alone"),
    "cells": ("training", "step and memory of graphs of many cells, own and rotated profiles"),
    "memory": ("training", "its memory beside PyTorch Geometric"),
    "encoders": ("training", "step and memory with Table 5's encoders and of whole methods"),
    "autoencoders": ("training", "steps of gae, vgae, mae, wsmae beside plain ones"),
    "walks": ("walks", "walks beside the node2vec package"),
    "metrics": ("scoring", "neighbours overlap beside a loop; the six metrics"),
    "functions": ("functions", "hundreds of gene sets in every way of asking"),
    "powers": ("powers", "how everything but networks grows with sizes, seeds and donors"),
    "overhead": ("scale", "the suite's own time per run, here and on Dask"),
    "growth": ("scale", "the runner's time and memory up to 20,000 runs"),
    "commands": ("commands", "commands that compute no run"),
    "cost": ("cost", "the paper's comparison, reckoned for this machine, 1 and 8 GPUs"),
    "runs": ("training", "whole runs, reckoned from the steps"),
}
"""Part -> module with a function of its name, and what it tells."""


@click.command("speed")
@click.option("--threads", type=click.IntRange(1), help="Threads of linear algebra  [default: all]")
@click.option("--repeats", type=click.IntRange(1), default=11, show_default=True, help="Rounds.")
@click.option("--size", type=click.Choice(list(SIZES)), default="full", show_default=True)
@click.option("--only", default=",".join(PARTS), help="Parts with commas between them.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Markdown file.")
def main(threads: int | None, repeats: int, size: str, only: str, out: Path | None) -> None:
    """Time the suite beside plain implementations of the same mathematics.

    Each pair is measured in turns in this process, so that ratios hold on a busy machine too;
    absolute times want an idle one.
    """
    parts = list(dict.fromkeys(name.strip() for name in only.split(",")))
    for name in parts:
        if name not in PARTS:
            raise click.UsageError(f"unknown part '{name}'; use {', '.join(PARTS)}")
    bench = Bench(SIZES[size], repeats, threads or cores())
    intro, sheets = machine(bench.threads, size, repeats), list[Sheet]()
    console = Console()
    console = console if console.is_terminal else Console(width=100)
    console.print(*intro, sep="\n", markup=False, highlight=False)
    write(out, intro, sheets)  # before the work, too: a folder that cannot be written to shows
    with limited_to(bench.threads):
        for part in parts:
            module, summary = PARTS[part]
            click.echo(f"measuring {part}: {summary}", err=True)
            measure: Callable[[Bench], Sheet] = getattr(import_module(f"speed.{module}"), part)
            sheets.append(measure(bench))
            print_sheet(console, sheets[-1])
            write(out, intro, sheets)


def write(out: Path | None, intro: Sequence[str], sheets: Sequence[Sheet]) -> None:
    """Write all that was measured so far."""
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(to_markdown(intro, sheets), encoding="utf-8")


def machine(threads: int, size: str, repeats: int) -> list[str]:
    """Return sentences that name the machine, its load and how the times are taken."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    (*_, cpu) = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    packages = ", ".join(
        f"{name} {_version(name)}" for name in ("torch", "torch-geometric", "numpy")
    )
    return [
        f"{cpu}, {cores()} cores; {threads} threads; "
        f"load average {os.getloadavg()[0]:.1f} at the start.",
        f"{packages}; size '{size}'.",
        f"Two ways of doing one thing are timed in turns, {repeats} rounds after a warm-up (fewer "
        "where one is very slow). Times: median ± half the distance of the quartiles. Ratios are "
        "taken within a round: median [quartiles].",
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


if __name__ == "__main__":
    main()
