"""MuSe-GNN's training step against the time its matrix products alone would take."""

from speed.bench import Bench
from speed.flops import StepShape, step_flops
from speed.made_up import SHARED_GENES, random_task
from speed.sheet import Sheet, digits, duration, measured, ratio
from speed.sizes import Size
from speed.stopwatch import Comparison, Times, in_turns

_PRODUCTS = 10
# private genes that MuSe-GNN draws from a graph, where there are as many
_DRAWN = 100


def measure(bench: Bench) -> Sheet:
    """Time steps and products of n x n matrices in turns and compare per operation."""
    size = bench.size
    step, products = _times(bench)
    each = 2 * size.genes**3 * _PRODUCTS
    rows = []
    for name, factored in (("z zᵀ factored, as ours", True), ("z zᵀ written out", False)):
        flops = step_flops(_shape(size), factored=factored)
        floor = Times(tuple(flops / each * seconds for seconds in products.values))
        times = ratio(Comparison(floor, step).ratio)
        rows.append((name, f"{digits(flops / 1e9)} GFLOP", duration(floor.median), times))
    return Sheet(
        "MuSe-GNN: the arithmetic floor of a step",
        ("products of a step", "operations", "floor", "our step / floor"),
        tuple(rows),
        (
            f"Our step at {size.usual_edges:,} edges: {measured(step)}. In turns with it, float32 "
            f"products of {size.genes} x {size.genes} matrices: "
            f"{digits(each / products.median / 1e9)} GFLOP/s, the rate behind the floor.",
            "Counted: products of linear maps, decoder and contrast, forward and backward; not "
            "attention along edges, nor elementwise work.",
        ),
    )


def _shape(size: Size) -> StepShape:
    private = size.genes - round(SHARED_GENES * size.genes)
    return StepShape(size.genes, size.cells, min(_DRAWN, private))


def _times(bench: Bench) -> list[Times]:
    import torch

    from speed.ours import build

    size = bench.size
    ours = build("musegnn", random_task(2, size.genes, size.cells, size.usual_edges))
    a, b = torch.randn(2, size.genes, size.genes).unbind()

    def multiply() -> None:
        for _ in range(_PRODUCTS):
            torch.mm(a, b)

    return in_turns([lambda: ours.step(0), multiply], bench.repeats)
