"""All seeds trained as one model beside one after another."""

from speed.bench import Bench
from speed.made_up import random_task
from speed.sheet import Sheet, measured, ratio
from speed.stopwatch import side_by_side


def measure(bench: Bench) -> Sheet:
    """Time a step of all seeds of each neural method."""
    from speed.ours import NEURAL

    size = bench.size
    rows = tuple(_row(bench, method) for method in NEURAL)
    return Sheet(
        f"{size.seeds} seeds: one training step of each, {size.genes} genes x {size.cells} cells, "
        f"{size.usual_edges:,} edges",
        ("method", "as a batch", "one by one", "one by one / batch"),
        rows,
    )


def _row(bench: Bench, method: str) -> tuple[str, ...]:
    from speed.ours import batched_step, build

    size = bench.size
    graphs = random_task(2, size.genes, size.cells, size.usual_edges)
    batch = batched_step(method, graphs, range(size.seeds))
    alone = [build(method, graphs, seed) for seed in range(size.seeds)]

    def one_by_one() -> None:
        for ours in alone:
            ours.step(0)

    seconds = side_by_side(lambda: batch(0), one_by_one, bench.repeats)
    return method, measured(seconds.ours), measured(seconds.other), ratio(seconds.ratio)
