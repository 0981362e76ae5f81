"""MuSe-GNN's training step beside message passing."""

from speed.bench import Bench
from speed.sheet import Sheet, measured, ratio


def measure(bench: Bench) -> Sheet:
    """Time the step at every number of edges."""
    rows = []
    for edges in bench.size.edges:
        step = bench.step("musegnn", edges)
        ours, plain = measured(step.seconds.ours), measured(step.seconds.other)
        gain = ratio(step.seconds.ratio)
        rows.append((f"{edges:,}", ours, plain, gain, f"{step.difference:.0e}"))
    size = bench.size
    return Sheet(
        f"MuSe-GNN: one training step, {size.genes} genes x {size.cells} cells",
        ("edges", "ours", "PyG", "PyG / ours", "difference"),
        tuple(rows),
        (
            "Forward, backward and Adam, for one of two graphs. PyG: TransformerConv and "
            "GraphNorm, z zᵀ written out, Adam as torch.optim has it.",
            "Difference: the largest in vectors, loss or gradients of the same step, relative.",
        ),
    )
