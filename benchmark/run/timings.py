"""What trainings and metrics take on a task of any size, by the timings that ship with the suite.

`timings.csv` is made by `make timings`: single-threaded processor seconds on made-up tasks around
`REFERENCE`, and the power of each of its numbers that they grow with there. Another machine is
faster or slower, and far beyond the sizes that were timed the powers no longer hold: a guess.
"""

import csv
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from genearena.data.tasks import TaskCard

TABLE = Path(__file__).with_name("timings.csv")
COLUMNS = ("name", "preset", "epochs", "seconds", "graphs", "genes", "cells", "edges")


class Size(NamedTuple):
    """How large a task is: its graphs, and the mean genes, cells and edges of each."""

    graphs: float
    genes: float
    cells: float
    edges: float


def size_of(card: TaskCard) -> Size:
    """Return the size of a task."""
    n = max(1, card.n_graphs)
    cells = sum(graph.n_cells for graph in card.graphs)
    edges = sum(graph.n_edges for graph in card.graphs)
    return Size(n, card.n_rows / n, cells / n, edges / n)


REFERENCE = Size(2, 300, 350, 4500)


class Timing(NamedTuple):
    """Seconds on a task of the size `REFERENCE`, and the powers of the size they grow with.

    Trainings in epochs, which take as much each, were timed for so many; others for 1.
    """

    seconds: float
    powers: Size
    epochs: int = 1

    def on(self, size: Size) -> float:
        """Return the seconds on a task of another size."""
        parts = zip(size, REFERENCE, self.powers, strict=True)
        times: float = math.prod((max(now, 1) / then) ** power for now, then, power in parts)
        return self.seconds * times


@cache
def shipped() -> Mapping[tuple[str, str], Timing]:
    """Return the timings by method and preset; those of metrics have an empty preset."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        found = {}
        for row in csv.DictReader(file):
            powers = Size(*(float(row[part]) for part in Size._fields))
            timing = Timing(float(row["seconds"]), powers, int(row["epochs"]))
            found[row["name"], row["preset"]] = timing
    return MappingProxyType(found)


def scoring_seconds(metrics: Iterable[str], size: Size) -> float | None:
    """Return what some metrics take together, None if one of them was never timed."""
    timings = [shipped().get((name, "")) for name in metrics]
    known = [timing.on(size) for timing in timings if timing is not None]
    return sum(known) if len(known) == len(timings) else None
