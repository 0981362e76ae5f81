"""Training steps of the neural methods: time, operations and memory."""

from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from genearena.data.graphs import GraphCollection
from genearena.methods.encoders.registry import ENCODERS
from genearena.methods.registry import METHODS
from speed.made_up import Size, random_task, usual_task
from speed.sheet import Sheet, digits, duration, measured, ratio
from speed.stopwatch import (
    EPOCHS,
    Bench,
    Comparison,
    Times,
    Work,
    in_turns,
    step_seconds,
    steps_in_turns,
)

AUTOENCODERS = ("gae", "vgae", "mae", "wsmae")
WHOLE = ("grace", "sugrl", "graphmae")
NEURAL = ("musegnn", *AUTOENCODERS)
SEEDS = 10
# of the paper's ten tissues together (its abstract)
GRAPHS_OF_TEN_TISSUES = 82
PRODUCTS = 10


@cache
def beside_plain(bench: Bench, name: str, edges: int) -> Comparison:
    """Time a method's training step beside the plain one on two graphs."""
    graphs = random_task(2, bench.size.genes, bench.size.cells, edges)
    ours = partial(METHODS.load(name), epochs=EPOCHS)
    if name == "musegnn":
        plain = partial(ours, engine="pyg")
    else:
        from speed.plain import PLAIN

        plain = partial(PLAIN[name], epochs=EPOCHS)
    return Comparison(*steps_in_turns([ours, plain], graphs, bench.repeats))


def musegnn(bench: Bench) -> Sheet:
    """Time MuSe-GNN's step at every number of edges, both engines."""
    rows = []
    for edges in bench.size.edges:
        seconds = beside_plain(bench, "musegnn", edges)
        times = measured(seconds.ours), measured(seconds.other), ratio(seconds.ratio)
        rows.append((f"{edges:,}", *times, f"{_difference(bench, edges):.0e}"))
    return Sheet(
        f"MuSe-GNN: one training step, {bench.size.genes} genes x {bench.size.cells} cells",
        ("edges", "ours", "PyG", "PyG / ours", "difference"),
        tuple(rows),
        (
            "Forward, backward and Adam, for one of two graphs: the mean of a few epochs after "
            "the first. PyG: engine='pyg', TransformerConv.",
            f"Difference: the largest of the vectors after {EPOCHS} epochs, relative to the "
            "largest entry.",
        ),
    )


def _difference(bench: Bench, edges: int) -> float:
    graphs = random_task(2, bench.size.genes, bench.size.cells, edges)
    method = METHODS.load("musegnn")
    ours, plain = (
        np.concatenate(method(epochs=EPOCHS, **engine).fit(graphs).embed())
        for engine in ({}, {"engine": "pyg"})
    )
    return float(np.abs(ours - plain).max() / np.abs(plain).max())


def autoencoders(bench: Bench) -> Sheet:
    """Time the step of each method beside the plain one."""
    size, rows = bench.size, []
    for name in AUTOENCODERS:
        seconds = beside_plain(bench, name, size.usual_edges)
        rows.append((name, measured(seconds.ours), measured(seconds.other), ratio(seconds.ratio)))
    return Sheet(
        f"Auto-encoders: one training step, {size.genes} genes x {size.cells} cells, "
        f"{size.usual_edges:,} edges",
        ("method", "ours", "plain", "plain / ours"),
        tuple(rows),
        (
            "Plain: GCNConv of PyG for gae and vgae; nn.Linear, a mask from torch.randperm (mae) "
            "and z zᵀ written out (wsmae) for the others; Adam as torch.optim has it.",
        ),
    )


def floor(bench: Bench) -> Sheet:
    """Time steps and products of n x n matrices in turns and compare per operation."""
    size = bench.size
    graphs = usual_task(size)
    steps, products = [], []
    multiply = _products(size)
    for _ in range(bench.repeats):
        steps.append(step_seconds(METHODS.load("musegnn")(epochs=EPOCHS), graphs))
        products.append(in_turns([multiply], 1)[0].median)
    step, each = Times(tuple(steps)), 2 * size.genes**3 * PRODUCTS
    rate = each / float(np.median(products))
    rows = []
    for name, engine in (("our step", {}), ("engine='pyg'", {"engine": "pyg"})):
        flops = _step_flops(graphs, **engine)
        least = Times(tuple(flops / each * seconds for seconds in products))
        times = ratio(Comparison(least, step).ratio)
        rows.append((name, f"{digits(flops / 1e9)} GFLOP", duration(least.median), times))
    return Sheet(
        "MuSe-GNN: the arithmetic floor of a step",
        ("products of a step", "operations", "floor", "our step / floor"),
        tuple(rows),
        (
            f"Our step at {size.usual_edges:,} edges: {measured(step)}. In turns with it, float32 "
            f"products of {size.genes} x {size.genes} matrices: "
            f"{digits(rate / 1e9)} GFLOP/s, the rate behind the floor.",
            "Counted by torch: matrix products, forward and backward; not attention along edges, "
            "nor elementwise work.",
        ),
    )


def _products(size: Size) -> Work:
    import torch

    a, b = torch.randn(2, size.genes, size.genes).unbind()
    return lambda: [torch.mm(a, b) for _ in range(PRODUCTS)]


def product_rate(bench: Bench) -> float:
    """Return operations per second of float32 products of n x n matrices."""
    seconds = in_turns([_products(bench.size)], bench.repeats)[0].median
    return 2 * bench.size.genes**3 * PRODUCTS / seconds


def _step_flops(graphs: GraphCollection, **engine: str) -> float:
    """Return the operations by which a training grows with an epoch, per graph."""
    from torch.utils.flop_counter import FlopCounterMode

    counted = []
    for epochs in (1, 2):
        with FlopCounterMode(display=False) as counter:
            METHODS.load("musegnn")(epochs=epochs, **engine).fit(graphs)
        counted.append(counter.get_total_flops())
    return (counted[1] - counted[0]) / len(graphs.graphs)


def memory(bench: Bench) -> Sheet:
    """Train MuSe-GNN in a fresh process per engine and number of edges."""
    rows = []
    for edges in bench.size.edges:
        sizes = (2, bench.size.genes, bench.size.cells, edges)
        ours, plain = (
            memory_of("musegnn", engine, sizes, bench.threads) / 1e6
            for engine in ({}, {"engine": "pyg"})
        )
        times = digits(plain / ours) if ours > 0 else "-"
        rows.append((f"{edges:,}", f"{ours:.0f} MB", f"{plain:.0f} MB", times))
    return Sheet(
        "MuSe-GNN: memory that a training of two epochs takes",
        ("edges", "ours", "PyG", "PyG / ours"),
        tuple(rows),
        ("Rise of the peak resident set of a process of its own, after imports and data.",),
    )


def cells(bench: Bench) -> Sheet:
    """Time and measure MuSe-GNN on graphs of more cells than genes, own and rotated profiles."""
    size, n_graphs, ways = bench.size, 4, ("own", "rotated")
    method, rows = METHODS.load("musegnn"), []
    for n_cells in size.many_cells:
        graphs = random_task(2, size.genes, n_cells, size.usual_edges)
        trainings = [partial(method, epochs=EPOCHS, features=features) for features in ways]
        steps = Comparison(*steps_in_turns(trainings, graphs, bench.repeats))
        del graphs
        sizes = (n_graphs, size.genes, n_cells, size.usual_edges)
        rises = [
            memory_of("musegnn", {"features": features}, sizes, bench.threads) / 1e6
            for features in ways
        ]
        times = measured(steps.ours), measured(steps.other)
        faster = ratio(Comparison(steps.other, steps.ours).ratio)
        rows.append((f"{n_cells:,}", *times, faster, *(f"{rise:.0f} MB" for rise in rises)))
    return Sheet(
        f"MuSe-GNN on many cells: one step, {size.genes} genes, {size.usual_edges:,} edges",
        ("cells", "own", "rotated", "own / rotated", "memory, own", "memory, rotated"),
        tuple(rows),
        (
            f"Memory: rise of the peak resident set of a process of its own in two epochs on "
            f"{n_graphs} graphs, whose profiles, 4 bytes a gene and cell, are there before.",
        ),
    )


def memory_of(
    name: str, settings: dict[str, str], sizes: tuple[int, int, int, int], threads: int
) -> int:
    """Return the bytes by which training a method raises a fresh process's peak."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_increase, name, settings, sizes, threads).result()


def _increase(
    name: str, settings: dict[str, str], sizes: tuple[int, int, int, int], threads: int
) -> int:
    import torch

    torch.set_num_threads(threads)
    method = partial(METHODS.load(name), epochs=2, **settings)
    # imports, threads and what torch sets up at the first step are nobody's memory
    method().fit(random_task(2, 20, 10, 40))
    graphs = random_task(*sizes)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins here
    before = _status("VmRSS")
    method().fit(graphs)
    return _status("VmHWM") - before


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith(f"{field}:"))
    return 1024 * int(line.split()[1])


def encoders(bench: Bench) -> Sheet:
    """Time the step and measure the memory of MuSe-GNN with every encoder, and of whole methods."""
    size, n_graphs = bench.size, 4
    graphs = usual_task(size, n_graphs)
    labels: dict[str, tuple[str, dict[str, str]]] = {
        f"musegnn, {name}": ("musegnn", {"encoder": name}) for name in ENCODERS.builtin
    }
    labels |= {name: (name, {}) for name in (*WHOLE, *AUTOENCODERS)}
    methods = [partial(METHODS.load(m), epochs=EPOCHS, **with_) for m, with_ in labels.values()]
    sizes = (n_graphs, size.genes, size.cells, size.usual_edges)
    rows = []
    for (label, (method, with_)), seconds in zip(
        labels.items(), steps_in_turns(methods, graphs, bench.repeats), strict=True
    ):
        rise = memory_of(method, with_, sizes, bench.threads) / 1e6
        rows.append((label, measured(seconds), f"{rise:.0f} MB"))
    return Sheet(
        f"Table 5's networks: one training step, {n_graphs} graphs of {size.genes} genes "
        f"x {size.cells} cells, {size.usual_edges:,} edges",
        ("network", "step", "memory"),
        tuple(rows),
        (
            "Encoders but the transformer are on torch_geometric's layers or torch's attention; "
            "the decoder is the same for all.",
            "Memory: rise of the peak resident set of a process of its own, after imports and "
            "data, in two epochs.",
        ),
    )


def runs(bench: Bench) -> Sheet:
    """Reckon step x graphs x epochs x seeds for each neural method."""
    size = bench.size
    tasks = (size.tissue_graphs, GRAPHS_OF_TEN_TISSUES)
    rows = []
    for name in NEURAL:
        epochs = METHODS.load(name).preset("paper")["epochs"]
        seconds = beside_plain(bench, name, size.usual_edges)
        per_graph = [times.median * epochs * SEEDS for times in (seconds.ours, seconds.other)]
        reckoned = [duration(graphs * each) for graphs in tasks for each in per_graph]
        rows.append((name, str(epochs), *reckoned))
    return Sheet(
        f"Whole runs under preset 'paper', reckoned: {SEEDS} seeds on one machine",
        ("method", "epochs", *(h for n in tasks for h in (f"{n} graphs, ours", "plain"))),
        tuple(rows),
        (
            "Median step x graphs x epochs x seeds, one training after another with all threads; "
            "without the second training that the new donor asks for.",
            f"{tasks[0]} graphs are the largest tissue, {tasks[1]} the ten of the paper, all of "
            f"{size.genes} genes x {size.cells} cells and {size.usual_edges:,} edges.",
        ),
    )
