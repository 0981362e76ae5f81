"""The conformance kit of data sets that plugins provide."""

import inspect
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeGuard

from genearena.data.add import add_graphs
from genearena.data.common.checks import CheckResult, check, run_all, watched_generators
from genearena.data.common.one_line import shown
from genearena.data.datasets import name_fault
from genearena.data.graphs import GraphCollection
from genearena.data.store import Store
from genearena.data.tasks import load_task, task_faults

DIM = 32
"""Length of the vectors that methods are to learn."""

Dataset = Callable[[], GraphCollection]


@check
def check_graphs(dataset: Dataset, name: str) -> Iterator[str]:
    """Check that it makes graphs, of the tissue and name that the plugin registers."""
    graphs: object = dataset()
    if not isinstance(graphs, GraphCollection):
        yield f"it gave {shown(graphs)}, want a GraphCollection"
    elif name and (fault := name_fault(graphs, name)):
        yield f"it {fault}"


@check
def check_trainable(dataset: Dataset, name: str) -> Iterator[str]:  # noqa: ARG001 - as all checks
    """Check that methods can learn from the graphs, and be scored on them."""
    yield from task_faults(dataset(), DIM)


@check
def check_repeatable(dataset: Dataset, name: str) -> Iterator[str]:  # noqa: ARG001 - as all checks
    """Check that the same graphs are made again, and no global generator is moved."""
    first = dataset().fingerprint
    with watched_generators() as touched:
        again = inspect.unwrap(dataset)().fingerprint
    if again != first:
        yield "it made other graphs the second time; draw with a seed of its own"
    for generator in touched:
        yield f"it moved the global generator of {generator}; use a generator of its own"


@check
def check_stored(dataset: Dataset, name: str) -> Iterator[str]:  # noqa: ARG001 - as all checks
    """Check that the graphs can be stored, and are the same when read again."""
    graphs = dataset()
    with tempfile.TemporaryDirectory() as folder:
        add_graphs(Store(Path(folder)), graphs)
        read = load_task(graphs.tissue, source=graphs.source, folder=Path(folder))
    if read.fingerprint != graphs.fingerprint:
        yield "graphs are others when they are read from the store"


CHECKS = (check_graphs, check_trainable, check_repeatable, check_stored)
"""Every check, in the order in which they are told."""


def is_dataset(found: object) -> TypeGuard[Dataset]:
    """Tell whether something is meant as a data set: a function without arguments."""
    return inspect.isfunction(found) and not inspect.signature(found).parameters


def run_checks(dataset: Dataset, name: str = "") -> list[CheckResult]:
    """Run every check on a data set, which is made twice; `name` is TISSUE.NAME if it has one."""
    return run_all(CHECKS, cache(dataset), name)
