"""The memory a model and its training steps take, in a process of their own."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from genearena.benchmark.run.evaluation.memory import peak_bytes, reset_peak
from genearena.data.graphs import GraphCollection
from speed.sizes import Size

_STEPS = 3

Train = Callable[[GraphCollection], None]


def memory_of(implementation: str, size: Size, edges: int, threads: int) -> int:
    """Return the bytes by which building and training MuSe-GNN raises a fresh process's peak.

    Parameters
    ----------
    implementation
        ``ours`` or ``plain``.
    size, edges
        The task.
    threads
        Threads of torch.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(increase, implementation, size, edges, threads).result()


def increase(implementation: str, size: Size, edges: int, threads: int) -> int:
    """Return the same for this process, which should have done nothing before."""
    import psutil
    import torch

    from speed.made_up import random_task

    torch.set_num_threads(threads)
    train = {"ours": _ours, "plain": _plain}[implementation]()
    # imports, threads and what torch sets up at the first step are nobody's memory
    train(random_task(2, 20, 10, 40))
    graphs = random_task(2, size.genes, size.cells, edges)
    before = int(psutil.Process().memory_info().rss)
    reset_peak()
    train(graphs)
    return peak_bytes() - before


def _ours() -> Train:
    from speed.ours import build

    def train(graphs: GraphCollection) -> None:
        ours = build("musegnn", graphs)
        for _ in range(_STEPS):
            ours.step(0)

    return train


def _plain() -> Train:
    from speed.plain.model import plain_adam, plain_step
    from speed.plain.musegnn import PlainMuSeGNN

    def train(graphs: GraphCollection) -> None:
        model = PlainMuSeGNN(graphs)
        optimizer = plain_adam(model, 1e-4, 1e-3)
        for _ in range(_STEPS):
            plain_step(model, optimizer, 0)

    return train
